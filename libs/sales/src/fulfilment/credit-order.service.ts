import { Injectable } from '@nestjs/common';
import type { TenantTx } from '#libs/database';
import { EventStore, previousOf } from '#libs/journal';
import { OrderCredits } from '#libs/ledger';
import type { OrderRow } from '../orders/order.entity.js';
import { assertMove } from '../orders/order.js';
import { OrderStore } from '../orders/order.store.js';
import { orderView } from '../orders/order-view.js';

/** How orders end that credits pay for. The caller holds the order's lock; an order that Stars pay for stays as it is. */
@Injectable()
export class CreditOrderService {
  constructor(
    private readonly orders: OrderStore,
    private readonly credits: OrderCredits,
    private readonly events: EventStore,
  ) {}

  /** The buyer has it, or it waits for them to unblock the bot: the credits are spent. Done twice it is done once. */
  async settle(tx: TenantTx, order: OrderRow, now: Date): Promise<void> {
    if (order.billing === 'credits') await this.credits.spend(tx, order, now);
  }

  /**
   * The buyer will not get it: the credits go back, and with them the order. Credits that were spent before stay spent.
   * @returns the order as it is now
   */
  async giveBack(tx: TenantTx, order: OrderRow, now: Date): Promise<OrderRow> {
    if (order.billing !== 'credits' || !(await this.credits.letGo(tx, order, now))) return order;
    assertMove(order, 'refunded');
    const changes = { state: 'refunded', refundedAt: now, delivery: 'revoked' } as const;
    const refunded = await this.orders.update(tx, order, changes, now);
    const { botId, id: orderId } = order;
    const data = orderView(refunded);
    const previous = previousOf(orderView(order), data);
    await this.events.record(tx, { type: 'order.refunded', botId, orderId, data, previous });
    return refunded;
  }
}
