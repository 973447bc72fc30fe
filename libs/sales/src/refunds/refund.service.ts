import { Injectable } from '@nestjs/common';
import type { PlatformTx, TenantTx } from '#libs/database';
import { EventStore, JobStore } from '#libs/journal';
import { NotFound, type Stars } from '#libs/kernel';
import { LedgerService, returned } from '#libs/ledger';
import { ChargeRow } from '../charges/charge.entity.js';
import type { OrderRow } from '../orders/order.entity.js';
import { OrderStore } from '../orders/order.store.js';
import { PromoStore } from '../promo/promo.store.js';
import { isLate, isOpen, NothingToRefund, refuseRefund, type RefundReported, type RefundWish } from './refund.js';
import type { RefundRow } from './refund.entity.js';
import { RefundGoods } from './refund-goods.service.js';
import { type OpenRefund, RefundStore } from './refund.store.js';
import { refundView } from './refund-view.js';

/** A refund that a buyer was promised and that is not in progress. */
export interface DroppedPromise {
  readonly tenantId: string;
  readonly chargeId: string;
  readonly reason: string | null;
}

export interface RefundNotice {
  readonly botId: string;
  readonly buyerId: number;
  readonly languageCode: string | null;
  readonly stars: Stars;
  /** Telegram refuses for now, and the Stars are not back yet. */
  readonly delayed: boolean;
  /** The purchased product; null for money without a purchase. */
  readonly productId: string | null;
  readonly title: string | null;
}

/**
 * Refunds Stars, always in full (Bot API, refundStarPayment). Intent, call and confirmation are three steps, so that a
 * crash at any point leads to the same end. Goods are taken back with the intent, not with the confirmation.
 */
@Injectable()
export class RefundService {
  constructor(
    private readonly orders: OrderStore,
    private readonly ledger: LedgerService,
    private readonly promos: PromoStore,
    private readonly store: RefundStore,
    private readonly goods: RefundGoods,
    private readonly events: EventStore,
    private readonly jobs: JobStore,
  ) {}

  /**
   * Requests the refund of a paid order. If one is pending, returns that one.
   * @throws NotFound, and the errors of {@link refuseRefund}
   */
  async request(tx: TenantTx, orderId: string, wish: RefundWish, now: Date): Promise<RefundRow> {
    const order = await this.orders.lock(tx, orderId);
    const charge = await tx.manager.findOne(ChargeRow, {
      where: { tenantId: tx.tenantId, orderId, match: 'order' },
      lock: { mode: 'pessimistic_write' },
    });
    return this.ask(tx, order, charge, wish, now);
  }

  /**
   * Requests the refund of one charge of any kind, including charges without an order. @throws NotFound,
   * AlreadyRefunded, BuyerErased
   */
  async requestByCharge(tx: TenantTx, chargeId: string, wish: RefundWish, now: Date): Promise<RefundRow> {
    const charge = await this.store.lockCharge(tx, chargeId);
    if (charge === undefined) throw new NotFound('charge');
    return this.requestForCharge(tx, charge, wish, now);
  }

  /**
   * Returns promises of all tenants that were given up: earlier versions ended a promise when Telegram refused it.
   * Excludes promises whose orders were eventually delivered.
   */
  dropped(tx: PlatformTx, limit: number): Promise<DroppedPromise[]> {
    return tx.query<DroppedPromise>(
      `select r.tenant_id as "tenantId", r.charge_id as "chargeId", min(r.reason) as reason
       from refunds r join charges c on c.tenant_id = r.tenant_id and c.id = r.charge_id and c.state = 'paid' and c.buyer_id > 0
       left join orders o on o.tenant_id = c.tenant_id and o.id = c.order_id
       where r.requested_by = 'system' and r.state = 'failed' and not (c.match = 'order' and o.delivery is not distinct from 'delivered')
       group by r.tenant_id, r.charge_id order by min(r.created_at) limit $1`,
      [limit],
    );
  }

  /** Resumes a promise. Idempotent. @returns true if it had been given up */
  async keep(tx: TenantTx, { chargeId, reason }: DroppedPromise, now: Date): Promise<boolean> {
    const charge = await this.store.lockCharge(tx, chargeId);
    if (charge?.state !== 'paid') return false;
    await this.requestForCharge(tx, charge, { reason, by: 'system' }, now);
    return true;
  }

  /** Requests the refund of a charge. The caller holds its lock and that of its order. */
  requestForCharge(tx: TenantTx, charge: ChargeRow, wish: RefundWish, now: Date): Promise<RefundRow> {
    return this.ask(tx, undefined, charge, wish, now);
  }

  private async ask(
    tx: TenantTx,
    order: OrderRow | undefined,
    charge: ChargeRow | null,
    wish: RefundWish,
    now: Date,
  ): Promise<RefundRow> {
    const live = charge === null ? undefined : await this.store.liveRefund(tx, charge.id);
    const isPersonKnown = charge === null || (await this.store.isPersonKnown(tx, charge.buyerId));
    const Refusal = refuseRefund({ order, isCharged: charge !== null, live: live?.state, isPersonKnown });
    if (Refusal !== undefined || charge === null) throw new (Refusal ?? NothingToRefund)();
    if (live !== undefined) {
      await this.store.wake(tx, live);
      return live;
    }

    const asked = await this.store.insert(tx, charge, wish, now);
    await tx.manager.update(ChargeRow, { tenantId: tx.tenantId, id: charge.id }, { state: 'refund_pending' });
    const refund = await this.goods.take(tx, { refund: asked, charge }, now);
    await this.jobs.enqueue(tx, [{ kind: 'refund.execute', subject: refund.id }]);
    await this.record(tx, 'refund.requested', refund, charge);
    return refund;
  }

  /**
   * Locks the refund to work on. One in the state `sent` was left by an attempt that died: it is unknown whether its
   * call was made. @returns undefined if there is nothing more to do
   */
  async pick(tx: TenantTx, refundId: string, now: Date): Promise<OpenRefund | undefined> {
    const open = await this.store.lockOpen(tx, refundId);
    if (open === undefined || !isOpen(open.refund.state)) return undefined;
    if (open.refund.state !== 'sent') return open;
    return { ...open, refund: await this.store.move(tx, open.refund, 'unknown', 'The call was interrupted.', now) };
  }

  /**
   * Marks the call as about to be made. Before an `unknown` refund is begun, Telegram's list was read and did not
   * contain it.
   * @returns true if the call has to be made
   */
  async begin(tx: TenantTx, refundId: string, now: Date): Promise<boolean> {
    const open = await this.store.lockOpen(tx, refundId);
    if (open === undefined || !isOpen(open.refund.state) || open.refund.state === 'sent') return false;
    await this.store.move(tx, open.refund, 'sent', null, now);
    return true;
  }

  /**
   * Records an attempt that did not refund the Stars; the refund stays open. `unknown`: there was no response.
   * `requested`: Telegram did nothing yet. `refused`: Telegram refused a promise, which is delayed from now on; any
   * other refund is delayed once it is late. @param why the reason, for the creator
   */
  async postpone(
    tx: TenantTx,
    refundId: string,
    what: 'requested' | 'unknown' | 'refused',
    why: string,
    now: Date,
  ): Promise<void> {
    const open = await this.store.lockOpen(tx, refundId);
    if (open === undefined || !isOpen(open.refund.state)) return;
    const to = what === 'unknown' ? 'unknown' : 'requested';
    const refund = open.refund.state === 'sent' ? await this.store.move(tx, open.refund, to, why, now) : open.refund;
    if (what !== 'refused' && !isLate(refund, now)) return;
    if (refund.delayedSince !== null) return;
    const delayed = await this.store.delay(tx, refund, why, now);
    await this.record(tx, 'refund.delayed', delayed, open.charge);
  }

  /** Records that Telegram has refunded the Stars, at anyone's request. Idempotent. */
  async succeed(tx: TenantTx, refundId: string, now: Date): Promise<void> {
    const open = await this.store.lockOpen(tx, refundId);
    if (open !== undefined && isOpen(open.refund.state)) await this.conclude(tx, open, now);
  }

  /**
   * Ends a refund that Telegram refused, or whose buyer's identity has been deleted: the buyer keeps the goods, or
   * still gets them; the creator is told why and may request it again.
   */
  async fail(tx: TenantTx, refundId: string, why: string, now: Date): Promise<void> {
    const open = await this.store.lockOpen(tx, refundId);
    if (open?.refund.state !== 'sent') return;
    const failed = await this.store.move(tx, open.refund, 'failed', why, now);
    await tx.manager.update(ChargeRow, { tenantId: tx.tenantId, id: open.charge.id }, { state: 'paid' });
    const refund = await this.goods.restore(tx, { ...open, refund: failed }, now);
    await this.record(tx, 'refund.failed', refund, open.charge);
  }

  /**
   * Records a refund that Telegram reports, whether we or another program requested it. Idempotent, even concurrently
   * with our own call and other reports.
   */
  async recordFromTelegram(tx: TenantTx, botId: string, telegramChargeId: string, now: Date): Promise<RefundReported> {
    const known = await tx.manager.findOneBy(ChargeRow, { tenantId: tx.tenantId, botId, telegramChargeId });
    const charge = known === null ? undefined : await this.store.lockCharge(tx, known.id);
    if (charge === undefined) return 'no_such_charge';
    if (charge.state === 'refunded') return 'already_recorded';
    const live = await this.store.liveRefund(tx, charge.id);
    const wish = { reason: 'Refunded outside of Starwall.', by: 'telegram' };
    const refund = live ?? (await this.store.insert(tx, charge, wish, now));
    await this.conclude(tx, { refund, charge }, now);
    return 'recorded';
  }

  /**
   * Returns the message for the buyer: the Stars are back, or a promise is delayed. Undefined if there is nothing to
   * say, or the buyer was erased.
   */
  async notice(tx: TenantTx, refundId: string): Promise<RefundNotice | undefined> {
    const rows = await tx.query<RefundNotice>(
      `select c.bot_id as "botId", c.buyer_id as "buyerId", y.language_code as "languageCode", c.stars, r.state <> 'refunded' as delayed, p.id as "productId", p.title
       from refunds r
       join charges c on c.tenant_id = r.tenant_id and c.id = r.charge_id
       left join buyers y on y.tenant_id = c.tenant_id and y.bot_id = c.bot_id and y.telegram_id = c.buyer_id
       left join orders o on o.tenant_id = c.tenant_id and o.id = c.order_id
       left join products p on p.tenant_id = o.tenant_id and p.id = o.product_id
       where r.tenant_id = $1 and r.id = $2 and c.buyer_id > 0
         and (r.state = 'refunded' or (r.state <> 'failed' and r.delayed_since is not null and r.requested_by = 'system'))`,
      [tx.tenantId, refundId],
    );
    return rows[0];
  }

  private async conclude(tx: TenantTx, open: OpenRefund, now: Date): Promise<void> {
    const { charge } = open;
    const moved = await this.store.move(tx, open.refund, 'refunded', null, now);
    await tx.manager.update(ChargeRow, { tenantId: tx.tenantId, id: charge.id }, { state: 'refunded' });
    const refund = await this.goods.take(tx, { refund: moved, charge }, now);
    const against = charge.match === 'order' ? 'earned' : 'held';
    const entries = returned(charge.stars, against);
    await this.ledger.post(tx, { botId: charge.botId, cause: 'refund', causeId: refund.id, entries });
    await this.record(tx, 'refund.succeeded', refund, charge);
    if (charge.match === 'order' && charge.orderId !== null) await this.refundOrder(tx, charge.orderId, now);
  }

  private async refundOrder(tx: TenantTx, orderId: string, now: Date): Promise<void> {
    const order = await this.orders.lock(tx, orderId);
    const changes = { state: 'refunded', refundedAt: now, delivery: 'revoked', promoTaken: false } as const;
    await this.orders.change(tx, order, changes, { type: 'order.refunded' }, now);
    await this.promos.free(tx, order);
  }

  private async record(
    tx: TenantTx,
    type: 'refund.requested' | 'refund.delayed' | 'refund.succeeded' | 'refund.failed',
    refund: RefundRow,
    charge: ChargeRow,
  ): Promise<void> {
    const order = refund.orderId === null ? {} : { orderId: refund.orderId };
    await this.events.record(tx, { type, botId: charge.botId, ...order, data: refundView(refund) });
  }
}
