/** What a credential may do, in the words that routes use. */
export const SCOPES = [
  'bots:read',
  'bots:write',
  'products:read',
  'products:write',
  'orders:read',
  'orders:write',
  'refunds:write',
  'support:read',
  'support:write',
  'credits:read',
  'credits:write',
  'endpoints:read',
  'endpoints:write',
  'members:write',
  // One's own session and profile: whoever is a member may end the one and read the other.
  'self',
] as const;

export type Scope = (typeof SCOPES)[number];
export type Role = 'owner' | 'admin' | 'support' | 'viewer';

const READ: readonly Scope[] = ['self', 'bots:read', 'products:read', 'orders:read', 'credits:read', 'endpoints:read'];

/** What each role of a workspace may do. */
export const ROLE_SCOPES: Readonly<Record<Role, readonly Scope[]>> = {
  owner: SCOPES,
  admin: SCOPES.filter((scope) => scope !== 'members:write'),
  // What buyers write is read by those who answer it, so a viewer does not.
  support: [...READ, 'orders:write', 'refunds:write', 'credits:write', 'support:read', 'support:write'],
  viewer: READ,
};
