import type { Permission } from '#libs/staff';
import { IMPERSONATION_SCOPES, type Scope } from '#libs/tenants';
import type { CreatorSession, StaffSession } from './audience.js';
import { ImpersonationReadOnly, MissingPermission, MissingScope } from './refusals.js';

/** @throws MissingPermission when the role of this member of staff does not have the permission of a route */
export function judgeStaff({ permissions }: Pick<StaffSession, 'permissions'>, permission: Permission): void {
  if (!permissions.includes(permission)) throw new MissingPermission(permission);
}

/**
 * Checks whether a creator's credential gives access to a route. Impersonating staff can only read, whatever their
 * scopes.
 * @throws ImpersonationReadOnly, MissingScope
 */
export function judgeCreator(
  { via, scopes }: Pick<CreatorSession, 'via' | 'scopes'>,
  scope: Scope,
  method: string,
): void {
  if (via === 'impersonation' && !(method === 'GET' && IMPERSONATION_SCOPES.includes(scope)))
    throw new ImpersonationReadOnly();
  if (!scopes.includes(scope)) throw new MissingScope(scope, via);
}
