import { Injectable } from '@nestjs/common';
import type { TenantTx } from '#libs/database';
import { JobStore } from '#libs/journal';
import { SECOND } from '#libs/kernel';
import type { PreCheckout } from '../orders/checkout.js';
import { newOrder } from '../orders/new-order.js';
import { OrderRow } from '../orders/order.entity.js';
import type { Payment } from '../charges/payment.js';
import { matchRecurring, renewed } from './subscription.js';
import type { SubscriptionRow } from './subscription.entity.js';
import { SubscriptionStore } from './subscription.store.js';

/** The order of a payment whose payload belongs to an order that has begun a subscription. */
export type RecurringOrder =
  /** The payload's order: nothing recurs, or the subscription begins with this payment. */
  | { readonly kind: 'named' }
  /** One more period, as a new order that is not stored yet. */
  | { readonly kind: 'renewal'; readonly order: OrderRow; readonly subscription: SubscriptionRow }
  /** The link was paid a second time, which is a second, useless subscription at Telegram. */
  | { readonly kind: 'again' };

/** The effects of payments on subscriptions. */
@Injectable()
export class SubscriptionPayments {
  constructor(
    private readonly store: SubscriptionStore,
    private readonly jobs: JobStore,
  ) {}

  /** The caller holds the lock of the order with the payload's id. */
  async orderOf(tx: TenantTx, named: OrderRow, payment: Payment, now: Date): Promise<RecurringOrder> {
    const { recurring } = payment;
    if (recurring === undefined || named.subscriptionId !== named.id) return { kind: 'named' };
    const subscription = await this.store.lock(tx, named.id);
    if (subscription === undefined) return { kind: 'named' };
    const match = matchRecurring(subscription, { ...payment, recurring });
    if (match === 'again') return { kind: 'again' };
    if (match === 'mismatch') return { kind: 'named' };
    const { tenantId, botId, buyerId, productId, priceVersion, stars } = named;
    const wanted = { tenantId, botId, buyerId, productId, priceVersion, stars, placedByUpdate: null, source: null };
    const order = newOrder({ ...wanted, billing: 'subscription_renewal' }, now);
    return { kind: 'renewal', subscription, order: { ...order, subscriptionId: subscription.id } };
  }

  /** @returns the end of the time that this pays for; null if it does not recur */
  async settle(
    tx: TenantTx,
    order: OrderRow,
    payment: Payment,
    known: SubscriptionRow | undefined,
    now: Date,
  ): Promise<Date | null> {
    if (order.billing === 'subscription_start') return (await this.store.begin(tx, order, payment, now)).paidUntil;
    const { recurring } = payment;
    if (known === undefined || recurring === undefined) return null;
    const next = renewed(known, { ...payment, recurring }, now);
    const runs = next.state === 'active' ? { canceledAt: null, canceledBy: null } : {};
    const ended = next.state === 'ended' ? {} : { endedAt: null };
    const changes = { ...next, ...runs, ...ended, renewals: known.renewals + 1 };
    await this.store.change(tx, known, changes, 'subscription.renewed', now);
    return recurring.until;
  }

  /**
   * True when a renewal was charged although its bot was already being removed: nothing can be delivered for it, so it
   * is refunded.
   */
  async cameTooLate(tx: TenantTx, { botId, occurredAt }: Pick<Payment, 'botId' | 'occurredAt'>): Promise<boolean> {
    const rows = await tx.query('select from bots where tenant_id = $1 and id = $2 and removing_since < $3', [
      tx.tenantId,
      botId,
      occurredAt,
    ]);
    return rows.length > 0;
  }

  /** Ends a surplus subscription: refunds its payment, and asks Telegram not to charge again. */
  async stopSecond(tx: TenantTx, chargeId: string): Promise<void> {
    await this.jobs.enqueue(tx, [{ kind: 'subscription.stop', subject: chargeId }]);
  }

  /**
   * True when Telegram asks about the next period of a running subscription. It is not documented to ask (Bot API,
   * PreCheckoutQuery); if it does, a refusal would end the subscription. A second payment of a link that was just paid
   * is not a renewal.
   */
  async isRenewal(tx: TenantTx, order: OrderRow, query: PreCheckout, now: Date): Promise<boolean> {
    if (order.subscriptionId !== order.id || order.state !== 'paid') return false;
    const known = await this.store.lock(tx, order.id);
    if (known === undefined || (known.state !== 'active' && known.state !== 'past_due')) return false;
    if (await this.cameTooLate(tx, { botId: order.botId, occurredAt: now })) return false;
    const age = now.getTime() - known.createdAt.getTime();
    const same = query.buyerId === known.buyerId && query.amount === known.stars && query.currency === 'XTR';
    return same && age > (known.periodSeconds * SECOND) / 2;
  }
}
