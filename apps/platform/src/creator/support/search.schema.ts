import { z } from 'zod';
import { buyerSchema, buyerView, chargeSchema, chargeView, orderSchema, orderView } from '#libs/sales';
import type { Found } from '#libs/support';
import { listOf } from '../../http/schema.js';
import { type Shown } from '#libs/kernel';

const found = { object: z.literal('search_result') };

const searchResultSchema = z
  .discriminatedUnion('kind', [
    z.object({ ...orderSchema.shape, ...found, kind: z.literal('order') }).meta({ id: 'FoundOrder' }),
    z.object({ ...chargeSchema.shape, ...found, kind: z.literal('charge') }).meta({ id: 'FoundCharge' }),
    z.object({ ...buyerSchema.shape, ...found, kind: z.literal('buyer') }).meta({ id: 'FoundBuyer' }),
  ])
  .meta({ id: 'SearchResult' });

export const searchResultsSchema = listOf(searchResultSchema).meta({ id: 'SearchResults' });

export const searchSchema = z.strictObject({
  q: z
    .string()
    .trim()
    .min(1)
    .max(256)
    .refine((text) => !text.includes('\u0000'), { error: 'must not contain the character U+0000' })
    .describe(
      "A buyer's Telegram id or username, an order id (`ord_...`), one of our charge ids (`chg_...`) or of Telegram's, or the " +
        'payload of a charge that paid no order. Matched exactly.',
    ),
});
export type Search = z.infer<typeof searchSchema>;

export function searchResultView(result: Found): Shown<typeof searchResultSchema> {
  const found = { object: 'search_result' } as const;
  switch (result.kind) {
    case 'order':
      return { ...orderView(result.order), ...found, kind: 'order' };
    case 'charge':
      return { ...chargeView(result.charge), ...found, kind: 'charge' };
    case 'buyer':
      return { ...buyerView(result.buyer), ...found, kind: 'buyer' };
  }
}
