import type { LinkProps } from '@tanstack/react-router';
import type { IconName } from '../../parts/icon';
import { type Permission, useStaffCan } from '../api/me';

export interface StaffPlace {
  readonly name: 'operations' | 'tenants' | 'accounts' | 'plans' | 'audit';
  readonly to: NonNullable<LinkProps['to']>;
  readonly icon: IconName;
  /** The second key after G. */
  readonly key: string;
  /** True for a tab on phones; the others are behind the last tab. */
  readonly tab?: true;
  /** The permission without which the API shows nothing there. */
  readonly permission: Permission;
}

const STAFF_PLACES: readonly StaffPlace[] = [
  { name: 'operations', to: '/staff/operations', icon: 'orders', key: 'o', tab: true, permission: 'operations:read' },
  { name: 'tenants', to: '/staff/tenants', icon: 'team', key: 'w', tab: true, permission: 'tenants:read' },
  { name: 'accounts', to: '/staff/accounts', icon: 'user', key: 's', tab: true, permission: 'staff:read' },
  { name: 'plans', to: '/staff/plans', icon: 'credits', key: 'p', permission: 'plans:read' },
  { name: 'audit', to: '/staff/audit', icon: 'shield', key: 'a', tab: true, permission: 'audit:read' },
];

/** Places of the console that this role can see. */
export function useStaffPlaces(): readonly StaffPlace[] {
  const can = useStaffCan();
  return STAFF_PLACES.filter(({ permission }) => can(permission));
}
