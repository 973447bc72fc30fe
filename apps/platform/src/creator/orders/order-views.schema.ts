import { z } from 'zod';
import { publicId, type Shown, shownTime } from '#libs/kernel';
import { DELIVERIES, ORDER_STATES } from '#libs/sales';
import { mayRemoveView, type OrderViewRow } from '#libs/tenants';
import type { CreatorSession } from '../../http/audience.js';
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

const name = z.string().trim().min(1).max(40).describe('Unique among your own views.');
const shared = z.boolean().describe('True if every member of the workspace sees it.');

export const saveOrderViewSchema = z
  .strictObject({ name, filters: filtersSchema, shared: shared.default(false) })
  .meta({ id: 'SaveOrderView' });
export type SaveOrderView = z.output<typeof saveOrderViewSchema>;

/** The filters that the view sets. */
export const filtersIn = ({ filters }: SaveOrderView): Readonly<Record<string, string | number>> =>
  Object.fromEntries(
    Object.entries(filters).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
  );

export const shareOrderViewSchema = z.strictObject({ shared }).meta({ id: 'ShareOrderView' });
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
    shared: z.boolean(),
    account_id: z.string().describe('The member who saved it.'),
    mine: z.boolean(),
    removable: z.boolean().describe('True if you may remove it: it is yours, or you are an owner or admin.'),
    created_at: shownTime,
  })
  .meta({ id: 'OrderView' });

export const orderViewListSchema = listOf(orderViewSchema).meta({ id: 'OrderViewList' });

/** A view as the API shows it to a member. */
export const savedView =
  (who: CreatorSession) =>
  (view: OrderViewRow): Shown<typeof orderViewSchema> => ({
    object: 'order_view',
    id: publicId('orderView', view.id),
    name: view.name,
    filters: view.filters as Shown<typeof orderViewSchema>['filters'],
    shared: view.shared,
    account_id: publicId('account', view.accountId),
    mine: view.accountId === who.accountId,
    removable: mayRemoveView(who, view),
    created_at: view.createdAt.toISOString(),
  });
