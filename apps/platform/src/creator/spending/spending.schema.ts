import { z } from 'zod';
import { SPENDING_KINDS, SPENDING_STATES, spendingSchema } from '#libs/spending';
import { idOf, listOf, listQuery } from '../../http/schema.js';

const MOST = 1_000_000;

/** A person's Telegram id, a positive integer. */
export const person = z
  .int()
  .min(1)
  .max(Number.MAX_SAFE_INTEGER)
  .meta({ examples: [123456789] });

/** The fields of every request that spends. */
export const consent = {
  max_stars: z
    .int()
    .min(0)
    .max(MOST)
    .describe('Maximum in whole Stars. The price is looked up first, and nothing is done when it is higher.'),
  confirm: z
    .boolean()
    .default(false)
    .describe(
      'Spending cannot be undone. Without `true`, the response shows what would be spent, and nothing is done.',
    ),
};

export const consentOf = (body: { readonly max_stars: number; readonly confirm: boolean }) => ({
  maxStars: body.max_stars,
  confirm: body.confirm,
});

export const spendingListSchema = listOf(spendingSchema).meta({ id: 'SpendingList' });

export const listSpendingsSchema = listQuery('spending', {
  bot_id: idOf('bot').optional(),
  kind: z.enum(SPENDING_KINDS).optional(),
  state: z.enum(SPENDING_STATES).optional(),
});
export type ListSpendings = z.output<typeof listSpendingsSchema>;

/** A message with a gift (Bot API, sendGift: 0-128 characters). */
export const giftText = z.string().trim().min(1).max(128).optional().describe('Shown with the gift.');
