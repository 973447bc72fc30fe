import { Injectable } from '@nestjs/common';
import type { TenantTx } from '#libs/database';
import { JobStore } from '#libs/journal';
import { parseId } from '#libs/kernel';
import { isUnlocked } from '../orders/order.js';
import type { OrderRow } from '../orders/order.entity.js';
import { newOrder } from '../orders/new-order.js';
import { OrderStore } from '../orders/order.store.js';
import type { Payment } from '../charges/payment.js';

/** Telegram's report about paid media (Bot API, PaidMediaPurchased): without amount and charge. */
export interface Unlocked {
  readonly botId: string;
  readonly buyerId: number;
  readonly payload: string;
}

/**
 * Telegram sells paid media without asking us: there is no pre-checkout; it takes the Stars, unlocks the media, and
 * then reports it in two places. The update has the buyer and the order; amount and charge are only in the list of
 * transactions, so the order is paid once the list was read.
 */
@Injectable()
export class MediaSales {
  constructor(
    private readonly orders: OrderStore,
    private readonly jobs: JobStore,
  ) {}

  /**
   * Records that an order's media is unlocked, and triggers a read of Telegram's list for the charge. Idempotent, and
   * independent of the order with the charge. A person who unlocked a forwarded copy gets an order with the charge, so
   * nothing is lost when the payload belongs to another buyer's order.
   * @returns the order with the payload's id, if there is one
   */
  async report(tx: TenantTx, { botId, buyerId, payload }: Unlocked, now: Date): Promise<string | undefined> {
    const orderId = parseId('order', payload);
    const order = orderId === undefined ? undefined : await this.orders.lockIfAny(tx, orderId, botId);
    if (order?.buyerId === buyerId && !isKnown(order))
      await this.orders.change(tx, order, { unlockedAt: now }, { type: 'order.unlocked' }, now);
    await this.jobs.enqueue(tx, [{ kind: 'bot.reconcile', subject: botId }]);
    return order?.id;
  }

  /**
   * A new order, not stored yet, of a person who paid for a forwarded copy of another buyer's media; undefined for the
   * buyer's own order.
   */
  copyOf(named: OrderRow, payment: Payment, now: Date): OrderRow | undefined {
    if (payment.unlocked !== true || payment.buyerId === named.buyerId) return undefined;
    const { tenantId, botId, productId, priceVersion } = named;
    const { buyerId, stars } = payment;
    const wanted = { tenantId, botId, buyerId, productId, priceVersion, stars, placedByUpdate: null, source: null };
    return newOrder({ ...wanted, billing: 'purchase' }, now);
  }
}

const isKnown = (order: OrderRow) => isUnlocked(order) || order.state === 'paid' || order.state === 'refunded';
