import { parseCookie, stringifySetCookie } from 'cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { SECOND } from '#libs/kernel';
import { SESSION_LIFETIME } from '#libs/tenants';

/** Because of the prefix, browsers reject such a cookie from another host or an unencrypted page. */
const NAME = '__Host-starwall-session';
const LONGEST = 200;

const attributes = { path: '/', httpOnly: true, secure: true, sameSite: 'strict' } as const;

/** Stores a refresh token in the browser for the lifetime of a session, out of reach of scripts and other sites. */
export function keepSession(reply: FastifyReply, refreshToken: string): void {
  const cookie = { ...attributes, name: NAME, value: refreshToken, maxAge: SESSION_LIFETIME / SECOND };
  void reply.header('set-cookie', stringifySetCookie(cookie));
}

export function forgetSession(reply: FastifyReply): void {
  void reply.header('set-cookie', stringifySetCookie({ ...attributes, name: NAME, value: '', maxAge: 0 }));
}

/** The refresh token in the browser's cookie, if there is one. */
export function keptSession({ headers }: Pick<FastifyRequest, 'headers'>): string | undefined {
  const token = parseCookie(headers.cookie ?? '')[NAME];
  return token === undefined || token === '' || token.length > LONGEST ? undefined : token;
}
