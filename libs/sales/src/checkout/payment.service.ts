import { Injectable } from '@nestjs/common';
import { ProductService } from '#libs/catalog';
import { type TenantTx, valuesOf } from '#libs/database';
import { EventStore } from '#libs/journal';
import { newUuid } from '#libs/kernel';
import { LedgerService, received } from '#libs/ledger';
import { ChargeRow } from '../charges/charge.entity.js';
import { chargeView } from '../charges/charge-view.js';
import { BOT_REMOVED, type Match, type Payment, SENT_BACK } from '../charges/payment.js';
import type { OrderRow } from '../orders/order.entity.js';
import { type Duties, dutiesOfProduct } from '../orders/duties.rows.js';
import { RefundService } from '../refunds/refund.service.js';
import { SubscriptionPayments } from '../subscriptions/subscription-payments.service.js';
import { type Delivery, PaymentSettlement, type Turn } from './payment-settlement.service.js';
import { matchTarget, type PaymentTarget, PaymentTargets } from './payment-targets.service.js';

export type Recorded =
  | { readonly outcome: 'already_recorded' }
  | {
      readonly outcome: Match;
      readonly chargeId: string;
      readonly orderId: string | undefined;
      /** The delivery that the caller has taken on itself. */
      readonly delivery: Delivery | undefined;
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
   * buyer entitled, `order.paid` recorded. Idempotent, even concurrently: a charge id counts once per bot. A charge
   * without a purchase is recorded as well. A payment of an invoice that anyone can pay belongs to the order of its
   * pre-checkout, or to one that is created now. A second charge for a paid order is refunded, and so is one that
   * arrives after the order's unit of the product was released and none is left; in all other cases the money is
   * honoured.
   */
  async record(tx: TenantTx, payment: Payment, now: Date, turn: Turn = {}): Promise<Recorded> {
    const target = await this.targets.find(tx, payment, now);
    if (target === undefined) return { outcome: 'already_recorded' };
    const order = target.kind === 'nothing' ? undefined : target.order;
    const matched = matchTarget(target, payment);
    const duties = order === undefined || matched !== 'order' ? undefined : await this.duties(tx, target, order);
    const lacksUnit = order !== undefined && duties?.counted === true && takesStock(order) && !order.stockReserved;
    const stock = lacksUnit ? await this.products.takeStock(tx, order.productId) : undefined;
    const match = stock === 'sold_out' ? 'undeliverable' : matched;
    const charge = chargeOf(tx, payment, match, order?.id ?? null, now);
    if (!(await this.insertOnce(tx, charge))) {
      if (lacksUnit && stock === 'taken') await this.products.returnStock(tx, order.productId);
      return { outcome: 'already_recorded' };
    }
    let delivery: Delivery | undefined;
    if (charge.match === 'order' && order !== undefined && duties !== undefined) {
      const renews = target.kind === 'renewal' ? target.subscription : undefined;
      const goods = target.kind === 'order' ? target.goods : undefined;
      const tookUnit = stock === 'taken';
      const settled = { order, duties, goods, charge, payment, renews, tookUnit, turn };
      delivery = await this.settlement.settle(tx, settled, now);
      if (renews !== undefined && (await this.subscriptions.cameTooLate(tx, payment)))
        await this.refunds.requestForCharge(tx, charge, { reason: BOT_REMOVED, by: 'system' }, now);
    } else {
      await this.hold(tx, charge, now);
      // A refunded renewal must not be charged again. Subscriptions sold elsewhere are ignored.
      const goesBack = SENT_BACK[charge.match] !== undefined;
      if (goesBack && payment.recurring !== undefined) await this.subscriptions.stopSecond(tx, charge.id);
    }
    return { outcome: charge.match, chargeId: charge.id, orderId: order?.id, delivery };
  }

  private async duties(tx: TenantTx, target: PaymentTarget, order: OrderRow): Promise<Duties> {
    return (target.kind === 'order' ? target.duties : undefined) ?? dutiesOfProduct(tx, order.productId);
  }

  /** Handles money without a purchase: records it, tells the creator, and refunds some of it automatically. */
  private async hold(tx: TenantTx, charge: ChargeRow, now: Date): Promise<void> {
    const order = charge.orderId === null ? {} : { orderId: charge.orderId };
    await this.events.record(tx, {
      type: 'charge.unmatched',
      botId: charge.botId,
      ...order,
      data: chargeView(charge),
    });
    const reason = SENT_BACK[charge.match];
    if (reason !== undefined) await this.refunds.requestForCharge(tx, charge, { reason, by: 'system' }, now);
  }

  /** Writes the charge and its ledger entries. @returns false when the charge is known: then nothing was written */
  private insertOnce(tx: TenantTx, charge: ChargeRow): Promise<boolean> {
    const { id: causeId, botId, stars, match } = charge;
    const row = valuesOf(charge);
    const inserted = {
      sql: `insert into charges ${row.sql} on conflict (tenant_id, bot_id, telegram_charge_id) do nothing returning 1`,
      values: row.values,
    };
    const entries = received(stars, match === 'order' ? 'earned' : 'held');
    return this.ledger.postWith(tx, inserted, { botId, cause: 'charge', causeId, entries });
  }
}

const chargeOf = (
  { tenantId }: TenantTx,
  payment: Payment,
  match: Match,
  orderId: string | null,
  now: Date,
): ChargeRow => ({
  tenantId,
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
});

/** False for a further period of a subscription. */
const takesStock = (order: OrderRow) => order.billing !== 'subscription_renewal';
