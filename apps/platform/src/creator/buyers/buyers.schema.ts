import { z } from 'zod';
import { parseId, publicId, type Shown } from '#libs/kernel';
import { balanceSchema, balanceView } from '#libs/ledger';
import {
  buyerSchema,
  type BuyerState,
  buyerView,
  type ListedBuyer,
  creditsView,
  subscriptionSchema,
  subscriptionView,
} from '#libs/sales';
import { idOf, listOf, notes, pageLimit, timeOrNull } from '../../http/schema.js';

const time = z.iso.datetime();

export const updateBuyerSchema = z
  .strictObject({ bot_id: idOf('bot').describe('The same person is a separate buyer in each bot.'), metadata: notes })
  .meta({ id: 'UpdateBuyer' });
export type UpdateBuyer = z.output<typeof updateBuyerSchema>;

const sums = z.object({ count: z.int(), stars: z.int() });

const place = z
  .string()
  .max(90)
  .transform((text, context) => {
    const [telegramId, bot] = text.split(':');
    const botId = parseId('bot', bot ?? '');
    if (/^[1-9]\d{0,15}$/.test(telegramId ?? '') && botId !== undefined)
      return { telegramId: Number(telegramId), botId };
    context.addIssue({ code: 'custom', message: 'must be a telegram_id and a bot_id with a colon between them' });
    return z.NEVER;
  });

export const buyerQuerySchema = z
  .strictObject({
    limit: pageLimit.describe('Maximum number of objects.'),
    starting_after: place
      .optional()
      .describe('`telegram_id` and `bot_id` of the last buyer of the previous page, separated by a colon.'),
    ending_before: place
      .optional()
      .describe(
        '`telegram_id` and `bot_id` of the first buyer of the following page: returns the page before it, in the same order.',
      ),
    bot_id: idOf('bot').optional().describe('Only buyers of this bot.'),
    search: z
      .string()
      .trim()
      .min(1)
      .max(64)
      .refine((text) => !text.includes('\u0000'), { error: 'must not contain the character U+0000' })
      .optional()
      .describe('A prefix of a first name, a last name or a username, ignoring case; or a complete Telegram id.'),
  })
  .refine((query) => !('starting_after' in query && 'ending_before' in query), {
    error: 'must have at most one of starting_after and ending_before',
  });
export type ListBuyers = z.output<typeof buyerQuerySchema>;

export const listedBuyerSchema = buyerSchema
  .extend({
    paid: sums
      .extend({ last_at: time.nullable().describe('The time of the last payment; null if there is none.') })
      .describe('Orders in this bot that were paid with Stars, including refunded ones.'),
  })
  .meta({ id: 'ListedBuyer' });
export const buyerListSchema = listOf(listedBuyerSchema).meta({ id: 'BuyerList' });

export const listedBuyerView = (buyer: ListedBuyer): Shown<typeof listedBuyerSchema> => ({
  ...buyerView(buyer),
  paid: { count: buyer.orders, stars: buyer.stars, last_at: timeOrNull(buyer.lastPaidAt) },
});

export const buyerStateSchema = z
  .object({
    object: z.literal('buyer_state'),
    telegram_id: z.int(),
    bots: z.array(buyerSchema).describe('The person in each of your bots that knows them.'),
    totals: z.object({
      orders: sums.describe('Orders that were paid with Stars.'),
      refunds: sums.describe('The number of these that were refunded.'),
    }),
    purchases: z
      .array(
        z.object({
          order_id: z.string(),
          bot_id: z.string(),
          product_id: z.string(),
          title: z.string().describe('The current title of the product.'),
          stars: z.int(),
          credits: z
            .object({ unit: z.string(), amount: z.int() })
            .nullable()
            .describe('The price in credits, instead of Stars.'),
          payment_state: z.enum(['paid', 'refunded']),
          delivery_state: z.enum(['none', 'waiting', 'generating', 'delivered', 'failed', 'unreachable', 'revoked']),
          paid_at: time,
        }),
      )
      .describe('The last 20 paid orders, latest first. `GET /v1/orders?buyer_telegram_id=` has all of them.'),
    entitlements: z
      .array(
        z.object({
          object: z.literal('entitlement'),
          id: z.string(),
          bot_id: z.string(),
          product_id: z.string(),
          title: z.string(),
          order_id: z.string(),
          starts_at: time,
          ends_at: time.nullable().describe('The end of the paid period. null: no end.'),
        }),
      )
      .describe("The buyer's current entitlements, latest first, at most 100."),
    has_more_entitlements: z.boolean(),
    subscriptions: z
      .array(subscriptionSchema)
      .describe('Subscriptions that have not ended, latest first, at most 100.'),
    terms: z
      .array(z.object({ bot_id: z.string(), version: z.string(), language: z.string(), agreed_at: time }))
      .describe('The terms that the person has accepted, latest first, at most 100.'),
    credits: z
      .array(balanceSchema)
      .describe('One item for each unit that the buyer has ever had, in all bots of the workspace.'),
  })
  .meta({ id: 'BuyerState' });

export const buyerStateView = (telegramId: number, state: BuyerState): Shown<typeof buyerStateSchema> => ({
  object: 'buyer_state' as const,
  telegram_id: telegramId,
  bots: state.buyers.map(buyerView),
  totals: {
    orders: { count: state.totals.orders, stars: state.totals.stars },
    refunds: { count: state.totals.refunds, stars: state.totals.refundedStars },
  },
  purchases: state.purchases.map((order) => ({
    order_id: publicId('order', order.orderId),
    bot_id: publicId('bot', order.botId),
    product_id: publicId('product', order.productId),
    title: order.title,
    stars: order.stars,
    credits: creditsView(order),
    payment_state: order.state,
    delivery_state: order.delivery,
    paid_at: order.paidAt.toISOString(),
  })),
  entitlements: state.entitlements.map((one) => ({
    object: 'entitlement' as const,
    id: publicId('entitlement', one.id),
    bot_id: publicId('bot', one.botId),
    product_id: publicId('product', one.productId),
    title: one.title,
    order_id: publicId('order', one.orderId),
    starts_at: one.startsAt.toISOString(),
    ends_at: timeOrNull(one.endsAt),
  })),
  has_more_entitlements: state.hasMoreEntitlements,
  subscriptions: state.subscriptions.map(subscriptionView),
  terms: state.consents.map((one) => ({
    bot_id: publicId('bot', one.botId),
    version: one.version,
    language: one.language,
    agreed_at: one.agreedAt.toISOString(),
  })),
  credits: state.credits.map(balanceView),
});
