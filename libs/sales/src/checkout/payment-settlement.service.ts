import { Injectable } from '@nestjs/common';
import { chatOfProduct, LicencePool } from '#libs/catalog';
import { ChatAccessStore } from '#libs/chats';
import { type Piece, type TenantTx, valuesOf } from '#libs/database';
import { type ClaimedJob, JobStore } from '#libs/journal';
import { newUuid } from '#libs/kernel';
import { CreditPackService } from '#libs/ledger';
import { Quotas } from '#libs/quotas';
import type { ChargeRow } from '../charges/charge.entity.js';
import { chargeView } from '../charges/charge-view.js';
import { settleAccess } from '../charges/chat-access.rows.js';
import type { EntitlementRow } from '../charges/entitlement.entity.js';
import type { Payment } from '../charges/payment.js';
import { type FirstDelivery, firstDelivery } from '../fulfilment/first-delivery.js';
import { FulfilmentStore } from '../fulfilment/fulfilment.store.js';
import type { OrderRow } from '../orders/order.entity.js';
import type { Duties, Goods } from '../orders/duties.rows.js';
import { OrderStore } from '../orders/order.store.js';
import { PromoStore } from '../promo/promo.store.js';
import type { SubscriptionRow } from '../subscriptions/subscription.entity.js';
import { SubscriptionPayments } from '../subscriptions/subscription-payments.service.js';

/** Lists the caller's own work in the turn of a payment. */
export interface Turn {
  /** The caller delivers the goods itself. */
  readonly deliversItself?: boolean;
  /** Sends its own statements in the round trip of the payment's last ones. Not called if nothing is settled. */
  readonly besides?: (orderId: string) => Promise<unknown>;
}

export interface Settled {
  readonly order: OrderRow;
  readonly duties: Duties;
  /** Undefined when they have not been read. */
  readonly goods: Goods | undefined;
  readonly charge: ChargeRow;
  readonly payment: Payment;
  /** The subscription that it renews, in its previous state. */
  readonly renews: SubscriptionRow | undefined;
  /** True if a unit of the product was just taken for this charge. */
  readonly tookUnit: boolean;
  readonly turn: Turn;
}

/** A delivery that the caller has taken on. */
export interface Delivery {
  readonly job: ClaimedJob;
  /** If undefined, the facts have to be read. */
  readonly first: FirstDelivery | undefined;
}

/** The consequences of an order's payment. */
@Injectable()
export class PaymentSettlement {
  constructor(
    private readonly orders: OrderStore,
    private readonly quotas: Quotas,
    private readonly fulfilments: FulfilmentStore,
    private readonly licences: LicencePool,
    private readonly packs: CreditPackService,
    private readonly promos: PromoStore,
    private readonly subscriptions: SubscriptionPayments,
    private readonly accesses: ChatAccessStore,
    private readonly jobs: JobStore,
  ) {}

  /**
   * Marks the order as paid, entitles the buyer, records `order.paid`, and makes the delivery due. The charge is
   * recorded and posted.
   * @returns the delivery if the caller has claimed it: see {@link JobStore.enqueueMine}
   */
  async settle(tx: TenantTx, settled: Settled, now: Date): Promise<Delivery | undefined> {
    const { order, duties, goods, charge, payment, renews, tookUnit, turn } = settled;
    const endsAt = await this.subscriptions.settle(tx, order, payment, renews, now);
    const stockReserved = order.stockReserved || tookUnit;
    const unlockedAt = order.unlockedAt ?? (payment.unlocked === true ? charge.occurredAt : null);
    const subscriptionId = order.billing === 'subscription_start' ? order.id : order.subscriptionId;
    const paid = { state: 'paid', paidAt: charge.occurredAt, delivery: 'waiting', unlockedAt } as const;
    const changes = { ...paid, stockReserved, subscriptionId, promoTaken: order.promoCodeId !== null };
    // No statement here waits for another's result, so all of it is one round trip.
    const fact = { type: 'order.paid', more: { charge: chargeView(charge) } } as const;
    const [chatId, job, after] = await Promise.all([
      // Read now, because two chats may have been merged while this transaction waited for the order's lock.
      duties.opensChat ? chatOfProduct(tx, order.productId) : undefined,
      this.dueDelivery(tx, order.id, turn.deliversItself === true),
      this.orders.change(tx, order, changes, fact, now, entitlementOf(order, charge, endsAt, now)),
      this.quotas.countPaid(tx, charge.occurredAt),
      duties.made ? this.fulfilments.open(tx, order, now) : undefined,
      duties.pooled ? this.licences.sell(tx, order, now) : undefined,
      this.promos.count(tx, order),
      duties.addsCredits ? this.addCredits(tx, order, charge, now) : undefined,
      turn.besides?.(order.id),
    ]);
    if (chatId !== undefined) await settleAccess(tx, this.accesses, chatId, order, now);
    return job && { job, first: goods && firstDelivery(after, duties, goods) };
  }

  private async dueDelivery(tx: TenantTx, subject: string, isMine: boolean): Promise<ClaimedJob | undefined> {
    const job = { kind: 'order.deliver', subject } as const;
    if (isMine) return this.jobs.enqueueMine(tx, job);
    await this.jobs.enqueue(tx, [job]);
    return undefined;
  }

  private async addCredits(tx: TenantTx, order: OrderRow, charge: ChargeRow, now: Date): Promise<void> {
    const pack = await this.orders.creditPack(tx, order.id);
    if (pack !== undefined) await this.packs.add(tx, { ...pack, chargeId: charge.id }, now);
  }
}

function entitlementOf(order: OrderRow, charge: ChargeRow, endsAt: Date | null, now: Date): Piece {
  const entitlement: Omit<EntitlementRow, 'createdAt'> = {
    tenantId: order.tenantId,
    id: newUuid(now.getTime()),
    botId: order.botId,
    buyerId: order.buyerId,
    productId: order.productId,
    orderId: order.id,
    chargeId: charge.id,
    state: 'active',
    startsAt: charge.occurredAt,
    endsAt,
    revokedAt: null,
  };
  const { sql, values } = valuesOf(entitlement);
  return { sql: `insert into entitlements ${sql}`, values };
}
