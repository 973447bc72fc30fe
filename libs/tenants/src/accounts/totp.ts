import { createHash, randomInt } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';

/**
 * Steps of 30 seconds before and after now whose codes are also accepted, because clocks differ (RFC 6238, section
 * 5.2).
 */
const WINDOW = 1;
const SEED_BYTES = 20;

/** SHA-1, six digits, 30 seconds: supported by every authenticator app. */
const totp = (seed: string, label = '') =>
  new TOTP({ issuer: 'Starwall', label, algorithm: 'SHA1', digits: 6, period: 30, secret: Secret.fromBase32(seed) });

/** 160 random bits as base32. Store it encrypted. */
export const newTotpSeed = () => new Secret({ size: SEED_BYTES }).base32;

/** The address that an authenticator app reads from a QR code. @param label its owner, usually an email address */
export const totpAddress = (seed: string, label: string) => totp(seed, label).toString();

/**
 * Returns the time step of a code. Store it as the last one together with the change that the code protects: then no
 * code is accepted twice, nor one older than the last.
 * @param lastStep of the last accepted code; null when there is none
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

/** Ten single-use codes for a lost phone, of 79 random bits each: `abcd-efgh-jkmn-pqrs`. */
export const newRecoveryCodes = () => Array.from({ length: RECOVERY_CODES }, newRecoveryCode);

function newRecoveryCode(): string {
  const letters = Array.from({ length: RECOVERY_LETTERS }, () => ALPHABET.charAt(randomInt(ALPHABET.length)));
  return letters.join('').match(/.{4}/g)?.join('-') ?? '';
}

/** The stored hash of a recovery code. Capitals, blanks and dashes do not matter. */
export const recoveryHash = (code: string) =>
  createHash('sha256').update(code.toLowerCase().replaceAll(/[\s-]/g, '')).digest();
