import { Injectable } from '@nestjs/common';
import type { TenantTx } from '#libs/database';
import { MINUTE } from '#libs/kernel';
import { CUT_OFF_MS, LISTED, LISTED_WITHIN_MS, type SpendingKind } from './spending.js';
import { SpendingRow } from './spending.entity.js';
import { SpendingStore } from './spending.store.js';

/** Looked at in one comparison. */
const BATCH = 100;
/** Between our clock and Telegram's. */
const SKEW_MS = 2 * MINUTE;
const KINDS = Object.keys(LISTED) as SpendingKind[];

/** Finds in Telegram's list what was spent, and tells by it how a call ended whose answer was lost. */
@Injectable()
export class SpendingReconciler {
  constructor(private readonly store: SpendingStore) {}

  /**
   * Within the comparison of a bot's books, when the list was read to its end.
   * @param readFrom when reading began: what is not listed then, and should be, has not happened
   */
  async settle(tx: TenantTx, botId: string, readFrom: Date, now: Date): Promise<void> {
    for (const row of await this.open(tx, botId, now)) {
      const cutOff = { failure: 'The call was cut off.' };
      const asked = row.state === 'begun' ? await this.store.move(tx, row, 'unknown', cutOff, now) : row;
      const transaction = await this.find(tx, asked);
      if (transaction !== undefined) await this.settleBy(tx, asked, transaction, now);
      else if (asked.state === 'unknown' && readFrom.getTime() - asked.begunAt.getTime() > LISTED_WITHIN_MS) {
        await this.store.move(tx, asked, 'refused', { failure: "Telegram's list does not show it." }, now);
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

  /** What is known to be done comes first, so that an unknown one is not given its row. */
  private open(tx: TenantTx, botId: string, now: Date): Promise<SpendingRow[]> {
    return tx.manager
      .createQueryBuilder(SpendingRow, 's')
      .where('s.tenantId = :tenantId and s.botId = :botId', { tenantId: tx.tenantId, botId })
      .andWhere('s.telegramTransactionId is null and s.kind = any(:kinds)', { kinds: KINDS })
      .andWhere(`(s.state in ('done', 'unknown') or (s.state = 'begun' and s.begunAt < :before))`, {
        before: new Date(now.getTime() - CUT_OFF_MS),
      })
      .orderBy(`case s.state when 'done' then 0 else 1 end`)
      .addOrderBy('s.id')
      .limit(BATCH)
      .setLock('pessimistic_write')
      .getMany();
  }

  private async find(tx: TenantTx, row: SpendingRow): Promise<string | undefined> {
    const listed = LISTED[row.kind];
    const begunAt = row.begunAt.getTime();
    const rows = await tx.query<{ id: string }>(
      `select t.id from star_transactions t
       where t.tenant_id = $1 and t.bot_id = $2 and t.kind = $3 and t.direction = $4 and t.buyer_id = $5 and t.amount = $6
         and t.occurred_at between $7 and $8 and not exists (
           select from spendings s where s.tenant_id = t.tenant_id and s.bot_id = t.bot_id and s.telegram_transaction_id = t.id)
       order by t.position limit 1`,
      [
        tx.tenantId,
        row.botId,
        listed?.kind,
        listed?.direction,
        row.personId,
        row.stars,
        new Date(begunAt - SKEW_MS),
        new Date(begunAt + LISTED_WITHIN_MS),
      ],
    );
    return rows[0]?.id;
  }
}
