import { Injectable } from '@nestjs/common';
import type { TenantTx } from '#libs/database';
import { DAY, MINUTE } from '#libs/kernel';
import { LISTED, LISTED_WITHIN_MS, type SpendingKind } from './spending.js';
import { SpendingRow } from './spending.entity.js';
import { SpendingStore } from './spending.store.js';

/** Rows per comparison. */
const BATCH = 500;
/** Tolerance between our clock and Telegram's. */
const SKEW_MS = 2 * MINUTE;
/** A row this much older than a call certainly does not belong to it. */
const LONG_BEFORE_MS = 30 * MINUTE;
/** A completed call that has been missing from the list for this long is no longer searched for. */
const LOOKED_FOR_MS = DAY;
const KINDS = Object.keys(LISTED) as SpendingKind[];

/** Matches spendings with Telegram's list, and settles calls whose response was lost. */
@Injectable()
export class SpendingReconciler {
  constructor(private readonly store: SpendingStore) {}

  /**
   * Runs within the comparison of a bot's books, once the list has been read to its end. A call certainly did not
   * happen if the list has no matching unclaimed row for that person; while there is one, the call must not be made
   * again.
   * @param readFrom start of the reading: a call that should be on the list by then and is missing did not happen
   */
  async settle(tx: TenantTx, botId: string, readFrom: Date, now: Date): Promise<void> {
    for (const row of await this.open(tx, botId, now)) {
      const transaction = await this.find(tx, row);
      if (transaction !== undefined) await this.settleBy(tx, row, transaction, now);
      else if (row.state === 'unknown' && (await this.hasNotHappened(tx, row, readFrom, now))) {
        await this.store.move(tx, row, 'refused', { failure: "Telegram's list does not show it." }, now);
      }
    }
  }

  private async settleBy(tx: TenantTx, row: SpendingRow, telegramTransactionId: string, now: Date): Promise<void> {
    if (row.state === 'unknown') {
      await this.store.move(tx, row, 'done', { telegramTransactionId }, now);
    } else {
      await tx.manager.update(SpendingRow, { tenantId: tx.tenantId, id: row.id }, { telegramTransactionId });
    }
  }

  /** Completed calls first, so that an unknown one does not get their row; the ones unknown for longest last. */
  private open(tx: TenantTx, botId: string, now: Date): Promise<SpendingRow[]> {
    return tx.manager
      .createQueryBuilder(SpendingRow, 's')
      .where('s.tenantId = :tenantId and s.botId = :botId', { tenantId: tx.tenantId, botId })
      .andWhere('s.telegramTransactionId is null and s.kind = any(:kinds)', { kinds: KINDS })
      .andWhere(`(s.state = 'unknown' or (s.state = 'done' and s.begunAt > :since))`, {
        since: new Date(now.getTime() - LOOKED_FOR_MS),
      })
      .orderBy(`case when s.state = 'done' then 0 when s.begun_at > :since then 1 else 2 end`)
      .addOrderBy('s.id')
      .limit(BATCH)
      .setLock('pessimistic_write')
      .getMany();
  }

  private find(tx: TenantTx, row: SpendingRow): Promise<string | undefined> {
    const begunAt = row.begunAt.getTime();
    const [from, to] = [new Date(begunAt - SKEW_MS), new Date(begunAt + LISTED_WITHIN_MS)];
    return this.unclaimed(tx, row, row.stars, from, to);
  }

  private async hasNotHappened(tx: TenantTx, row: SpendingRow, readFrom: Date, now: Date): Promise<boolean> {
    const begunAt = row.begunAt.getTime();
    if (readFrom.getTime() - begunAt <= LISTED_WITHIN_MS) return false;
    const [from, to] = [new Date(begunAt - LONG_BEFORE_MS), new Date(now.getTime() + SKEW_MS)];
    return (await this.unclaimed(tx, row, null, from, to)) === undefined;
  }

  /**
   * A row of the list that may be this spending and is not claimed by another one.
   * @param stars null: any amount
   */
  private async unclaimed(
    tx: TenantTx,
    row: SpendingRow,
    stars: number | null,
    from: Date,
    to: Date,
  ): Promise<string | undefined> {
    const listed = LISTED[row.kind];
    const rows = await tx.query<{ id: string }>(
      `select t.id from star_transactions t
       where t.tenant_id = $1 and t.bot_id = $2 and t.kind = $3 and t.direction = $4 and t.buyer_id = $5
         and ($6::bigint is null or t.amount = $6) and t.occurred_at between $7 and $8 and not exists (
           select from spendings s where s.tenant_id = t.tenant_id and s.bot_id = t.bot_id and s.telegram_transaction_id = t.id)
       order by t.position limit 1`,
      [tx.tenantId, row.botId, listed?.kind, listed?.direction, row.personId, stars, from, to],
    );
    return rows[0]?.id;
  }
}
