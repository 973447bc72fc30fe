import { Injectable } from '@nestjs/common';
import { ProductService } from '#libs/catalog';
import type { TenantTx } from '#libs/database';
import { type ClaimedJob, EventStore } from '#libs/journal';
import { newUuid } from '#libs/kernel';
import { LedgerService, received } from '#libs/ledger';
import { ChargeRow } from '../charges/charge.entity.js';
import { chargeView } from '../charges/charge-view.js';
import { BOT_REMOVED, type Match, type Payment, SENT_BACK } from '../charges/payment.js';
import type { OrderRow } from '../orders/order.entity.js';
import { type Duties, dutiesOfProduct } from '../orders/duties.rows.js';
import { RefundService } from '../refunds/refund.service.js';
import { SubscriptionPayments } from '../subscriptions/subscription-payments.service.js';
import { PaymentSettlement } from './payment-settlement.service.js';
import { matchTarget, type PaymentTarget, PaymentTargets } from './payment-targets.service.js';

export type Recorded =
  | { readonly outcome: 'already_recorded' }
  | {
      readonly outcome: Match;
      readonly chargeId: string;
      readonly orderId: string | undefined;
      /** The delivery that the caller has taken on itself. */
      readonly delivery: ClaimedJob | undefined;
    };

/** Records payments, after Telegram has taken the buyer's Stars. */
@Injectable()
export class PaymentService {
  constructor(
    private readonly targets: PaymentTargets,
    private readonly settlement: PaymentSettlement,
    private readonly products: ProductService,
    private readonly subscriptions: SubscriptionPayments,
    private readonly refunds: RefundService,
    private readonly ledger: LedgerService,
    private readonly events: EventStore,
  ) {}

  /**
   * Records a charge with all its consequences, in the caller's transaction: the order is paid, the ledger posted, the
   * buyer entitled, `order.paid` recorded. Idempotent, also concurrently: a charge id counts once per bot. A charge
   * without a purchase is recorded as well. A payment of an invoice that anyone can pay is for the order of its
   * pre-checkout, or for one that is created now. A second charge for a paid order is refunded, and so is one that
   * comes when the order's unit of the product was released and none is left; in all other cases the money is honoured.
   */
  async record(tx: TenantTx, payment: Payment, now: Date, deliversItself = false): Promise<Recorded> {
    const target = await this.targets.find(tx, payment, now);
    if (target === undefined) return { outcome: 'already_recorded' };
    const order = target.kind === 'nothing' ? undefined : target.order;
    const matched = matchTarget(target, payment);
    const duties = order === undefined || matched !== 'order' ? undefined : await this.duties(tx, target, order);
    const lacksUnit = order !== undefined && duties?.counted === true && takesStock(order) && !order.stockReserved;
    const [inserted, stock] = await Promise.all([
      this.insertOnce(tx, payment, matched, order?.id ?? null, now),
      lacksUnit ? this.products.takeStock(tx, order.productId) : undefined,
    ]);
    if (inserted === undefined) {
      if (lacksUnit && stock === 'taken') await this.products.returnStock(tx, order.productId);
      return { outcome: 'already_recorded' };
    }
    const charge = stock === 'sold_out' ? await this.setUndeliverable(tx, inserted) : inserted;
    let delivery: ClaimedJob | undefined;
    if (charge.match === 'order' && order !== undefined && duties !== undefined) {
      const renews = target.kind === 'renewal' ? target.subscription : undefined;
      const tookUnit = stock === 'taken';
      const settled = { order, duties, charge, payment, renews, tookUnit, deliversItself };
      delivery = await this.settlement.settle(tx, settled, now);
      if (renews !== undefined && (await this.subscriptions.cameTooLate(tx, payment)))
        await this.refunds.requestForCharge(tx, charge, { reason: BOT_REMOVED, by: 'system' }, now);
    } else {
      await this.hold(tx, charge, now);
      // A refunded renewal must not be charged again. A subscription from elsewhere is not our business.
      const goesBack = SENT_BACK[charge.match] !== undefined;
      if (goesBack && payment.recurring !== undefined) await this.subscriptions.stopSecond(tx, charge.id);
    }
    return { outcome: charge.match, chargeId: charge.id, orderId: order?.id, delivery };
  }

  private async duties(tx: TenantTx, target: PaymentTarget, order: OrderRow): Promise<Duties> {
    return (target.kind === 'order' ? target.duties : undefined) ?? dutiesOfProduct(tx, order.productId);
  }

  private async setUndeliverable(tx: TenantTx, charge: ChargeRow): Promise<ChargeRow> {
    const changes = { match: 'undeliverable' } as const;
    await tx.manager.update(ChargeRow, { tenantId: tx.tenantId, id: charge.id }, changes);
    return { ...charge, ...changes };
  }

  /** Money without a purchase: it is recorded, the creator is told, and some of it is refunded automatically. */
  private async hold(tx: TenantTx, charge: ChargeRow, now: Date): Promise<void> {
    const order = charge.orderId === null ? {} : { orderId: charge.orderId };
    await Promise.all([
      this.ledger.post(tx, {
        botId: charge.botId,
        cause: 'charge',
        causeId: charge.id,
        entries: received(charge.stars, 'held'),
      }),
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

/** A further period of a subscription takes no stock. */
const takesStock = (order: OrderRow) => order.billing !== 'subscription_renewal';
