import { DAY, DomainError } from '#libs/kernel';
import type { Role } from '../accounts/scope.js';

/** Lifetime of an invitation in milliseconds. */
export const INVITATION_LIFETIME = 7 * DAY;

/** The roles that a member may grant, change and remove. */
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

/**
 * Decides whether a member with the role `by` may give `of` the role `to`.
 * @param owners the workspace's current number of owners
 */
export function judgeRoleChange(by: Role, of: Member, to: Role, owners: number): 'may' | 'not_yours' | 'last_owner' {
  if (!mayGive(by, of.role) || !mayGive(by, to)) return 'not_yours';
  return of.role === 'owner' && to !== 'owner' && owners <= 1 ? 'last_owner' : 'may';
}

/**
 * Decides whether `by` may remove `of`. A member who may manage members may also leave.
 * @param owners the workspace's current number of owners
 */
export function judgeRemoval(by: Member, of: Member, owners: number): 'may' | 'not_yours' | 'last_owner' {
  if (by.accountId !== of.accountId && !mayGive(by.role, of.role)) return 'not_yours';
  return of.role === 'owner' && owners <= 1 ? 'last_owner' : 'may';
}

export class RoleNotYours extends DomainError {
  static readonly code = 'role_not_yours';
  static readonly refusal = 'forbidden';
  readonly remedy = 'Owners manage everyone; admins manage members with the roles support and viewer. Ask an owner.';

  constructor() {
    super('Your role does not allow this for members with that role.');
  }
}

export class LastOwner extends DomainError {
  static readonly code = 'last_owner';
  static readonly refusal = 'conflict';
  readonly remedy = 'Make another member an owner first.';

  constructor() {
    super('A workspace needs an owner, and this is its last one.');
  }
}

/** Thrown for any invitation that is unknown, used, cancelled, or expired. */
export class InvitationInvalid extends DomainError {
  static readonly code = 'invitation_invalid';
  static readonly refusal = 'not_found';
  readonly remedy = 'Ask the inviter for a new invitation. Each works once, for seven days.';

  constructor() {
    super('This invitation is invalid or expired.');
  }
}

export class AlreadyMember extends DomainError {
  static readonly code = 'already_member';
  static readonly refusal = 'conflict';
  readonly remedy =
    'Log in, and switch to the workspace. A role is changed by an owner or admin, not by an invitation.';

  constructor() {
    super('This account is already a member of the workspace.');
  }
}
