import { createHash, randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';

/** Steps of 30 seconds before and after now whose codes count as well, because clocks differ (RFC 6238, section 5.2). */
const WINDOW = 1;
const SEED_BYTES = 20;

/** SHA-1, six digits, 30 seconds: what every authenticator app understands. */
const totp = (seed: string, label = '') =>
  new TOTP({ issuer: 'Starwall', label, algorithm: 'SHA1', digits: 6, period: 30, secret: Secret.fromBase32(seed) });

/** 160 random bits as base32. Keep it sealed. */
export const newTotpSeed = () => new Secret({ size: SEED_BYTES }).base32;

/** What an authenticator app reads from a QR code. @param label whose it is, usually an e-mail address */
export const totpAddress = (seed: string, label: string) => totp(seed, label).toString();

/**
 * Which time step a code belongs to. Store it as the last one together with whatever the code opens: then no code counts twice,
 * nor does one that is older than the last.
 * @param lastStep of the code that counted last; null when none has
 * @returns undefined when the code is wrong, too old, too new or used
 */
export function totpStep(seed: string, code: string, now: Date, lastStep: number | null): number | undefined {
  const one = totp(seed);
  const delta = one.validate({ token: code, timestamp: now.getTime(), window: WINDOW });
  if (delta === null) return undefined;
  const step = one.counter({ timestamp: now.getTime() }) + delta;
  return lastStep !== null && step <= lastStep ? undefined : step;
}

const RECOVERY_CODES = 10;
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';
const RECOVERY_LETTERS = 16;

/** Ten codes for the day on which the phone is gone, of 79 random bits each: `abcd-efgh-jkmn-pqrs`. Each is for one use. */
export const newRecoveryCodes = () => Array.from({ length: RECOVERY_CODES }, newRecoveryCode);

function newRecoveryCode(): string {
  const letters: string[] = [];
  while (letters.length < RECOVERY_LETTERS) {
    // Bytes beyond the last whole multiple would make some letters likelier than others.
    for (const byte of randomBytes(RECOVERY_LETTERS)) {
      if (byte < 256 - (256 % ALPHABET.length)) letters.push(ALPHABET.charAt(byte % ALPHABET.length));
    }
  }
  return letters.slice(0, RECOVERY_LETTERS).join('').match(/.{4}/g)?.join('-') ?? '';
}

/** What is stored of a recovery code. Capitals, blanks and dashes do not matter. */
export const recoveryHash = (code: string) =>
  createHash('sha256').update(code.toLowerCase().replaceAll(/[\s-]/g, '')).digest();
