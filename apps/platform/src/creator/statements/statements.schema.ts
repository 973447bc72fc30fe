import { z } from 'zod';
import { publicId, type Shown } from '#libs/kernel';
import type { Period, Statement } from '#libs/sales';
import { asOfSchema, asOfView } from '../../http/as-of.js';

const turnover = z.object({ count: z.int(), stars: z.int() });

export const statementSchema = z
  .object({
    object: z.literal('statement'),
    bot_id: z.string(),
    from: z.iso.date(),
    to: z.iso.date().describe('Exclusive.'),
    as_of: asOfSchema.describe('Later entries are not included.'),
    currency: z.literal('XTR'),
    charges: turnover,
    refunds: turnover,
    earned: z.int().describe('Income from sales, minus refunds.'),
    held: z
      .int()
      .describe(
        'The change in Stars that belong to no sale: money received, minus its refunds and charges delivered since.',
      ),
    net: z.int().describe('Charges minus refunds; the sum of `earned` and `held`.'),
    given_away: turnover.describe('Discounts by promo codes on sales recorded in the period, including refunded ones.'),
    note: z.string(),
  })
  .meta({ id: 'Statement' });

export const statementQuerySchema = z.strictObject({
  from: z.iso.date().describe('The first day, in UTC.'),
  to: z.iso.date().describe('The day after the last one, in UTC; at most 366 days after `from`.'),
});
export type StatementQuery = z.infer<typeof statementQuerySchema>;

const NOTE =
  'Recorded charges and refunds in whole Stars. Fees, withdrawals and conversions by Telegram are unknown to Starwall and not included.';

const day = (time: Date) => time.toISOString().slice(0, 10);

export const statementView = (
  botId: string,
  period: Period,
  { totals, givenAway, asOf }: Statement,
): Shown<typeof statementSchema> => ({
  object: 'statement' as const,
  bot_id: publicId('bot', botId),
  from: day(period.from),
  to: day(period.to),
  as_of: asOfView(asOf),
  currency: 'XTR' as const,
  ...totals,
  given_away: givenAway,
  note: NOTE,
});

export const statementFile = (botId: string, { from, to }: Period) =>
  `statement_${publicId('bot', botId)}_${day(from)}_${day(to)}.csv`;
