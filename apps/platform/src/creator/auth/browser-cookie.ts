import { SESSION_LIFETIME } from '#libs/tenants';
import { SessionCookie } from '../../http/session-cookie.js';

/** Of creators. Because of the prefix, browsers reject such a cookie from another host or an unencrypted page. */
export const CREATOR_COOKIE = new SessionCookie({
  name: '__Host-starwall-session',
  path: '/',
  lifetime: SESSION_LIFETIME,
});
