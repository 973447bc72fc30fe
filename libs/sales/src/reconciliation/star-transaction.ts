import { createHash } from 'node:crypto';
import type { StarTransaction, TransactionPartner } from 'grammy/types';
import { isPersonId } from '../charges/payment.js';

export type Direction = 'in' | 'out';

export const TRANSACTION_KINDS = [
  'invoice_payment',
  'paid_media_payment',
  'gift_purchase',
  'premium_purchase',
  'business_account_transfer',
  'chat',
  'affiliate_program',
  'withdrawal',
  'telegram_ads',
  'telegram_api',
  'other',
] as const;

export type TransactionKind = (typeof TRANSACTION_KINDS)[number];

export type Withdrawal = 'pending' | 'succeeded' | 'failed';

/** One row of Telegram's list (Bot API, StarTransaction), in our terms and without names. */
export interface Listed {
  /** The charge id of a payment. A refund has the same one, in the other direction. */
  readonly id: string;
  readonly direction: Direction;
  readonly kind: TransactionKind;
  /** Whole Stars; never negative, the direction is the sign. */
  readonly amount: number;
  /** Additional billionths of a Star, from 0 to 999,999,999. */
  readonly nanostars: number;
  readonly buyerId: number | null;
  readonly payload: string | null;
  readonly withdrawal: Withdrawal | null;
  readonly occurredAt: Date;
  /** The row as received, without personal names, pictures and titles. */
  readonly raw: object;
  /** The reason why it cannot be counted; null when it can. */
  readonly problem: string | null;
}

/** The progress of reading a list. */
export interface ListCursor {
  readonly rowsRead: number;
  /** The last row that was read, and its time; null before the first. */
  readonly lastKey: string | null;
  readonly lastAt: Date | null;
  /** Being read again from the start, accepting rows in any order, because the order was wrong. */
  readonly rereading: boolean;
}

export const START: ListCursor = { rowsRead: 0, lastKey: null, lastAt: null, rereading: false };

/** Rows are identified by id and direction. */
export const keyOf = (row: Pick<Listed, 'id' | 'direction'>) => `${row.direction}:${row.id}`;

/** Maximum number of rows in one response (Bot API, getStarTransactions). */
export const PAGE = 100;

/** The offset for the next page: it includes the last known row, to check that the list is still in the same order. */
export const readFrom = (cursor: ListCursor) =>
  cursor.rereading || cursor.rowsRead === 0 ? cursor.rowsRead : cursor.rowsRead - 1;

/**
 * Telegram's server lists a bot's transactions oldest first, but its documentation does not promise that. So each page
 * is compared with known rows.
 * @param page read at {@link readFrom}
 * @param known keys of rows on this page that were read before
 * @returns the reason why the order is wrong, or undefined
 */
export function disorder(cursor: ListCursor, page: readonly Listed[], known: ReadonlySet<string>): string | undefined {
  const [first] = page;
  if (cursor.rereading) return undefined;
  if (cursor.lastKey !== null && (first === undefined || keyOf(first) !== cursor.lastKey)) {
    return 'the row that was read last is no longer in its place';
  }
  const fresh = freshRows(cursor, page);
  const seen = new Set<string>();
  let latest = cursor.lastAt?.getTime() ?? Number.NEGATIVE_INFINITY;
  for (const row of fresh) {
    const key = keyOf(row);
    if (known.has(key) || seen.has(key)) return 'a row came a second time';
    seen.add(key);
    // An unreadable row may have no date.
    if (row.problem !== null) continue;
    if (row.occurredAt.getTime() < latest) return 'the dates are not ascending';
    latest = row.occurredAt.getTime();
  }
  return undefined;
}

/** The rows of a page after the known one. */
export const freshRows = (cursor: ListCursor, page: readonly Listed[]) =>
  cursor.rereading || cursor.lastKey === null ? page : page.slice(1);

/** True if no row followed this page when it was read. */
export const isLast = (page: readonly Listed[]) => page.length < PAGE;

/** The cursor after a page in the right order. */
export function advance(cursor: ListCursor, page: readonly Listed[]): ListCursor {
  const fresh = freshRows(cursor, page);
  const last = fresh.at(-1);
  const rereading = cursor.rereading && !isLast(page);
  if (last === undefined) return { ...cursor, rereading };
  const dated = fresh.findLast((row) => row.problem === null)?.occurredAt;
  const lastAt = dated ?? cursor.lastAt ?? last.occurredAt;
  return { rowsRead: cursor.rowsRead + fresh.length, lastKey: keyOf(last), lastAt, rereading };
}

/**
 * Parses a row. One without an id, a date or a countable amount becomes `other` with a `problem`, so that reading can
 * continue.
 */
export function readTransaction(row: StarTransaction): Listed {
  const { id, amount, nanostar_amount: nanostars = 0, date } = row;
  if (!isId(id)) return unreadable(row, 'it has no id that can be stored');
  if (!isCount(amount) || !isCount(nanostars) || nanostars > 999_999_999) {
    return unreadable(row, 'its amount cannot be counted');
  }
  if (!isCount(date) || date > LAST_SECOND) return unreadable(row, 'its date cannot be read');
  const partner = row.receiver ?? row.source;
  return {
    id,
    direction: row.receiver === undefined ? 'in' : 'out',
    kind: kindOf(partner),
    amount,
    nanostars,
    buyerId: partner?.type === 'user' && isPersonId(partner.user.id) ? partner.user.id : null,
    payload: partner?.type === 'user' ? payloadOf(partner) : null,
    withdrawal: partner?.type === 'fragment' ? withdrawalOf(partner.withdrawal_state?.type) : null,
    occurredAt: new Date(date * 1_000),
    raw: withoutNames(row) as object,
    problem: null,
  };
}

/** The readable part of a row; the same row gives the same key. */
function unreadable(row: StarTransaction, problem: string): Listed {
  const raw = withoutNames(row) as object;
  const { id, amount, nanostar_amount: nanostars, date, receiver } = row;
  const hash = createHash('sha256').update(JSON.stringify(raw)).digest('hex');
  return {
    id: isId(id) ? id : `unreadable-${hash}`,
    direction: receiver === undefined ? 'in' : 'out',
    kind: 'other',
    amount: isCount(amount) ? amount : 0,
    nanostars: isCount(nanostars) && nanostars <= 999_999_999 ? nanostars : 0,
    buyerId: null,
    payload: null,
    withdrawal: null,
    occurredAt: new Date(isCount(date) && date <= LAST_SECOND ? date * 1_000 : 0),
    raw,
    problem,
  };
}

function payloadOf(user: Extract<TransactionPartner, { type: 'user' }>): string | null {
  const payload = user.invoice_payload ?? user.paid_media_payload;
  return payload === undefined ? null : withoutNul(payload);
}

const isId = (value: unknown): value is string => typeof value === 'string' && value !== '' && !value.includes('\0');

/** The last second of the year 9999. */
const LAST_SECOND = 253_402_300_799;

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

/** Kinds that this version does not know become `other`: they still count towards the balance. */
function kindOf(partner: TransactionPartner | undefined): TransactionKind {
  const name = partner?.type === 'user' ? partner.transaction_type : partner?.type;
  if (name === 'fragment') return 'withdrawal';
  return TRANSACTION_KINDS.find((kind) => kind === name) ?? 'other';
}

function withdrawalOf(state: string | undefined): Withdrawal | null {
  return state === 'pending' || state === 'succeeded' || state === 'failed' ? state : null;
}

const withoutNul = (text: string) => text.replaceAll('\0', '\uFFFD');

/** Names and pictures of people and chats, and other identifying fields except the id. */
const PERSONAL = new Set([
  'first_name',
  'last_name',
  'username',
  'title',
  'language_code',
  'is_premium',
  'photo',
  'paid_media',
  'sticker',
]);

/**
 * The same value without the fields of {@link PERSONAL}, at any depth, and without NUL, which PostgreSQL cannot store.
 */
export function withoutNames(value: unknown): unknown {
  if (typeof value === 'string') return withoutNul(value);
  if (Array.isArray(value)) return value.map(withoutNames);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([name]) => !PERSONAL.has(name));
  return Object.fromEntries(kept.map(([name, inner]) => [name, withoutNames(inner)]));
}
