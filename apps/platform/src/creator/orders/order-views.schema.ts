import { z } from 'zod';
import { publicId, type Shown } from '#libs/kernel';
import { DELIVERIES, ORDER_STATES } from '#libs/sales';
import type { SavedViewRow } from '#libs/tenants';
import type { CreatorSession } from '../../http/audience.js';
import { ownershipOf, viewName, viewOwnership, viewShared } from '../views.schema.js';
import { idOf, listOf, listQuery } from '../../http/schema.js';

const day = z.iso.date();

const filtersSchema = z
  .strictObject({
    payment_state: z.enum(ORDER_STATES),
    delivery_state: z.enum(DELIVERIES),
    bot_id: idOf('bot').transform((id) => publicId('bot', id)),
    product_id: idOf('product').transform((id) => publicId('product', id)),
    buyer_telegram_id: z.int().min(1).max(Number.MAX_SAFE_INTEGER),
    from: day.describe("The first day, in the viewer's time zone."),
    until: day.describe('The day after the last one.'),
  })
  .partial();

export const saveOrderViewSchema = z
  .strictObject({ name: viewName, filters: filtersSchema, shared: viewShared.default(false) })
  .meta({ id: 'SaveOrderView' });
export type SaveOrderView = z.output<typeof saveOrderViewSchema>;

export const shareOrderViewSchema = z.strictObject({ shared: viewShared }).meta({ id: 'ShareOrderView' });
export type ShareOrderView = z.output<typeof shareOrderViewSchema>;

export const listOrderViewsSchema = listQuery('orderView', {});
export type ListOrderViews = z.output<typeof listOrderViewsSchema>;

export const orderViewSchema = z
  .object({
    object: z.literal('order_view'),
    id: z.string(),
    name: z.string(),
    filters: z
      .object({
        payment_state: z.enum(ORDER_STATES),
        delivery_state: z.enum(DELIVERIES),
        bot_id: z.string(),
        product_id: z.string(),
        buyer_telegram_id: z.int(),
        from: day,
        until: day,
      })
      .partial(),
    ...viewOwnership,
  })
  .meta({ id: 'OrderView' });

export const orderViewListSchema = listOf(orderViewSchema).meta({ id: 'OrderViewList' });

/** A view as the API shows it to a member. */
export const savedView =
  (who: CreatorSession) =>
  (view: SavedViewRow): Shown<typeof orderViewSchema> => ({
    object: 'order_view',
    id: publicId('orderView', view.id),
    name: view.name,
    filters: view.filters as Shown<typeof orderViewSchema>['filters'],
    ...ownershipOf(who, view),
  });
