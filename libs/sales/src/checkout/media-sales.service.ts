import { Injectable } from '@nestjs/common';
import type { TenantTx } from '#libs/database';
import { JobStore } from '#libs/journal';
import { parseId } from '#libs/kernel';
import { isUnlocked } from '../orders/order.js';
import type { OrderRow } from '../orders/order.entity.js';
import { newOrder } from '../orders/new-order.js';
import { OrderStore } from '../orders/order.store.js';
import type { Payment } from '../charges/payment.js';

/** What Telegram says of paid media (Bot API, PaidMediaPurchased): neither what was paid nor under which charge. */
export interface Unlocked {
  readonly botId: string;
  readonly buyerId: number;
  readonly payload: string;
}

/**
 * Paid media is sold by Telegram alone: it asks nobody, takes the Stars, unlocks, and then tells of it twice. The update says who and
 * which order; amount and charge are in the list of transactions and nowhere else, so the order is paid when that was read.
 */
@Injectable()
export class MediaSales {
  constructor(
    private readonly orders: OrderStore,
    private readonly jobs: JobStore,
  ) {}

  /**
   * Notes that an order's media is unlocked and has Telegram's list read for the charge. Idempotent, in any order with the charge.
   * Whoever unlocked a copy that was forwarded gets an order with the charge, and so nothing is lost when the payload names no order
   * of theirs.
   * @returns the order that is named, if there is one
   */
  async report(tx: TenantTx, { botId, buyerId, payload }: Unlocked, now: Date): Promise<string | undefined> {
    const orderId = parseId('order', payload);
    const order = orderId === undefined ? undefined : await this.orders.lockIfAny(tx, orderId, botId);
    if (order?.buyerId === buyerId && !isKnown(order))
      await this.orders.change(tx, order, { unlockedAt: now }, { type: 'order.unlocked' }, now);
    await this.jobs.enqueue(tx, [{ kind: 'bot.reconcile', subject: botId }]);
    return order?.id;
  }

  /** The order of somebody who paid for a forwarded copy of another buyer's media, not stored yet; undefined when it was no other. */
  copyOf(named: OrderRow, payment: Payment, now: Date): OrderRow | undefined {
    if (payment.unlocked !== true || payment.buyerId === named.buyerId) return undefined;
    const { tenantId, botId, productId, priceVersion } = named;
    const { buyerId, stars } = payment;
    const wanted = { tenantId, botId, buyerId, productId, priceVersion, stars, placedByUpdate: null, source: null };
    return newOrder({ ...wanted, billing: 'purchase' }, now);
  }
}

const isKnown = (order: OrderRow) => isUnlocked(order) || order.state === 'paid' || order.state === 'refunded';
