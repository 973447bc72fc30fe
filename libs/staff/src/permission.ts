/** Permissions of staff, by the names that routes use. */
export const PERMISSIONS = [
  // The member's own session and password.
  'self',
  'tenants:read',
  'tenants:restrict',
  'tenants:impersonate',
  'tenants:close',
  // Sending a link to set a password.
  'members:reset',
  // Names, Telegram ids and messages of buyers.
  'buyers:read',
  'buyers:erase',
  'operations:read',
  'operations:write',
  'plans:read',
  'plans:write',
  'audit:read',
  'staff:read',
  'staff:write',
] as const;

export type Permission = (typeof PERMISSIONS)[number];

export const STAFF_ROLES = ['viewer', 'support', 'risk', 'admin'] as const;
export type StaffRole = (typeof STAFF_ROLES)[number];

const LOOK: readonly Permission[] = ['self', 'tenants:read', 'operations:read', 'plans:read'];

/** Permissions of each staff role. */
export const STAFF_CAN: Readonly<Record<StaffRole, readonly Permission[]>> = {
  viewer: LOOK,
  // Helps creators: sees their data, and fixes stuck work.
  support: [...LOOK, 'buyers:read', 'tenants:impersonate', 'members:reset', 'operations:write', 'audit:read'],
  // Prevents harm: may stop a workspace, and inspect it to find the cause.
  risk: [...LOOK, 'buyers:read', 'tenants:restrict', 'tenants:impersonate', 'operations:write', 'audit:read'],
  admin: PERMISSIONS,
};
