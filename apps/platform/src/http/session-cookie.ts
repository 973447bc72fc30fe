import { parseCookie, stringifySetCookie } from 'cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { SECOND } from '#libs/kernel';

const LONGEST = 200;

interface CookieFacts {
  /** Browsers check its prefix: `__Host-` or `__Secure-`. */
  readonly name: string;
  /** Browsers send the cookie only with requests to addresses below. */
  readonly path: string;
  /** Milliseconds. */
  readonly lifetime: number;
}

/** A cookie for a refresh token: out of reach of scripts, of other sites, and of unencrypted pages. */
export class SessionCookie {
  constructor(private readonly facts: CookieFacts) {}

  keep(reply: FastifyReply, refreshToken: string): void {
    this.set(reply, refreshToken, this.facts.lifetime / SECOND);
  }

  forget(reply: FastifyReply): void {
    this.set(reply, '', 0);
  }

  /** Returns the refresh token in the browser's cookie, if there is one. */
  kept({ headers }: Pick<FastifyRequest, 'headers'>): string | undefined {
    const token = parseCookie(headers.cookie ?? '')[this.facts.name];
    return token === undefined || token === '' || token.length > LONGEST ? undefined : token;
  }

  private set(reply: FastifyReply, value: string, maxAge: number): void {
    const { name, path } = this.facts;
    const cookie = { name, value, maxAge, path, httpOnly: true, secure: true, sameSite: 'strict' } as const;
    void reply.header('set-cookie', stringifySetCookie(cookie));
  }
}
