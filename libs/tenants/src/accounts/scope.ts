/** What a credential may do, in the words that routes use. */
export const SCOPES = [
  'bots:read',
  'bots:write',
  'products:read',
  'products:write',
  'orders:read',
  'orders:write',
  'refunds:write',
  // Gifts, Premium and transfers: Stars that leave for good.
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
  // One's own session and profile: whoever is a member may end the one and read the other.
  'self',
] as const;

export type Scope = (typeof SCOPES)[number];

/** What changes bots, products or endpoints: closed with the capability `configure`. */
export const CONFIGURES: readonly Scope[] = ['bots:write', 'products:write', 'endpoints:write'];

/** All that staff may do in a workspace when they look at it as it sees itself. The whole archive is a permission of its own. */
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

/** All of a workspace, out of the door or to its end. */
const OWNERS_ONLY: readonly Scope[] = ['export:read', 'workspace:write'];

/** What each role of a workspace may do. */
export const ROLE_SCOPES: Readonly<Record<Role, readonly Scope[]>> = {
  owner: SCOPES,
  // Whom an admin may invite, change and remove is said in member.ts.
  admin: SCOPES.filter((scope) => !OWNERS_ONLY.includes(scope)),
  // What buyers write is read by those who answer it, so a viewer does not.
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

/** What an API key may be given. A key never makes keys, and never touches people, their sessions or their passwords. */
export const KEY_SCOPES: readonly Scope[] = SCOPES.filter((scope) => !PEOPLE_ONLY.includes(scope));
