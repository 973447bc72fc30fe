import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits as 43 characters of base64url: impossible to guess, so a fast hash is enough to store it. */
export const newSecret = () => randomBytes(32).toString('base64url');

export const sha256 = (text: string) => createHash('sha256').update(text).digest();
