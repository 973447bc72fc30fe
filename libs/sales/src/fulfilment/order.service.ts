import { Injectable } from '@nestjs/common';
import type { Goods, ProductKind } from '#libs/catalog';
import type { TenantTx } from '#libs/database';
import { JobStore } from '#libs/journal';
import { NotFound, type Stars } from '#libs/kernel';
import { CreditPackService, OrderCredits, type PackStanding, type PaidCredits } from '#libs/ledger';
import { CreditOrderService } from './credit-order.service.js';
import { ChargeRow } from '../charges/charge.entity.js';
import type { FulfilmentRow } from './fulfilment.entity.js';
import { FulfilmentStore } from './fulfilment.store.js';
import { OrderRow } from '../orders/order.entity.js';
import type { Billing, OrderState } from '../orders/order.js';
import { OrderStore } from '../orders/order.store.js';
import { RefundRow } from '../refunds/refund.entity.js';

export interface OrderDetails {
  readonly order: OrderRow;
  readonly charges: readonly ChargeRow[];
  readonly refunds: readonly RefundRow[];
  /** For goods that the creator's server makes. */
  readonly fulfilment: FulfilmentRow | undefined;
}

/** The facts for a delivery to a buyer. */
export interface DeliveryFacts {
  readonly orderId: string;
  readonly botId: string;
  readonly buyerId: number;
  /** The language of the buyer's app, as Telegram last reported it. */
  readonly languageCode: string | null;
  readonly stars: Stars;
  readonly paidAt: Date;
  /** Incremented whenever the goods are requested again. */
  readonly round: number;
  readonly product: {
    readonly id: string;
    readonly title: string;
    /** For goods made by the creator's server, the kind of those goods. */
    readonly kind: ProductKind | Goods['kind'];
    readonly content: string | null;
    readonly fileId: string | null;
    /** The chat that it opens. */
    readonly chatId: string | null;
  };
  /** The time of the receipt, if it was sent before the goods. */
  readonly receiptAt: Date | null;
  /**
   * For a subscription: whether this payment begins it, the end of the time that this payment pays for and of all paid
   * time, and whether it has ended.
   */
  readonly subscription:
    | { readonly begins: boolean; readonly until: Date; readonly paidUntil: Date; readonly isOver: boolean }
    | undefined;
  /** True for paid media that Telegram has unlocked itself. */
  readonly unlocked: boolean;
  /** For credits: the pack, and the buyer's balance. */
  readonly credits: PackStanding | undefined;
  /** For a purchase with credits: the price, and the buyer's balance. */
  readonly paidCredits: PaidCredits | undefined;
}

export type HandoverResult =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'failed'; readonly error: string }
  | { readonly kind: 'unreachable'; readonly error: string };

export interface Purchase {
  readonly id: string;
  readonly productId: string;
  readonly state: OrderState;
  readonly delivery: OrderRow['delivery'];
  readonly stars: Stars;
  /** The price in credits, instead of Stars. */
  readonly creditUnit: string | null;
  readonly creditAmount: number | null;
  readonly title: string;
  readonly createdAt: Date;
}

@Injectable()
export class OrderService {
  constructor(
    private readonly orders: OrderStore,
    private readonly jobs: JobStore,
    private readonly packs: CreditPackService,
    private readonly fulfilments: FulfilmentStore,
    private readonly credits: OrderCredits,
    private readonly creditOrders: CreditOrderService,
  ) {}

  /** @throws NotFound */
  async details(tx: TenantTx, orderId: string): Promise<OrderDetails> {
    const { tenantId } = tx;
    const order = await tx.manager.findOneBy(OrderRow, { tenantId, id: orderId });
    if (order === null) throw new NotFound('order');
    const theirs = { where: { tenantId, orderId }, order: { id: 'ASC' } } as const;
    const [charges, refunds, fulfilment] = await Promise.all([
      tx.manager.find(ChargeRow, theirs),
      tx.manager.find(RefundRow, theirs),
      this.fulfilments.find(tx, orderId),
    ]);
    return { order, charges, refunds, fulfilment };
  }

  /** A buyer's last paid orders in one bot, including refunded ones, newest first. */
  purchases(tx: TenantTx, botId: string, buyerId: number, limit: number, offset = 0): Promise<Purchase[]> {
    return tx.query<Purchase>(
      `select o.id, o.state, o.delivery, o.stars, o.credit_unit as "creditUnit", o.credit_amount as "creditAmount", o.product_id as "productId", p.title, o.created_at as "createdAt"
       from orders o join products p on p.tenant_id = o.tenant_id and p.id = o.product_id
       where o.tenant_id = $1 and o.bot_id = $2 and o.buyer_id = $3 and o.state in ('paid', 'refunded')
       order by o.id desc limit $4 offset $5`,
      [tx.tenantId, botId, buyerId, limit, offset],
    );
  }

  /**
   * @returns undefined if there is nothing to deliver: not paid, being refunded, already delivered, or not ready yet
   */
  async deliveryFacts(tx: TenantTx, orderId: string, now: Date): Promise<DeliveryFacts | undefined> {
    return this.facts(tx, orderId, `and o.delivery <> 'delivered' and (f.state is null or f.state = 'ready')`, now);
  }

  /**
   * @returns undefined when the goods are available now, so that the receipt comes with them, and when the receipt was
   * already sent or is no longer due
   */
  async receiptFacts(tx: TenantTx, orderId: string, now: Date): Promise<DeliveryFacts | undefined> {
    return this.facts(tx, orderId, `and o.receipt_at is null and o.billing <> 'credits' and f.state <> 'ready'`, now);
  }

  /** Records that the buyer has the receipt but not yet the goods. Idempotent. */
  async recordReceipt(tx: TenantTx, orderId: string, now: Date): Promise<void> {
    await tx.query(`update orders set receipt_at = $3 where tenant_id = $1 and id = $2 and receipt_at is null`, [
      tx.tenantId,
      orderId,
      now,
    ]);
  }

  private async facts(tx: TenantTx, orderId: string, which: string, now: Date): Promise<DeliveryFacts | undefined> {
    const rows = await tx.query<
      Omit<DeliveryFacts, 'product' | 'credits' | 'paidCredits' | 'subscription'> &
        Omit<DeliveryFacts['product'], 'id'> & {
          productId: string;
          chargeId: string | null;
          billing: Billing;
          endsAt: Date | null;
          paidUntil: Date | null;
          isOver: boolean | null;
        }
    >(
      `select o.id as "orderId", o.bot_id as "botId", o.buyer_id as "buyerId", y.language_code as "languageCode", o.stars, o.paid_at as "paidAt", o.handover_round as round, o.receipt_at as "receiptAt",
         o.unlocked_at is not null as unlocked,
         c.id as "chargeId", o.billing,
         (select max(n.ends_at) from entitlements n where n.tenant_id = c.tenant_id and n.charge_id = c.id) as "endsAt",
         s.paid_until as "paidUntil", s.state = 'ended' as "isOver", p.id as "productId", p.title, coalesce(f.goods_kind, p.kind) as kind, coalesce(f.goods, p.content) as content,
         coalesce(f.goods_file_id, p.file_id) as "fileId", p.chat_id as "chatId"
       from orders o
       join buyers y on y.tenant_id = o.tenant_id and y.bot_id = o.bot_id and y.telegram_id = o.buyer_id
       join products p on p.tenant_id = o.tenant_id and p.id = o.product_id
       left join charges c on c.tenant_id = o.tenant_id and c.order_id = o.id and c.match = 'order' and c.state = 'paid'
       left join subscriptions s on s.tenant_id = o.tenant_id and s.id = o.subscription_id
       left join fulfilments f on f.tenant_id = o.tenant_id and f.order_id = o.id
       where o.tenant_id = $1 and o.id = $2 and o.state = 'paid' and (c.id is not null or o.billing = 'credits') ${which}`,
      [tx.tenantId, orderId],
    );
    const row = rows[0];
    if (row === undefined) return undefined;
    const { productId, chargeId, title, kind, content, fileId, chatId, ...rest } = row;
    const { billing, endsAt, paidUntil, isOver, ...order } = rest;
    const credits = kind === 'credits' && chargeId !== null ? await this.packs.standing(tx, chargeId, now) : undefined;
    const paidCredits =
      billing === 'credits' ? await this.credits.standing(tx, { id: orderId, buyerId: order.buyerId }, now) : undefined;
    const begins = billing === 'subscription_start';
    const subscription =
      endsAt === null || paidUntil === null ? undefined : { begins, until: endsAt, paidUntil, isOver: isOver === true };
    const product = { id: productId, title, kind, content, fileId, chatId };
    return { ...order, product, credits, paidCredits, subscription };
  }

  /**
   * Records the result of a delivery; tells the buyer if it failed. An order that was refunded meanwhile does not
   * change.
   */
  async recordHandover(tx: TenantTx, orderId: string, result: HandoverResult, now: Date): Promise<void> {
    const order = await this.orders.lockIfAny(tx, orderId);
    if (order === undefined || order.state !== 'paid' || order.delivery === 'delivered') return;
    const delivered = result.kind === 'delivered';
    const changes = delivered
      ? deliveredAt(now)
      : { delivery: result.kind, deliveryError: result.error, deliveredAt: null };
    const type = delivered ? 'order.delivered' : 'order.delivery_failed';
    const changed = await this.orders.change(tx, order, changes, { type }, now);
    if (result.kind !== 'failed') return this.creditOrders.settle(tx, changed, now);
    await this.creditOrders.giveBack(tx, changed, now);
    await this.jobs.enqueue(tx, [{ kind: 'fulfilment.notify', subject: orderId }]);
    const fulfilment = await this.fulfilments.find(tx, orderId);
    if (fulfilment === undefined) return;
    // Goods that cannot be delivered are treated as not made, so the deadline decides.
    await this.jobs.enqueue(tx, [{ kind: 'fulfilment.deadline', subject: orderId, dueAt: fulfilment.deadlineAt }]);
  }

  /**
   * Records that the goods of an order were delivered right after its payment.
   * @param paid the order as it is after its payment
   */
  async recordFirstHandover(tx: TenantTx, paid: OrderRow, now: Date): Promise<void> {
    if (await this.orders.changeKnown(tx, paid, deliveredAt(now), { type: 'order.delivered' }, now)) return;
    await this.recordHandover(tx, paid.id, { kind: 'delivered' }, now);
  }

  /**
   * Delivers a paid order again at its buyer's request.
   * @returns `unmade` when the creator's server has not made the goods, and nothing can be done for the buyer
   * @throws NotFound when this buyer has no such order, or it is being refunded
   */
  async handOverAgain(
    tx: TenantTx,
    botId: string,
    buyerId: number,
    orderId: string,
    now: Date,
  ): Promise<'on_its_way' | 'unmade'> {
    const order = await this.orders.lockIfAny(tx, orderId, botId);
    if (order === undefined || order.buyerId !== buyerId || order.state !== 'paid') throw new NotFound('order');
    const fulfilment = await this.fulfilments.find(tx, orderId);
    if (fulfilment !== undefined && fulfilment.state !== 'ready') return 'unmade';
    if (!(await this.orders.hasItsMoney(tx, orderId))) throw new NotFound('order');
    if (order.delivery !== 'waiting') {
      const round = order.handoverRound + 1;
      await this.orders.update(tx, order, { delivery: 'waiting', deliveryError: null, handoverRound: round }, now);
    }
    await this.jobs.enqueue(tx, [{ kind: 'order.deliver', subject: orderId }]);
    return 'on_its_way';
  }

  /**
   * Retries deliveries that could not reach a buyer because the bot was blocked or never started.
   * @returns the number of orders
   */
  async retryUnreachable(tx: TenantTx, botId: string, buyerId: number): Promise<number> {
    const rows = await tx.query<{ id: string }>(
      `update orders set delivery = 'waiting', updated_at = now()
       where tenant_id = $1 and bot_id = $2 and buyer_id = $3 and state = 'paid' and delivery = 'unreachable' returning id`,
      [tx.tenantId, botId, buyerId],
    );
    await this.jobs.enqueue(
      tx,
      rows.map((row) => ({ kind: 'order.deliver', subject: row.id })),
    );
    return rows.length;
  }
}

const deliveredAt = (now: Date) => ({ delivery: 'delivered', deliveryError: null, deliveredAt: now }) as const;
