import { Injectable } from '@nestjs/common';
import type { TenantTx } from '#libs/database';
import { parseId } from '#libs/kernel';
import { BuyerService } from '../buyers/buyer.service.js';
import { ChargeRow } from '../charges/charge.entity.js';
import { type Match, matchPayment, type Payment } from '../charges/payment.js';
import { offerOf } from '../charges/offer-payload.js';
import { OfferStore } from '../offers/offer.store.js';
import { OrderRow } from '../orders/order.entity.js';
import type { Duties, Goods } from '../orders/duties.rows.js';
import { OrderStore } from '../orders/order.store.js';
import type { SubscriptionRow } from '../subscriptions/subscription.entity.js';
import { SubscriptionPayments } from '../subscriptions/subscription-payments.service.js';
import { MediaSales } from './media-sales.service.js';

/** The purpose of a payment. Its order is stored, and locked if it existed before. */
export type PaymentTarget =
  /** Its payload does not belong to any of our orders. */
  | { readonly kind: 'nothing' }
  /**
   * The order with the payload's id, or one that was created for an invoice that anyone can pay.
   * @param duties undefined when they have not been read yet, like the goods
   */
  | ({ readonly kind: 'order' } & Named)
  /** One more period of a subscription, as a new order. */
  | { readonly kind: 'renewal'; readonly order: OrderRow; readonly subscription: SubscriptionRow }
  /** The order of a person who unlocked a forwarded copy of another buyer's media. */
  | { readonly kind: 'copy'; readonly order: OrderRow }
  /** The link of a running subscription, paid a second time. `order` is the one that began it. */
  | { readonly kind: 'second_subscription'; readonly order: OrderRow };

export function matchTarget(target: PaymentTarget, payment: Payment): Match {
  switch (target.kind) {
    case 'nothing':
      return matchPayment(undefined, payment);
    case 'second_subscription':
      return 'duplicate';
    case 'order':
    case 'renewal':
    case 'copy':
      return matchPayment(target.order, payment);
  }
}

interface Named {
  readonly order: OrderRow;
  readonly duties: Duties | undefined;
  readonly goods: Goods | undefined;
}

/** Finds the purposes of payments. */
@Injectable()
export class PaymentTargets {
  constructor(
    private readonly orders: OrderStore,
    private readonly offers: OfferStore,
    private readonly subscriptions: SubscriptionPayments,
    private readonly media: MediaSales,
    private readonly buyers: BuyerService,
  ) {}

  /**
   * Creates the order of a renewal, of a copy, and of an invoice for everyone.
   * @returns undefined for a charge that is already recorded
   */
  async find(tx: TenantTx, payment: Payment, now: Date): Promise<PaymentTarget | undefined> {
    const named = await this.orderNamed(tx, payment, now);
    if (named === 'already_recorded') return undefined;
    if (named === undefined) return { kind: 'nothing' };
    const target = await this.targetOf(tx, named, payment, now);
    if (target.kind !== 'renewal' && target.kind !== 'copy') return target;
    // The lock of the order with the payload's id prevents concurrent recording of this charge.
    if (await this.isRecorded(tx, payment)) return undefined;
    if (target.kind === 'copy')
      await this.buyers.introduce(tx, payment.botId, payment.person ?? { id: payment.buyerId });
    await tx.manager.insert(OrderRow, target.order);
    return target;
  }

  private async targetOf(
    tx: TenantTx,
    { order: named, duties, goods }: Named,
    payment: Payment,
    now: Date,
  ): Promise<PaymentTarget> {
    const recurring = await this.subscriptions.orderOf(tx, named, payment, now);
    if (recurring.kind === 'renewal') return recurring;
    const copy = this.media.copyOf(named, payment, now);
    if (copy !== undefined) return { kind: 'copy', order: copy };
    return recurring.kind === 'again'
      ? { kind: 'second_subscription', order: named }
      : { kind: 'order', order: named, duties, goods };
  }

  private async orderNamed(tx: TenantTx, payment: Payment, now: Date): Promise<Named | 'already_recorded' | undefined> {
    const offer = offerOf(payment.payload);
    if (offer === undefined) {
      const orderId = parseId('order', payment.payload);
      return orderId === undefined ? undefined : this.orders.lockToPay(tx, orderId, payment.botId);
    }
    const order = await this.offers.orderPaid(tx, offer, payment, now);
    return typeof order === 'object' ? { order, duties: undefined, goods: undefined } : order;
  }

  private async isRecorded(tx: TenantTx, { botId, telegramChargeId }: Payment): Promise<boolean> {
    return tx.manager.existsBy(ChargeRow, { tenantId: tx.tenantId, botId, telegramChargeId });
  }
}
