import { Injectable } from '@nestjs/common';
import { type Cursor, seekOptions, type TenantTx } from '#libs/database';
import { EventStore } from '#libs/journal';
import { newUuid } from '#libs/kernel';
import { type StrayPayment } from './stray-payment.js';
import { StrayPaymentRow } from './stray-payment.entity.js';
import { strayPaymentView } from './stray-payment-view.js';

export interface StrayFilter extends Cursor {
  readonly botId?: string | undefined;
  readonly limit: number;
}

/** Stores Telegram's reports of payments and refunds that cannot be recorded, for the creator to see. */
@Injectable()
export class StrayPayments {
  constructor(private readonly events: EventStore) {}

  /** Stores it and tells the creator, once for each update. */
  async record(tx: TenantTx, stray: StrayPayment, now: Date): Promise<void> {
    const row: StrayPaymentRow = { ...stray, tenantId: tx.tenantId, id: newUuid(now.getTime()), createdAt: now };
    const { raw } = await tx.manager
      .createQueryBuilder()
      .insert()
      .into(StrayPaymentRow)
      .values(row)
      .orIgnore()
      .returning('id')
      .execute();
    if ((raw as unknown[]).length === 0) return;
    await this.events.record(tx, { type: 'payment.stray', botId: stray.botId, data: strayPaymentView(row) });
  }

  /** Newest first, one more than `limit`. */
  list(tx: TenantTx, { botId, limit, ...cursor }: StrayFilter): Promise<StrayPaymentRow[]> {
    const { where, order } = seekOptions(cursor);
    const ofBot = botId === undefined ? {} : { botId };
    return tx.manager.find(StrayPaymentRow, {
      where: { tenantId: tx.tenantId, ...ofBot, ...where },
      order,
      take: limit + 1,
    });
  }
}
