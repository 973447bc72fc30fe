import { Injectable } from '@nestjs/common';
import type { TenantTx } from '#libs/database';
import { OrderCredits } from '#libs/ledger';
import type { OrderRow } from '../orders/order.entity.js';
import { OrderStore } from '../orders/order.store.js';

/** Ends orders that are paid with credits. The caller holds the order's lock; orders paid with Stars are ignored. */
@Injectable()
export class CreditOrderService {
  constructor(
    private readonly orders: OrderStore,
    private readonly credits: OrderCredits,
  ) {}

  /** Spends the credits, once the buyer has the goods or will get them after unblocking the bot. Idempotent. */
  async settle(tx: TenantTx, order: OrderRow, now: Date): Promise<void> {
    if (order.billing === 'credits') await this.credits.spend(tx, order, now);
  }

  /**
   * Refunds credits and order, because the buyer will not get the goods. Credits that were already spent stay spent.
   * @returns the changed order
   */
  async giveBack(tx: TenantTx, order: OrderRow, now: Date): Promise<OrderRow> {
    if (order.billing !== 'credits' || !(await this.credits.letGo(tx, order, now))) return order;
    const changes = { state: 'refunded', refundedAt: now, delivery: 'revoked' } as const;
    return this.orders.change(tx, order, changes, { type: 'order.refunded' }, now);
  }
}
