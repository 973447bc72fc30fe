import { createHash, randomBytes } from 'node:crypto';

/** Returns 256 random bits as 43 characters of base64url: impossible to guess, so storing a fast hash is enough. */
export const newSecret = () => randomBytes(32).toString('base64url');

export const sha256 = (text: string) => createHash('sha256').update(text).digest();
