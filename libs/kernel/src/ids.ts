import { DAY } from './clock.js';

/**
 * Public ids are TypeIDs (https://github.com/jetify-com/typeid): a prefix for the kind of thing, an underscore, and a
 * UUIDv7 as 26 characters of Crockford base32. The database stores the UUID.
 */
export const ID_PREFIXES = {
  account: 'acc',
  apiKey: 'key',
  invitation: 'inv',
  session: 'ses',
  telegramLink: 'tgl',
  tenant: 'ten',
  bot: 'bot',
  botText: 'txt',
  botImport: 'bim',
  botImportLine: 'bil',
  product: 'prod',
  productPost: 'post',
  file: 'file',
  licenceKey: 'lic',
  promoCode: 'promo',
  chat: 'chat',
  chatAccess: 'cha',
  paidLink: 'plk',
  order: 'ord',
  orderView: 'ovw',
  buyerView: 'bvw',
  charge: 'chg',
  strayPayment: 'stp',
  refund: 'ref',
  subscription: 'sub',
  entitlement: 'ent',
  event: 'evt',
  endpoint: 'we',
  delivery: 'whd',
  job: 'job',
  creditLot: 'lot',
  creditDebit: 'dbt',
  creditReservation: 'rsv',
  creditEntry: 'cen',
  supportThread: 'sth',
  supportMessage: 'smsg',
  reconciliation: 'rec',
  spending: 'spd',
  businessConnection: 'bcn',
  erasure: 'ers',
  closure: 'clo',
  staff: 'stf',
  auditEntry: 'aud',
  impersonation: 'imp',
  request: 'req',
} as const;

export type IdKind = keyof typeof ID_PREFIXES;

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const VALUE = new Map([...ALPHABET].map((char, value) => [char, BigInt(value)]));

const LAST_TIME = 2 ** 48 - 1;

/** The time of the newest id, and the number of earlier ids with the same time. */
const newest = { time: -1, count: 0 };

/**
 * A new UUIDv7: 48 bits of Unix milliseconds, a 12-bit counter within the millisecond, 62 random bits. Ids of one
 * process sort in order of creation (RFC 9562, 6.2, method 1), up to about 2,000 in a millisecond. They cannot be
 * guessed.
 * @param time clamped to the range of 48 bits
 */
export function newUuid(time: number = Date.now()): string {
  const now = Math.min(Math.max(time, 0), LAST_TIME);
  const random = crypto.randomUUID();
  newest.count =
    now === newest.time ? Math.min(newest.count + 1, 0xfff) : Number.parseInt(random.slice(15, 18), 16) & 0x7ff;
  newest.time = now;
  const [hex, counter] = [now.toString(16).padStart(12, '0'), newest.count.toString(16).padStart(3, '0')];
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7${counter}-${random.slice(19)}`;
}

/** A new UUIDv7 with the time of another one, so that related rows are in partitions of the same period. */
export const newUuidBeside = (uuid: string): string => `${uuid.slice(0, 18)}-${crypto.randomUUID().slice(19)}`;

/**
 * Returns bounds of the ids created in a period. Ids sort by time, up to differences between clocks, so both ends
 * include an extra day: the bounds narrow a search, and the row's own time decides.
 */
export const idsMadeIn = (from: Date | undefined, to: Date | undefined) => ({
  first: from && newUuid(from.getTime() - DAY),
  last: to && newUuid(to.getTime() + DAY),
});

/** `ord_01h2xcejqtf2nbrexx3vqjhp41` from a UUID. @throws RangeError when `uuid` is not a UUID. */
export function publicId(kind: IdKind, uuid: string): string {
  const hex = uuid.replaceAll('-', '');
  if (!/^[0-9a-f]{32}$/i.test(hex)) throw new RangeError('not a UUID');
  // 26 characters hold 130 bits: two for the first byte, with two bits to spare, then four for every five hex digits.
  let text = charsOf(hex.slice(0, 2), 2);
  for (let i = 2; i < 32; i += 5) text += charsOf(hex.slice(i, i + 5), 4);
  return `${ID_PREFIXES[kind]}_${text}`;
}

/** Returns the public id of an optional reference. */
export const idOrNull = (kind: IdKind, uuid: string | null) => (uuid === null ? null : publicId(kind, uuid));

function charsOf(hex: string, count: number): string {
  const bits = Number.parseInt(hex, 16);
  let text = '';
  for (let i = count - 1; i >= 0; i -= 1) text += ALPHABET.charAt((bits >>> (5 * i)) & 31);
  return text;
}

/** The UUID of a public id; undefined when it is not a well-formed id of that kind. */
export function parseId(kind: IdKind, id: string): string | undefined {
  const prefix = `${ID_PREFIXES[kind]}_`;
  const text = id.slice(prefix.length);
  if (!id.startsWith(prefix) || !/^[0-7][0-9a-hjkmnp-tv-z]{25}$/.test(text)) return undefined;
  let value = 0n;
  for (const char of text) value = (value << 5n) | (VALUE.get(char) ?? 0n);
  const hex = value.toString(16).padStart(32, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
