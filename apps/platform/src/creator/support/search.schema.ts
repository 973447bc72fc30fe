import { z } from 'zod';
import { publicId } from '#libs/kernel';
import { type BuyerRow, chargeView, orderView } from '#libs/sales';
import type { Found } from '#libs/support';
import { listOf } from '../../http/schema.js';
import { chargeSchema, orderSchema } from '../orders/schemas.js';

const found = { object: z.literal('search_result') };

const searchResultSchema = z
  .discriminatedUnion('kind', [
    z.object({ ...orderSchema.shape, ...found, kind: z.literal('order') }).meta({ id: 'FoundOrder' }),
    z.object({ ...chargeSchema.shape, ...found, kind: z.literal('charge') }).meta({ id: 'FoundCharge' }),
    z
      .object({
        ...found,
        kind: z.literal('buyer'),
        telegram_id: z.int(),
        bot_id: z.string().describe('The same person is another buyer in another bot.'),
        first_name: z.string().nullable(),
        last_name: z.string().nullable(),
        username: z.string().nullable(),
        language_code: z.string().nullable(),
        reachable: z.boolean().describe('False once the buyer has blocked the bot.'),
        created_at: z.iso.datetime(),
      })
      .meta({ id: 'FoundBuyer' }),
  ])
  .meta({ id: 'SearchResult' });

export const searchResultsSchema = listOf(searchResultSchema).meta({ id: 'SearchResults' });

export const searchSchema = z.strictObject({
  q: z
    .string()
    .trim()
    .min(1)
    .max(256)
    .refine((text) => !text.includes('\u0000'), { error: 'must not hold the character U+0000' })
    .describe(
      "A buyer's Telegram id or username, an order id (`ord_...`), a charge id of ours (`chg_...`) or of Telegram's, or the " +
        'payload of a charge that paid no order. Matched exactly.',
    ),
});
export type Search = z.infer<typeof searchSchema>;

const buyerView = (buyer: BuyerRow) => ({
  telegram_id: buyer.telegramId,
  bot_id: publicId('bot', buyer.botId),
  first_name: buyer.firstName,
  last_name: buyer.lastName,
  username: buyer.username,
  language_code: buyer.languageCode,
  reachable: buyer.reachable,
  created_at: buyer.createdAt.toISOString(),
});

export function searchResultView(result: Found) {
  const kind = { object: 'search_result' as const, kind: result.kind };
  switch (result.kind) {
    case 'order':
      return { ...orderView(result.order), ...kind };
    case 'charge':
      return { ...chargeView(result.charge), ...kind };
    case 'buyer':
      return { ...buyerView(result.buyer), ...kind };
  }
}
