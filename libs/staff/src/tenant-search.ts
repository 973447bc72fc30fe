import { likeLiteral } from '#libs/database';
import { type IdKind, parseId } from '#libs/kernel';

/** The meaning of a search text. Each kind is looked up in its own columns, all of them indexed. */
export type TenantQuery =
  | { readonly by: 'email' | 'username' | 'charge' | 'name'; readonly text: string }
  | { readonly by: 'telegram'; readonly id: number }
  | { readonly by: 'tenant' | 'bot' | 'order' | 'charge_id'; readonly id: string };

const IDS = [
  ['tenant', 'tenant'],
  ['bot', 'bot'],
  ['order', 'order'],
  ['charge', 'charge_id'],
] as const satisfies readonly (readonly [IdKind, TenantQuery['by']])[];

/** Telegram's charge ids have more than 20 characters and no spaces. */
const CHARGE = /^[A-Za-z0-9_-]{20,}$/;
const USERNAME = /^@?\w{3,32}bot$/i;

/**
 * Interprets the text that staff typed: one of our ids, an email address, a bot, a Telegram id, a Telegram charge
 * id; otherwise the beginning of a name.
 */
export function readTenantQuery(typed: string): TenantQuery {
  const text = typed.trim();
  for (const [kind, by] of IDS) {
    const id = parseId(kind, text);
    if (id !== undefined) return { by, id };
  }
  if (text.indexOf('@') > 0 && !/\s/.test(text)) return { by: 'email', text: text.toLowerCase() };
  if (text.startsWith('@') || USERNAME.test(text))
    return { by: 'username', text: text.replace(/^@/, '').toLowerCase() };
  if (/^[1-9]\d{4,15}$/.test(text) && Number.isSafeInteger(Number(text))) return { by: 'telegram', id: Number(text) };
  return CHARGE.test(text) ? { by: 'charge', text } : { by: 'name', text: text.toLowerCase() };
}

/** A `like` pattern for texts that begin with this one. */
export const beginsWith = (text: string) => `${likeLiteral(text)}%`;
