import { z } from 'zod';
import { publicId, type Shown } from '#libs/kernel';
import type { SavedViewRow } from '#libs/tenants';
import type { CreatorSession } from '../../http/audience.js';
import { idOf, listOf, listQuery } from '../../http/schema.js';
import { ownershipOf, viewName, viewOwnership, viewShared } from '../views.schema.js';

const search = z.string().trim().min(1).max(64).describe('As in the list of buyers.');

const filtersSchema = z.strictObject({ search, bot_id: idOf('bot').transform((id) => publicId('bot', id)) }).partial();

export const saveBuyerViewSchema = z
  .strictObject({ name: viewName, filters: filtersSchema, shared: viewShared.default(false) })
  .meta({ id: 'SaveBuyerView' });
export type SaveBuyerView = z.output<typeof saveBuyerViewSchema>;

export const shareBuyerViewSchema = z.strictObject({ shared: viewShared }).meta({ id: 'ShareBuyerView' });
export type ShareBuyerView = z.output<typeof shareBuyerViewSchema>;

export const listBuyerViewsSchema = listQuery('buyerView', {});
export type ListBuyerViews = z.output<typeof listBuyerViewsSchema>;

export const buyerViewSchema = z
  .object({
    object: z.literal('buyer_view'),
    id: z.string(),
    name: z.string(),
    filters: z.object({ search: z.string(), bot_id: z.string() }).partial(),
    ...viewOwnership,
  })
  .meta({ id: 'BuyerView' });

export const buyerViewListSchema = listOf(buyerViewSchema).meta({ id: 'BuyerViewList' });

/** A view as the API shows it to a member. */
export const savedBuyerView =
  (who: CreatorSession) =>
  (view: SavedViewRow): Shown<typeof buyerViewSchema> => ({
    object: 'buyer_view',
    id: publicId('buyerView', view.id),
    name: view.name,
    filters: view.filters as Shown<typeof buyerViewSchema>['filters'],
    ...ownershipOf(who, view),
  });
