/** The rights of credentials, by the names that routes use. */
export const SCOPES = [
  'bots:read',
  'bots:write',
  'products:read',
  'products:write',
  'orders:read',
  'orders:write',
  'refunds:write',
  // Gifts, Premium and transfers: Stars that are spent irrevocably.
  'spending:write',
  'support:read',
  'support:write',
  'credits:read',
  'credits:write',
  'endpoints:read',
  'endpoints:write',
  'buyers:erase',
  'usage:read',
  'export:read',
  'workspace:write',
  'keys:read',
  'keys:write',
  'members:read',
  'members:write',
  'audit:read',
  // The member's own session and profile: every member may end the former and read the latter.
  'self',
] as const;

export type Scope = (typeof SCOPES)[number];

/** Changes of bots, products or endpoints: closed with the capability `configure`. */
export const CONFIGURES: readonly Scope[] = ['bots:write', 'products:write', 'endpoints:write'];

/** The scopes of impersonating staff. Exporting everything is a separate permission. */
export const IMPERSONATION_SCOPES: readonly Scope[] = SCOPES.filter(
  (scope) => scope.endsWith(':read') && scope !== 'export:read',
);

export type Role = 'owner' | 'admin' | 'support' | 'viewer';

const READ: readonly Scope[] = [
  'self',
  'bots:read',
  'products:read',
  'orders:read',
  'credits:read',
  'endpoints:read',
  'usage:read',
];

/** Exporting or closing the whole workspace. */
const OWNERS_ONLY: readonly Scope[] = ['export:read', 'workspace:write'];

/** The scopes of each role of a workspace. */
export const ROLE_SCOPES: Readonly<Record<Role, readonly Scope[]>> = {
  owner: SCOPES,
  // The members that an admin may invite, change and remove are defined in member.ts.
  admin: SCOPES.filter((scope) => !OWNERS_ONLY.includes(scope)),
  // Only those who answer buyers' messages can read them, so viewers cannot.
  support: [...READ, 'orders:write', 'refunds:write', 'credits:write', 'support:read', 'support:write'],
  viewer: READ,
};

const PEOPLE_ONLY: readonly Scope[] = [
  'self',
  'workspace:write',
  'keys:read',
  'keys:write',
  'members:read',
  'members:write',
];

/**
 * The scopes that API keys can have. A key never creates keys, and never touches people, their sessions or their
 * passwords.
 */
export const KEY_SCOPES: readonly Scope[] = SCOPES.filter((scope) => !PEOPLE_ONLY.includes(scope));
