import { Injectable } from '@nestjs/common';
import { LicencePool, ProductService } from '#libs/catalog';
import { ChatAccessStore } from '#libs/chats';
import type { TenantTx } from '#libs/database';
import { EventStore } from '#libs/journal';
import { newUuid, parseId } from '#libs/kernel';
import { CreditPackService, LedgerService, received } from '#libs/ledger';
import { Quotas } from '#libs/quotas';
import { BuyerService } from '../buyers/buyer.service.js';
import { ChargeRow } from '../charges/charge.entity.js';
import { FulfilmentStore } from '../fulfilment/fulfilment.store.js';
import { EntitlementRow } from '../charges/entitlement.entity.js';
import { offerOf } from '../offers/offer.js';
import { OfferStore } from '../offers/offer.store.js';
import { MediaSales } from './media-sales.service.js';
import { OrderRow } from '../orders/order.entity.js';
import { OrderStore } from '../orders/order.store.js';
import { PromoStore } from '../promo/promo.store.js';
import { type Match, matchPayment, type Payment, BOT_REMOVED, SENT_BACK } from '../charges/payment.js';
import { RefundService } from '../refunds/refund.service.js';
import { SubscriptionPayments } from '../subscriptions/subscription-payments.service.js';
import { chargeView } from '../charges/charge-view.js';

export type Recorded =
  | { readonly outcome: 'already_recorded' }
  | { readonly outcome: Match; readonly chargeId: string; readonly orderId: string | undefined };

/** What happens when Telegram has taken the buyer's Stars. */
@Injectable()
export class PaymentService {
  constructor(
    private readonly orders: OrderStore,
    private readonly offers: OfferStore,
    private readonly products: ProductService,
    private readonly licences: LicencePool,
    private readonly promos: PromoStore,
    private readonly ledger: LedgerService,
    private readonly packs: CreditPackService,
    private readonly refunds: RefundService,
    private readonly fulfilments: FulfilmentStore,
    private readonly subscriptions: SubscriptionPayments,
    private readonly media: MediaSales,
    private readonly buyers: BuyerService,
    private readonly accesses: ChatAccessStore,
    private readonly events: EventStore,
    private readonly quotas: Quotas,
  ) {}

  /**
   * Records a charge with all that follows from it, in the caller's transaction: the order is paid, the ledger posted, the buyer
   * entitled, the fact `order.paid` written. Safe to call again and concurrently: a charge id counts once per bot. A charge that
   * pays nothing is recorded all the same. A payment of an invoice that anybody may pay is for the order of its pre-checkout, or for
   * one that is made now. A second charge for a paid order is sent back, and so is one that comes when the order's
   * unit of the product has been given up and none is left: whatever else may have happened to the order, the money is honoured.
   */
  async record(tx: TenantTx, payment: Payment, now: Date): Promise<Recorded> {
    const named = await this.orderNamed(tx, payment, now);
    if (named === 'already_recorded') return { outcome: named };
    const recurring = named && (await this.subscriptions.orderOf(tx, named, payment, now));
    const copy = named && this.media.copyOf(named, payment, now);
    const fresh = recurring?.kind === 'renewal' ? recurring.order : copy;
    if (fresh !== undefined) {
      // Under the lock of the order that is named nobody else records this charge meanwhile.
      if (await this.isRecorded(tx, payment)) return { outcome: 'already_recorded' };
      if (fresh === copy) await this.buyers.introduce(tx, payment.botId, payment.person ?? { id: payment.buyerId });
      await tx.manager.insert(OrderRow, fresh);
    }
    const order = fresh ?? named;
    const matched = recurring?.kind === 'again' ? 'duplicate' : matchPayment(order, payment);
    const lacksUnit = order !== undefined && matched === 'order' && takesStock(order) && !order.stockReserved;
    const [inserted, stock] = await Promise.all([
      this.insertOnce(tx, payment, matched, order?.id ?? null, now),
      lacksUnit ? this.products.takeStock(tx, order.productId) : undefined,
    ]);
    if (inserted === undefined) {
      if (lacksUnit && stock === 'taken') await this.products.returnStock(tx, order.productId);
      return { outcome: 'already_recorded' };
    }
    const charge = stock === 'sold_out' ? await this.setUndeliverable(tx, inserted) : inserted;

    if (charge.match === 'order' && order !== undefined) {
      const known = recurring?.kind === 'renewal' ? recurring.subscription : undefined;
      const endsAt = await this.subscriptions.settle(tx, order, payment, known, now);
      await this.settle(
        tx,
        order,
        charge,
        { took: stock === 'taken', endsAt, unlocked: payment.unlocked === true },
        now,
      );
      if (known !== undefined && (await this.subscriptions.cameTooLate(tx, payment))) {
        await this.refunds.requestForCharge(tx, charge, { reason: BOT_REMOVED, by: 'system' }, now);
      }
    } else {
      await this.hold(tx, charge, now);
      // What goes back must not be taken again. A subscription that is not from here is none of our business.
      const goesBack = SENT_BACK[charge.match] !== undefined;
      if (goesBack && payment.recurring !== undefined) await this.subscriptions.stopSecond(tx, charge.id);
    }
    return { outcome: charge.match, chargeId: charge.id, orderId: order?.id };
  }

  private async orderNamed(
    tx: TenantTx,
    payment: Payment,
    now: Date,
  ): Promise<OrderRow | 'already_recorded' | undefined> {
    const offer = offerOf(payment.payload);
    if (offer !== undefined) return this.offers.orderPaid(tx, offer, payment, now);
    const orderId = parseId('order', payment.payload);
    return orderId === undefined ? undefined : this.orders.lockIfAny(tx, orderId, payment.botId);
  }

  private async isRecorded(tx: TenantTx, { botId, telegramChargeId }: Payment): Promise<boolean> {
    return tx.manager.existsBy(ChargeRow, { tenantId: tx.tenantId, botId, telegramChargeId });
  }

  private async setUndeliverable(tx: TenantTx, charge: ChargeRow): Promise<ChargeRow> {
    const changes = { match: 'undeliverable' } as const;
    await tx.manager.update(ChargeRow, { tenantId: tx.tenantId, id: charge.id }, changes);
    return { ...charge, ...changes };
  }

  private async settle(
    tx: TenantTx,
    order: OrderRow,
    charge: ChargeRow,
    { took, endsAt, unlocked }: { readonly took: boolean; readonly endsAt: Date | null; readonly unlocked: boolean },
    now: Date,
  ): Promise<void> {
    const stockReserved = order.stockReserved || took;
    const unlockedAt = order.unlockedAt ?? (unlocked ? charge.occurredAt : null);
    const subscriptionId = order.billing === 'subscription_start' ? order.id : order.subscriptionId;
    const paid = { state: 'paid', paidAt: charge.occurredAt, delivery: 'waiting', unlockedAt } as const;
    const changes = { ...paid, stockReserved, subscriptionId, promoTaken: order.promoCodeId !== null };
    // Nothing here waits for another's answer, so all of it is one round trip.
    const [chatId] = await Promise.all([
      this.accesses.chatOf(tx, order.productId),
      this.orders.change(tx, order, changes, { type: 'order.paid', more: { charge: chargeView(charge) } }, now),
      this.post(tx, charge, 'earned'),
      this.entitle(tx, order, charge, endsAt, now),
      this.quotas.countPaid(tx, charge.occurredAt),
      this.fulfilments.open(tx, order, now),
      this.licences.sell(tx, order, now),
      this.promos.count(tx, order),
      this.orders
        .creditPack(tx, order.id)
        .then((pack) => pack && this.packs.add(tx, { ...pack, chargeId: charge.id }, now)),
    ]);
    if (chatId !== undefined) await this.accesses.settle(tx, chatId, order, now);
  }

  private post(tx: TenantTx, charge: ChargeRow, against: 'earned' | 'held'): Promise<void> {
    const entries = received(charge.stars, against);
    return this.ledger.post(tx, { botId: charge.botId, cause: 'charge', causeId: charge.id, entries });
  }

  private async entitle(
    tx: TenantTx,
    order: OrderRow,
    charge: ChargeRow,
    endsAt: Date | null,
    now: Date,
  ): Promise<void> {
    await tx.manager.insert(EntitlementRow, {
      tenantId: tx.tenantId,
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
    });
  }

  /** Money that pays nothing: it is on the books, the creator is told, and some of it goes back by itself. */
  private async hold(tx: TenantTx, charge: ChargeRow, now: Date): Promise<void> {
    const order = charge.orderId === null ? {} : { orderId: charge.orderId };
    await Promise.all([
      this.post(tx, charge, 'held'),
      this.events.record(tx, { type: 'charge.unmatched', botId: charge.botId, ...order, data: chargeView(charge) }),
    ]);
    const reason = SENT_BACK[charge.match];
    if (reason !== undefined) await this.refunds.requestForCharge(tx, charge, { reason, by: 'system' }, now);
  }

  private async insertOnce(
    tx: TenantTx,
    payment: Payment,
    match: Match,
    orderId: string | null,
    now: Date,
  ): Promise<ChargeRow | undefined> {
    const charge: ChargeRow = {
      tenantId: tx.tenantId,
      id: newUuid(now.getTime()),
      botId: payment.botId,
      telegramChargeId: payment.telegramChargeId,
      providerChargeId: payment.providerChargeId,
      orderId,
      buyerId: payment.buyerId,
      stars: payment.stars,
      payload: payment.payload,
      match,
      state: 'paid',
      metadata: {},
      source: payment.source,
      occurredAt: payment.occurredAt,
      createdAt: now,
    };
    const inserted = await tx.query(
      `insert into charges (tenant_id, id, bot_id, telegram_charge_id, provider_charge_id, order_id, buyer_id, stars, payload,
         match, state, source, occurred_at, created_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'paid', $11, $12, $13)
       on conflict (tenant_id, bot_id, telegram_charge_id) do nothing returning 1`,
      [
        charge.tenantId,
        charge.id,
        charge.botId,
        charge.telegramChargeId,
        charge.providerChargeId,
        charge.orderId,
        charge.buyerId,
        charge.stars,
        charge.payload,
        charge.match,
        charge.source,
        charge.occurredAt,
        charge.createdAt,
      ],
    );
    return inserted.length === 1 ? charge : undefined;
  }
}

/** The next period of what somebody has takes nothing from the shelf. */
const takesStock = (order: OrderRow) => order.billing !== 'subscription_renewal';
