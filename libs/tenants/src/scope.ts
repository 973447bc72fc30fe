/** What a credential may do, in the words that routes use. */
export const SCOPES = [
  'bots:read',
  'bots:write',
  'products:read',
  'products:write',
  'orders:read',
  'orders:write',
  'refunds:write',
  'endpoints:read',
  'endpoints:write',
  'members:write',
  // One's own session and profile: whoever is a member may end the one and read the other.
  'self',
] as const;

export type Scope = (typeof SCOPES)[number];
export type Role = 'owner' | 'admin' | 'support' | 'viewer';

const READ: readonly Scope[] = ['self', 'bots:read', 'products:read', 'orders:read', 'endpoints:read'];

/** What each role of a workspace may do. */
export const ROLE_SCOPES: Readonly<Record<Role, readonly Scope[]>> = {
  owner: SCOPES,
  admin: SCOPES.filter((scope) => scope !== 'members:write'),
  support: [...READ, 'orders:write', 'refunds:write'],
  viewer: READ,
};
