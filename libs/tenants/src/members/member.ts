import { DAY, DomainError } from '#libs/kernel';
import type { Role } from '../accounts/scope.js';

/** Milliseconds from an invitation to its end. */
export const INVITATION_LIFETIME = 7 * DAY;

/** Which roles a member may give, change and take away. */
const MAY_GIVE: Readonly<Record<Role, readonly Role[]>> = {
  owner: ['owner', 'admin', 'support', 'viewer'],
  admin: ['support', 'viewer'],
  support: [],
  viewer: [],
};

export const mayGive = (by: Role, role: Role) => MAY_GIVE[by].includes(role);

export interface Member {
  readonly accountId: string;
  readonly role: Role;
}

/** Whether a member with the role `by` may give `of` the role `to`. @param owners of the workspace, now */
export function judgeRoleChange(by: Role, of: Member, to: Role, owners: number): 'may' | 'not_yours' | 'last_owner' {
  if (!mayGive(by, of.role) || !mayGive(by, to)) return 'not_yours';
  return of.role === 'owner' && to !== 'owner' && owners <= 1 ? 'last_owner' : 'may';
}

/** Whether `by` may remove `of`. Whoever may manage members may also leave. @param owners of the workspace, now */
export function judgeRemoval(by: Member, of: Member, owners: number): 'may' | 'not_yours' | 'last_owner' {
  if (by.accountId !== of.accountId && !mayGive(by.role, of.role)) return 'not_yours';
  return of.role === 'owner' && owners <= 1 ? 'last_owner' : 'may';
}

export class RoleNotYours extends DomainError {
  static readonly code = 'role_not_yours';
  static readonly refusal = 'forbidden';
  readonly remedy = 'Owners manage everybody; admins manage members with the roles support and viewer. Ask an owner.';

  constructor() {
    super('Your own role may not do that to this role.');
  }
}

export class LastOwner extends DomainError {
  static readonly code = 'last_owner';
  static readonly refusal = 'conflict';
  readonly remedy = 'Make another member an owner first.';

  constructor() {
    super('A workspace cannot be without an owner, and this is its last one.');
  }
}

/** One answer for an invitation that never was, was used, was called off, or has run out. */
export class InvitationInvalid extends DomainError {
  static readonly code = 'invitation_invalid';
  static readonly refusal = 'not_found';
  readonly remedy = 'Ask whoever invited you for a new invitation. One works once, for seven days.';

  constructor() {
    super('This invitation is not valid, or not any more.');
  }
}

export class AlreadyMember extends DomainError {
  static readonly code = 'already_member';
  static readonly refusal = 'conflict';
  readonly remedy =
    'Log in, and switch to the workspace. A role is changed by an owner or admin, not by an invitation.';

  constructor() {
    super('This account is a member of the workspace already.');
  }
}
