import type { Schema } from '#libs/client';
import { useTexts } from '../../texts';
import { ACTION_TEXTS } from '../../texts/audit-actions';
import { useColleague } from '../api/me';
import { AUDIT_TEXTS } from '../texts/audit';

type Entry = Schema<'AuditEntry'>;
type Member = Schema<'StaffTenant'>['members'][number];

/** The name of an action in the viewer's language; an unknown one by its operation. */
export function useActionName(): (action: string) => string {
  const { actions } = useTexts(AUDIT_TEXTS);
  const known: Readonly<Record<string, string>> = { ...useTexts(ACTION_TEXTS), ...actions };
  return (action) => known[action] ?? capital(action.replaceAll('_', ' '));
}

const capital = (words: string) => `${words.charAt(0).toUpperCase()}${words.slice(1)}`;

const TAIL = 6;

/**
 * Names the actor of an entry, if this role may know it.
 * @param members of the workspace, if they are loaded
 */
export function useActorName(members: readonly Member[] = []): (actor: Entry['actor']) => string {
  const texts = useTexts(AUDIT_TEXTS);
  const colleague = useColleague();
  return ({ kind, id }) => {
    if (id === null) return texts.actors.command;
    if (kind === 'staff') return colleague(id) ?? `${texts.actors.staff} …${id.slice(-TAIL)}`;
    const member = members.find(({ account_id: account }) => account === id);
    return member?.email ?? `${texts.actors[kind]} …${id.slice(-TAIL)}`;
  };
}
