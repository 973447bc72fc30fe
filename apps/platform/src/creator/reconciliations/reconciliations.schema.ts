import { z } from 'zod';
import { listOf, listQuery } from '../../http/schema.js';

const sum = z
  .object({ stars: z.int(), nanostars: z.int() })
  .describe('Whole Stars and billionths of a Star, both with the same sign.');

const explanation = z
  .object({
    telegram: sum,
    ours: z.int(),
    difference: sum,
    lines: z.array(
      z.object({
        cause: z.string().describe('For example `withdrawal_pending`, `telegram_ads_paid`, `refunds_not_recorded`.'),
        count: z.int(),
        stars: z.int(),
        nanostars: z.int(),
      }),
    ),
    unexplained: sum.describe('What is left over, for example Stars that a store took back from the buyer.'),
    list_stood_still: z
      .boolean()
      .describe('False: sales went on while it was compared, so the rest may be one of them.'),
    unknown_there: z.array(z.string()).describe('Charges that Telegram does not list, at most 20.'),
    unknown_here: z
      .array(z.object({ telegram_transaction_id: z.string(), direction: z.enum(['in', 'out']), problem: z.string() }))
      .describe('What Telegram lists and could not be put on the books, at most 20.'),
  })
  .meta({ id: 'ReconciliationExplanation' });

export const reconciliationSchema = z
  .object({
    object: z.literal('reconciliation'),
    id: z.string(),
    bot_id: z.string(),
    state: z.enum(['running', 'succeeded', 'failed']),
    trigger: z.enum(['schedule', 'request']),
    rows_read: z.int().describe("Rows of Telegram's list that were read; what was read before is not read again."),
    rows_new: z.int(),
    healed_payments: z.int().describe('Payments that Telegram took and never told us: recorded, and delivered.'),
    healed_refunds: z.int().describe('Refunds that Telegram made and never told us.'),
    unknown_here: z.int(),
    unknown_there: z.int(),
    full_read_because: z.string().nullable().describe('Set when the whole list had to be read, not only what is new.'),
    balance_telegram: z.int().nullable(),
    balance_ours: z.int().nullable(),
    difference: z
      .int()
      .nullable()
      .describe("Telegram's balance less ours, in whole Stars; `explanation` takes it apart."),
    unexplained: z.int().nullable(),
    explanation: explanation.nullable(),
    error: z.string().nullable(),
    started_at: z.iso.datetime(),
    finished_at: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Reconciliation' });

export const reconciliationListSchema = listOf(reconciliationSchema).meta({ id: 'ReconciliationList' });

export const listReconciliationsSchema = listQuery('reconciliation', {});
export type ListReconciliations = z.infer<typeof listReconciliationsSchema>;

export const noBodySchema = z.strictObject({}).optional();
export type NoBody = z.infer<typeof noBodySchema>;
