import { z } from 'zod';
import { publicId, type Shown, shownTime, timeOrNull } from '#libs/kernel';
import { RECONCILIATION_STATES, RECONCILIATION_TRIGGERS, type StarSum } from './reconciliation.js';
import type { ReconciliationRow } from './reconciliation.entity.js';

const sumSchema = z
  .object({ stars: z.int(), nanostars: z.int() })
  .describe('Whole Stars and billionths of a Star, both with the same sign.');

const explanationSchema = z
  .object({
    telegram: sumSchema,
    ours: z.int(),
    difference: sumSchema,
    lines: z.array(
      z.object({
        cause: z.string().describe('For example `withdrawal_pending`, `telegram_ads_paid`, `refunds_not_recorded`.'),
        count: z.int(),
        stars: z.int(),
        nanostars: z.int(),
      }),
    ),
    unexplained: sumSchema.describe(
      'The unexplained rest, for example Stars that an app store clawed back from the buyer.',
    ),
    list_stood_still: z
      .boolean()
      .describe('False if sales continued during the reconciliation, so that the rest may be one of them.'),
    unknown_there: z.array(z.string()).describe('Charges that Telegram does not list, at most 20.'),
    unknown_here: z
      .array(z.object({ telegram_transaction_id: z.string(), direction: z.enum(['in', 'out']), problem: z.string() }))
      .describe('Transactions that Telegram lists but that could not be recorded, at most 20.'),
  })
  .meta({ id: 'ReconciliationExplanation' });

export const reconciliationSchema = z
  .object({
    object: z.literal('reconciliation'),
    id: z.string(),
    bot_id: z.string(),
    state: z.enum(RECONCILIATION_STATES),
    trigger: z.enum(RECONCILIATION_TRIGGERS),
    rows_read: z.int().describe("Rows of Telegram's list that were read; earlier rows are not read again."),
    rows_new: z.int(),
    healed_payments: z.int().describe('Payments that Telegram took without reporting them: recorded, and delivered.'),
    healed_refunds: z.int().describe('Refunds that Telegram made without reporting them.'),
    unknown_here: z.int(),
    unknown_there: z.int(),
    full_read_because: z.string().nullable().describe('Set when the whole list had to be read, not only new rows.'),
    balance_telegram: z.int().nullable(),
    balance_ours: z.int().nullable(),
    difference: z
      .int()
      .nullable()
      .describe("Telegram's balance minus ours, in whole Stars; `explanation` breaks it down."),
    unexplained: z.int().nullable(),
    explanation: explanationSchema.nullable(),
    error: z.string().nullable(),
    started_at: shownTime,
    finished_at: shownTime.nullable(),
  })
  .meta({ id: 'Reconciliation' });

/** A reconciliation as the API and its events show it. */
export function reconciliationView(row: ReconciliationRow): Shown<typeof reconciliationSchema> {
  const { explanation } = row;
  return {
    object: 'reconciliation',
    id: publicId('reconciliation', row.id),
    bot_id: publicId('bot', row.botId),
    state: row.state,
    trigger: row.trigger,
    rows_read: row.rowsRead,
    rows_new: row.rowsNew,
    healed_payments: row.healedPayments,
    healed_refunds: row.healedRefunds,
    unknown_here: row.unknownHere,
    unknown_there: row.unknownThere,
    full_read_because: row.fullReadBecause,
    balance_telegram: row.balanceTelegram,
    balance_ours: row.balanceOurs,
    difference: row.difference,
    unexplained: row.unexplained,
    explanation: explanation && {
      telegram: sumView(explanation.telegram),
      ours: explanation.ours,
      difference: sumView(explanation.difference),
      lines: explanation.lines.map(({ cause, count, stars, nanostars }) => ({ cause, count, stars, nanostars })),
      unexplained: sumView(explanation.unexplained),
      list_stood_still: explanation.stoodStill,
      unknown_there: explanation.unknownThere,
      unknown_here: explanation.unknownHere.map(({ id, direction, problem }) => ({
        telegram_transaction_id: id,
        direction,
        problem,
      })),
    },
    error: row.error,
    started_at: row.startedAt.toISOString(),
    finished_at: timeOrNull(row.finishedAt),
  };
}

const sumView = ({ stars, nanostars }: StarSum) => ({ stars, nanostars });
