import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits as 43 characters of base64url: nothing to guess, and no slow hash is needed to store its image. */
export const newSecret = () => randomBytes(32).toString('base64url');

export const sha256 = (text: string) => createHash('sha256').update(text).digest();
