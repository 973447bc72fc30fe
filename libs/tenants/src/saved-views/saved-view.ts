import { DomainError } from '#libs/kernel';
import type { Role } from '../accounts/scope.js';

/** The lists whose filters members save. */
export const VIEWED_LISTS = ['orders', 'buyers'] as const;
export type ViewedList = (typeof VIEWED_LISTS)[number];

/** Views that one member can have of one list. */
export const MAX_VIEWS = 20;

interface Viewer {
  readonly accountId: string;
  readonly role: Role;
}

/** Members see their own views and shared ones; for them, the views of others do not exist. */
export const seesView = ({ accountId }: Viewer, view: { readonly accountId: string; readonly shared: boolean }) =>
  view.shared || view.accountId === accountId;

/** Members remove their own views; owners and admins also shared ones. */
export const mayRemoveView = ({ accountId, role }: Viewer, view: { readonly accountId: string }) =>
  view.accountId === accountId || role === 'owner' || role === 'admin';

export class ViewNotYours extends DomainError {
  static readonly code = 'view_not_yours';
  static readonly refusal = 'forbidden';
  readonly remedy = 'Save your own view instead. Only owners and admins can remove views that other members share.';

  constructor() {
    super('This view belongs to another member.');
  }
}

export class TooManyViews extends DomainError {
  static readonly code = 'too_many_views';
  static readonly refusal = 'conflict';
  readonly remedy = 'Remove a view that you no longer need.';

  constructor() {
    super(`You have ${MAX_VIEWS} views, the maximum for one member.`);
  }
}
