import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, type KeyObject, randomBytes } from 'node:crypto';

const NONCE_BYTES = 12;
/** Without an explicit length, Node accepts tags as short as four bytes. */
const TAG_BYTES = 16;

export const KEY_BYTES = 32;
/** Bytes that sealing adds to a plaintext, without the head. */
export const SEAL_BYTES = NONCE_BYTES + TAG_BYTES;

/** Wraps a key so that loggers and `util.inspect` do not see its bytes. */
export const keyOf = (bytes: Buffer): KeyObject => createSecretKey(bytes);

export const newKeyBytes = (): Buffer => randomBytes(KEY_BYTES);

/** Derives a key for one purpose (HKDF-SHA256). */
export const derived = (key: Buffer, purpose: string, bytes: number): Buffer =>
  Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), `starwall:${purpose}`, bytes));

const associatedData = (head: Buffer, context: string) => Buffer.concat([head, Buffer.from(context)]);

/**
 * Seals with AES-256-GCM and a random nonce. Layout: head, nonce (12 bytes), tag (16), ciphertext. Head and context
 * are authenticated; the context is not part of the result.
 */
export function sealWith(key: KeyObject, plaintext: Buffer, head: Buffer, context: string): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(associatedData(head, context));
  const body = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return Buffer.concat([head, nonce, cipher.getAuthTag(), body]);
}

/** @returns undefined when it was sealed with another key, head or context, or was changed or truncated */
export function openWith(key: KeyObject, sealed: Buffer, headBytes: number, context: string): Buffer | undefined {
  const [tagAt, bodyAt] = [headBytes + NONCE_BYTES, headBytes + SEAL_BYTES];
  if (sealed.length < bodyAt) return undefined;
  const nonce = sealed.subarray(headBytes, tagAt);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(associatedData(sealed.subarray(0, headBytes), context));
  decipher.setAuthTag(sealed.subarray(tagAt, bodyAt));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(bodyAt)), decipher.final()]);
  } catch {
    return undefined;
  }
}
