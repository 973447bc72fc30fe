import { createHmac } from 'node:crypto';

export interface Forgery {
  readonly head?: Readonly<Record<string, unknown>>;
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly secret?: Buffer;
  readonly hash?: string;
}

export interface Genuine {
  readonly token: string;
  readonly secret: Buffer;
}

const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const decoded = (part: string | undefined): object => JSON.parse(Buffer.from(part ?? '', 'base64url').toString());

/** Changes a genuine token, and signs it with the genuine key unless another one is given. */
export function forge({ token, secret }: Genuine, changes: Forgery): string {
  const [head, claims] = token.split('.');
  const parts = [
    { ...decoded(head), ...changes.head },
    { ...decoded(claims), ...changes.claims },
  ];
  const text = parts.map(encoded).join('.');
  if (changes.head?.['alg'] === 'none') return `${text}.`;
  const signature = createHmac(changes.hash ?? 'sha256', changes.secret ?? secret).update(text);
  return `${text}.${signature.digest('base64url')}`;
}
