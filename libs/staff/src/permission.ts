/** What staff may be allowed to do, in the words that routes use. */
export const PERMISSIONS = [
  // One's own session and password.
  'self',
  'tenants:read',
  'tenants:restrict',
  'tenants:impersonate',
  'tenants:close',
  // Names, Telegram ids and messages of the people who buy.
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

/** What each role of the platform's staff may do. */
export const STAFF_CAN: Readonly<Record<StaffRole, readonly Permission[]>> = {
  viewer: LOOK,
  // Helps creators: sees what they see, and mends what is stuck.
  support: [...LOOK, 'buyers:read', 'tenants:impersonate', 'operations:write', 'audit:read'],
  // Keeps harm away: may stop a workspace, and looks into it to know why.
  risk: [...LOOK, 'buyers:read', 'tenants:restrict', 'tenants:impersonate', 'operations:write', 'audit:read'],
  admin: PERMISSIONS,
};
