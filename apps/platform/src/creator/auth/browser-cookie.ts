import type { FastifyReply, FastifyRequest } from 'fastify';
import { SESSION_LIFETIME } from '#libs/tenants';
import { SessionCookie } from '../../http/session-cookie.js';

/** Because of the prefix, browsers reject such a cookie from another host or an unencrypted page. */
const COOKIE = new SessionCookie({ name: '__Host-starwall-session', path: '/', lifetime: SESSION_LIFETIME });

/** Stores a creator's refresh token in the browser for the lifetime of a session. */
export const keepSession = (reply: FastifyReply, refreshToken: string) => COOKIE.keep(reply, refreshToken);

export const forgetSession = (reply: FastifyReply) => COOKIE.forget(reply);

/** The creator's refresh token in the browser's cookie, if there is one. */
export const keptSession = (request: Pick<FastifyRequest, 'headers'>) => COOKIE.kept(request);
