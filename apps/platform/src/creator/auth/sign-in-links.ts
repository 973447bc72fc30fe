import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';

const BYTES = 24;

interface Account {
  readonly email: string;
  readonly password: string;
}

const digestOf = (code: string) => createHash('sha256').update(code).digest();

/** One-time codes in this process's memory, each of which signs one account in. */
@Injectable()
export class SignInLinks {
  private readonly open: { readonly digest: Buffer; readonly account: Account }[] = [];

  /** @returns a code for one sign-in */
  issue(account: Account): string {
    const code = randomBytes(BYTES).toString('base64url');
    this.open.push({ digest: digestOf(code), account });
    return code;
  }

  /** Consumes a code. @returns its account; undefined if the code is unknown or was used */
  use(code: string): Account | undefined {
    const digest = digestOf(code);
    const at = this.open.findIndex((link) => timingSafeEqual(link.digest, digest));
    return at < 0 ? undefined : this.open.splice(at, 1)[0]?.account;
  }
}
