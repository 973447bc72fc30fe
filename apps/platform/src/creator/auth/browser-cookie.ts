import { SESSION_LIFETIME } from '#libs/tenants';
import { SessionCookie } from '../../http/session-cookie.js';

/** Holds a creator's session. Its prefix makes browsers reject it from another host or an unencrypted page. */
export const CREATOR_COOKIE = new SessionCookie({
  name: '__Host-starwall-session',
  path: '/',
  lifetime: SESSION_LIFETIME,
});
