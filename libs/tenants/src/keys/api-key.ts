import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { DAY, DomainError } from '#libs/kernel';
import type { Scope } from '../accounts/scope.js';

/** Maximum lifetime of a key with an expiry, in milliseconds. */
export const MAX_KEY_LIFETIME = 365 * DAY;

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const RANDOM_BYTES = 32;
/** Base-62 digits for 256 bits, and for 32 bits. */
const RANDOM_LENGTH = 43;
const CHECKSUM_LENGTH = 6;
const SHAPE = new RegExp(`^sw_(?:live|test)_[0-9A-Za-z]{${RANDOM_LENGTH + CHECKSUM_LENGTH}}$`);

const prefixOf = (livemode: boolean) => (livemode ? 'sw_live_' : 'sw_test_');

function base62(value: bigint, length: number): string {
  let [rest, text] = [value, ''];
  while (text.length < length) {
    text = DIGITS.charAt(Number(rest % 62n)) + text;
    rest /= 62n;
  }
  return text;
}

const checksumOf = (text: string) => base62(BigInt(crc32(text)), CHECKSUM_LENGTH);

/**
 * `sw_live_` or `sw_test_`, 32 random bytes in base 62, and the CRC-32 of all that in base 62: scanners for leaked keys
 * can distinguish a real key from similar text.
 * @param livemode true if Stars are real
 */
export function newApiKey(livemode: boolean): string {
  const random = base62(BigInt(`0x${randomBytes(RANDOM_BYTES).toString('hex')}`), RANDOM_LENGTH);
  const text = `${prefixOf(livemode)}${random}`;
  return text + checksumOf(text);
}

/** True when `text` is meant as an API key, well-formed or not. Access tokens never begin this way. */
export const looksLikeApiKey = (text: string) => text.startsWith('sw_');

/** True when `text` is well-formed, has the right checksum, and is for this mode. It may still be unknown. */
export const isApiKey = (text: string, livemode: boolean) =>
  SHAPE.test(text) &&
  text.startsWith(prefixOf(livemode)) &&
  checksumOf(text.slice(0, -CHECKSUM_LENGTH)) === text.slice(-CHECKSUM_LENGTH);

export type ApiKeyState = 'active' | 'expired' | 'revoked';

/** Returns a key's state. A revoked key stays revoked after its expiry. */
export function stateOfKey(
  key: { readonly expiresAt: Date | null; readonly revokedAt: Date | null },
  now: Date,
): ApiKeyState {
  if (key.revokedAt !== null) return 'revoked';
  return key.expiresAt !== null && key.expiresAt <= now ? 'expired' : 'active';
}

export class ScopeNotYours extends DomainError {
  static readonly code = 'scope_not_yours';
  static readonly refusal = 'forbidden';
  readonly remedy = 'Request scopes that your own role has. API keys never have those for keys, members and sessions.';

  constructor(scopes: readonly Scope[]) {
    super(`You cannot give an API key these scopes: ${scopes.join(', ')}.`);
  }
}

export class KeyExpiryInvalid extends DomainError {
  static readonly code = 'key_expiry_invalid';
  static readonly refusal = 'invalid';
  readonly remedy = 'Send a time in the future, at most 365 days from now, or omit it for a key that does not expire.';
  override readonly errors = [{ path: 'expires_at', message: 'must be in the future, at most 365 days from now' }];

  constructor() {
    super('The expiry of the key is not valid.');
  }
}
