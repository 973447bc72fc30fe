import { z } from 'zod';
import { idOrNull, publicId, type Shown, shownTime } from '#libs/kernel';
import { PAYER_KINDS, PAYERS, SPENDING_KINDS, SPENDING_STATES } from './spending.js';
import type { SpendingRow } from './spending.entity.js';

export const spendingSchema = z
  .object({
    object: z.literal('spending'),
    id: z.string(),
    bot_id: z.string(),
    kind: z.enum(SPENDING_KINDS),
    state: z
      .enum(SPENDING_STATES)
      .describe(
        '`begun`: the call to Telegram is in progress. `refused`: nothing has happened. `unknown`: the response was lost; the call is never repeated, and ' +
          'Telegram’s list of transactions shows the outcome if it lists such calls.',
      ),
    stars: z.int().describe('The cost.'),
    stars_from: z.enum(PAYER_KINDS).describe('The source of the Stars. `none`: something is converted into Stars.'),
    max_stars: z.int(),
    person_telegram_id: z.int().nullable().describe('The receiver, or the owner of the account.'),
    business_connection_id: z.string().nullable(),
    details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).describe('The request.'),
    failure: z.string().nullable(),
    telegram_transaction_id: z
      .string()
      .nullable()
      .describe('The matching row of Telegram’s list, found by a later comparison; null if Telegram does not list it.'),
    requested_by: z.string(),
    begun_at: shownTime,
    created_at: shownTime,
    updated_at: shownTime,
  })
  .meta({ id: 'Spending' });

/** A spending as the API and its events return it. */
export function spendingView(row: SpendingRow): Shown<typeof spendingSchema> {
  const { businessConnectionId: connection } = row;
  return {
    object: 'spending' as const,
    id: publicId('spending', row.id),
    bot_id: publicId('bot', row.botId),
    kind: row.kind,
    state: row.state,
    stars: row.stars,
    stars_from: PAYERS[row.kind],
    max_stars: row.maxStars,
    person_telegram_id: row.personId,
    business_connection_id: idOrNull('businessConnection', connection),
    details: row.details,
    failure: row.failure,
    telegram_transaction_id: row.telegramTransactionId,
    requested_by: row.requestedBy,
    begun_at: row.begunAt.toISOString(),
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  };
}
