import { Injectable } from '@nestjs/common';
import type { TenantTx } from '#libs/database';
import { JobStore } from '#libs/journal';
import { newUuid, publicId } from '#libs/kernel';
import { CreditOrderService } from './credit-order.service.js';
import { FulfilmentService } from './fulfilment.service.js';
import { assertOwed, type ManualMode } from './manual-delivery.js';
import { ManualDeliveryRow } from './manual-delivery.entity.js';
import type { OrderRow } from '../orders/order.entity.js';
import { OrderStore } from '../orders/order.store.js';

export interface ManualDelivery {
  readonly mode: ManualMode;
  /** For the order's history, at most 500 characters. */
  readonly reason: string;
  readonly accountId: string;
}

/** Lets a creator's team deliver manually when the bot could not, or the buyer says that nothing arrived. */
@Injectable()
export class ManualDeliveryService {
  constructor(
    private readonly orders: OrderStore,
    private readonly jobs: JobStore,
    private readonly fulfilments: FulfilmentService,
    private readonly credits: CreditOrderService,
  ) {}

  /**
   * `send_again` begins a new round of delivery, and again requests goods that the creator's server has not made; an
   * order that is already being delivered does not change. `mark_delivered` ends the delivery of an order that its
   * buyer does not have yet, and `order.delivered` says that it was done by hand. Both are recorded.
   * @returns the order as it is now
   * @throws NotFound, NothingOwed, AlreadyDelivered
   */
  async deliver(tx: TenantTx, orderId: string, wish: ManualDelivery, now: Date): Promise<OrderRow> {
    const order = await this.orders.lock(tx, orderId);
    assertOwed({ ...order, hasItsMoney: await this.orders.hasItsMoney(tx, orderId) }, wish.mode);
    await tx.manager.insert(ManualDeliveryRow, {
      tenantId: tx.tenantId,
      id: newUuid(now.getTime()),
      orderId,
      ...wish,
      createdAt: now,
    });
    return wish.mode === 'send_again' ? this.sendAgain(tx, order, now) : this.markDelivered(tx, order, wish, now);
  }

  private async sendAgain(tx: TenantTx, order: OrderRow, now: Date): Promise<OrderRow> {
    const asked = await this.fulfilments.askAgain(tx, order, now);
    if (asked !== undefined) return asked;
    // Enqueued in any case: the job may be waiting for hours between two attempts.
    await this.jobs.enqueue(tx, [{ kind: 'order.deliver', subject: order.id }]);
    if (order.delivery === 'waiting') return order;
    const round = order.handoverRound + 1;
    return this.orders.update(tx, order, { delivery: 'waiting', deliveryError: null, handoverRound: round }, now);
  }

  private async markDelivered(tx: TenantTx, order: OrderRow, wish: ManualDelivery, now: Date): Promise<OrderRow> {
    const changes = { delivery: 'delivered', deliveryError: null, deliveredAt: now } as const;
    const more = { delivered_by_hand: { reason: wish.reason, by: publicId('account', wish.accountId) } };
    const delivered = await this.orders.change(tx, order, changes, { type: 'order.delivered', more }, now);
    await this.credits.settle(tx, delivered, now);
    return delivered;
  }
}
