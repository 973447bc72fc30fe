import { publicId, timeOrNull } from '#libs/kernel';
import type { StarSum } from './reconciliation.js';
import type { ReconciliationRow } from './reconciliation.entity.js';

/** A reconciliation as the API and its events show it. */
export function reconciliationView(row: ReconciliationRow) {
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
