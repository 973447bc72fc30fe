import type { TenantTx } from '#libs/database';
import { type AuditStore, type NewAuditEntry, NOWHERE } from '#libs/journal';
import { type LinkedMember, ROLE_SCOPES, type Scope } from '#libs/tenants';
import { DESK_COMMANDS, type DeskCommand } from '#libs/texts';
import type { ShopContext } from '../bot/scope.js';
import { DESK_TEXTS, type DeskTexts } from './desk-texts.js';

/** The texts for the person who wrote or pressed a button. */
export const textsFor = (ctx: ShopContext): DeskTexts => DESK_TEXTS[ctx.words.language];

/** True when the member's role has the scope that the API requires for the same action. */
export const may = ({ role }: Pick<LinkedMember, 'role'>, scope: Scope) => ROLE_SCOPES[role].includes(scope);

/** The scope that each command needs. */
const COMMAND_SCOPES: Readonly<Record<DeskCommand, Scope>> = {
  sales: 'orders:read',
  refund: 'refunds:write',
  alerts: 'endpoints:write',
};

/** The commands that a member's role allows. */
export const commandsOf = (member: Pick<LinkedMember, 'role'>): readonly DeskCommand[] =>
  DESK_COMMANDS.filter((command) => may(member, COMMAND_SCOPES[command]));

/** Records an action of a member in the chat, as the API records the same operation. */
export function recordAction(
  tx: TenantTx,
  audit: AuditStore,
  accountId: string,
  { action, targets }: Pick<NewAuditEntry, 'action' | 'targets'>,
): Promise<string> {
  const actor = { kind: 'account', id: accountId } as const;
  return audit.record(tx, { action, actor, via: 'telegram', targets, context: NOWHERE });
}
