import { z } from 'zod';
import { SPENDING_KINDS, SPENDING_STATES } from '#libs/spending';
import { idOf, listOf, listQuery } from '../../http/schema.js';

const time = z.iso.datetime();
const MOST = 1_000_000;

/** A Telegram id of a person, whole and positive. */
export const person = z
  .int()
  .min(1)
  .max(Number.MAX_SAFE_INTEGER)
  .meta({ examples: [123456789] });

/** What every request that spends says. */
export const consent = {
  max_stars: z
    .int()
    .min(0)
    .max(MOST)
    .describe('Whole Stars at most. The price is looked up first, and nothing is done when it is higher.'),
  confirm: z
    .boolean()
    .default(false)
    .describe('It cannot be taken back. Without `true` the answer says what would be spent, and nothing is done.'),
};

export const consentOf = (body: { readonly max_stars: number; readonly confirm: boolean }) => ({
  maxStars: body.max_stars,
  confirm: body.confirm,
});

export const spendingSchema = z
  .object({
    object: z.literal('spending'),
    id: z.string(),
    bot_id: z.string(),
    kind: z.enum(SPENDING_KINDS),
    state: z
      .enum(SPENDING_STATES)
      .describe(
        '`begun`: Telegram is being asked. `refused`: nothing has happened. `unknown`: the answer was lost; it is never asked again, and ' +
          'Telegram’s list of transactions tells when it can.',
      ),
    stars: z.int().describe('What it costs.'),
    stars_from: z
      .enum(['bot', 'business_account', 'none'])
      .describe('Whose Stars they are. `none`: something is given up.'),
    max_stars: z.int(),
    person_telegram_id: z.int().nullable().describe('Who gets it, or whose account it is.'),
    business_connection_id: z.string().nullable(),
    details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).describe('What was asked for.'),
    failure: z.string().nullable(),
    telegram_transaction_id: z
      .string()
      .nullable()
      .describe('The row of Telegram’s list that shows it, found by a later comparison. null for what is not listed.'),
    requested_by: z.string(),
    begun_at: time,
    created_at: time,
    updated_at: time,
  })
  .meta({ id: 'Spending' });

export const spendingListSchema = listOf(spendingSchema).meta({ id: 'SpendingList' });

export const listSpendingsSchema = listQuery('spending', {
  bot_id: idOf('bot').optional(),
  kind: z.enum(SPENDING_KINDS).optional(),
  state: z.enum(SPENDING_STATES).optional(),
});
export type ListSpendings = z.output<typeof listSpendingsSchema>;

/** Words that go with a gift (Bot API, sendGift: 0-128 characters). */
export const giftText = z.string().trim().min(1).max(128).optional().describe('Shown with the gift.');
