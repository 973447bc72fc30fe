import { Injectable } from '@nestjs/common';
import { Database, DatabaseTrouble, type TenantTx } from '#libs/database';
import { clip } from '#libs/kernel';
import { missedPayment, ON_ITS_WAY_MS } from './reconciliation.js';
import type { ReconciliationRow } from './reconciliation.entity.js';
import { type Counter, ReconciliationStore } from './reconciliation.store.js';
import { PaymentService } from '../checkout/payment.service.js';
import { RefundService } from '../refunds/refund.service.js';
import type { StarTransactionRow } from './star-transaction.entity.js';
import { StarTransactionStore } from './star-transaction.store.js';

/** Rows settled per run; then another bot gets a turn. */
const BATCH = 500;

type Settled = { readonly problem?: string; readonly healed?: Extract<Counter, 'healedPayments' | 'healedRefunds'> };

/**
 * Records transactions that Telegram lists and never reported to us. Each row is a separate transaction, so that one
 * that cannot be settled does not block others. An update may settle the same row concurrently: whichever comes second
 * finds it done.
 */
@Injectable()
export class ReconciliationHealer {
  constructor(
    private readonly db: Database,
    private readonly stars: StarTransactionStore,
    private readonly store: ReconciliationStore,
    private readonly payments: PaymentService,
    private readonly refunds: RefundService,
  ) {}

  /**
   * Tries the open rows of the mirror, in Telegram's order and previous failures last, each once per reconciliation.
   * Rows that are seconds old are left to their updates, unless the reconciliation was requested.
   * @returns true when all were tried
   */
  async heal(run: ReconciliationRow, now: Date): Promise<boolean> {
    const { tenantId, botId } = run;
    const before = run.trigger === 'request' ? undefined : new Date(now.getTime() - ON_ITS_WAY_MS);
    const rows = await this.db.inTenant(tenantId, (tx) => this.stars.open(tx, botId, run.startedAt, before, BATCH));
    for (const row of rows) await this.settle(run, row, now);
    return rows.length < BATCH;
  }

  private async settle(run: ReconciliationRow, row: StarTransactionRow, now: Date): Promise<void> {
    try {
      await this.db.inTenant(run.tenantId, async (tx) => {
        const { problem, healed } = await this.record(tx, row, now);
        await this.stars.tried(tx, row, problem, now);
        if (healed !== undefined) await this.store.add(tx, run.id, { [healed]: 1 });
      });
    } catch (error) {
      if (error instanceof DatabaseTrouble) throw error;
      const problem = error instanceof Error ? error.message : String(error);
      await this.db.inTenant(run.tenantId, (tx) => this.stars.tried(tx, row, clip(problem, 500), now));
    }
  }

  private async record(tx: TenantTx, row: StarTransactionRow, now: Date): Promise<Settled> {
    if (row.direction === 'in') {
      const payment = missedPayment(row.botId, row);
      if (payment === undefined) return { problem: 'it names no buyer or no whole amount' };
      const { outcome } = await this.payments.record(tx, payment, now);
      // Only the list reports paid media, so nothing was missed.
      return outcome === 'already_recorded' || payment.unlocked === true ? {} : { healed: 'healedPayments' };
    }
    const outcome = await this.refunds.recordFromTelegram(tx, row.botId, row.id, now);
    if (outcome === 'no_such_charge') return { problem: 'its payment is not on the list' };
    return outcome === 'already_recorded' ? {} : { healed: 'healedRefunds' };
  }
}
