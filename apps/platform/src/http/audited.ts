import type { FastifyRequest } from 'fastify';
import type { AuditActor, AuditContext, NewAuditEntry } from '#libs/journal';
import { ID_PREFIXES, type IdKind, parseId } from '#libs/kernel';
import type { CreatorSession, StaffSession } from './audience.js';

type Asked = Pick<FastifyRequest, 'params' | 'body'>;

const KINDS = Object.keys(ID_PREFIXES) as IdKind[];

const isPublicId = (value: unknown): value is string =>
  typeof value === 'string' && KINDS.some((kind) => parseId(kind, value) !== undefined);

/** Returns our ids in the path; others, for example a buyer's Telegram id, are left out. */
const pathTargets = ({ params }: Asked): string[] => Object.values((params ?? {}) as object).filter(isPublicId);

/** Returns the id of a created object: the one in the response, unless the path contains it. */
export function madeBy(answer: unknown, named: readonly string[]): readonly string[] {
  const id = (answer as { id?: unknown } | null | undefined)?.id;
  return isPublicId(id) && !named.includes(id) ? [id] : [];
}

/** Returns the workspace in the path. */
export const tenantIn = (request: Asked): string | undefined =>
  pathTargets(request)
    .map((id) => parseId('tenant', id))
    .find((id) => id !== undefined);

function actorOf({ via, credentialId, accountId }: CreatorSession): AuditActor {
  if (via === 'api_key') return { kind: 'api_key', id: credentialId };
  return { kind: via === 'impersonation' ? 'staff' : 'account', id: accountId };
}

export const entryOfCreator = (
  action: string,
  who: CreatorSession,
  request: Asked,
  context: AuditContext,
): NewAuditEntry => ({
  action,
  actor: actorOf(who),
  via: who.via,
  targets: pathTargets(request),
  context,
});

/** Builds the entry of an action by staff. They give the reason in the body; the affected workspace sees it. */
export function entryOfStaff(action: string, who: StaffSession, request: Asked, context: AuditContext): NewAuditEntry {
  const reason = (request.body as { reason?: unknown } | null | undefined)?.reason;
  const said = typeof reason === 'string' && reason.trim() !== '' && reason.length <= 500 ? reason : undefined;
  const actor = { kind: 'staff', id: who.staffId } as const;
  return { action, actor, via: 'staff', targets: pathTargets(request), reason: said, context };
}
