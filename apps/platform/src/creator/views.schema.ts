import { z } from 'zod';
import { publicId, shownTime } from '#libs/kernel';
import { mayRemoveView, type SavedViewRow } from '#libs/tenants';
import type { CreatorSession } from '../http/audience.js';

/** Fields that saved views of all lists have. */
export const viewName = z.string().trim().min(1).max(40).describe('Unique among your own views.');
export const viewShared = z.boolean().describe('True if every member of the workspace sees it.');

export const viewOwnership = {
  shared: z.boolean(),
  account_id: z.string().describe('The member who saved it.'),
  mine: z.boolean(),
  removable: z.boolean().describe('True if you may remove it: it is yours, or you are an owner or admin.'),
  created_at: shownTime,
};

export const ownershipOf = (who: CreatorSession, view: SavedViewRow) => ({
  shared: view.shared,
  account_id: publicId('account', view.accountId),
  mine: view.accountId === who.accountId,
  removable: mayRemoveView(who, view),
  created_at: view.createdAt.toISOString(),
});

/** The filters that a view sets. */
export const filtersIn = (filters: Readonly<Record<string, string | number | undefined>>) =>
  Object.fromEntries(
    Object.entries(filters).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
  );
