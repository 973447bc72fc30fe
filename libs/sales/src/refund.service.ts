import { Injectable } from '@nestjs/common';
import type { TenantTx } from '#libs/database';
import { EventStore, JobStore } from '#libs/journal';
import { mayMove, newUuid, NotFound } from '#libs/kernel';
import { LedgerService, returned } from '#libs/ledger';
import { ChargeRow } from './charge.entity.js';
import { EntitlementRow } from './entitlement.entity.js';
import { OrderRow } from './order.entity.js';
import { OrderStore } from './order.store.js';
import { AlreadyRefunded, NothingToRefund, REFUND_MOVES, type RefundState } from './refund.js';
import { RefundRow } from './refund.entity.js';
import { orderView, refundView } from './view.js';

export interface RefundWish {
  readonly reason: string | null;
  /** An account's public id, `system` or `telegram`. */
  readonly by: string;
}

export interface OpenRefund {
  readonly refund: RefundRow;
  readonly charge: ChargeRow;
}

export interface RefundNotice {
  readonly botId: string;
  readonly buyerId: number;
  readonly stars: number;
  readonly title: string | null;
}

/**
 * Gives Stars back: always all of them (Bot API, refundStarPayment). Intent, call, confirmation are three steps, so that a crash
 * at any line runs into the same end. Goods are taken back with the intent, not with the confirmation.
 */
@Injectable()
export class RefundService {
  constructor(
    private readonly orders: OrderStore,
    private readonly ledger: LedgerService,
    private readonly events: EventStore,
    private readonly jobs: JobStore,
  ) {}

  /**
   * Asks for the refund of a paid order. Asked again while one is under way, it answers with that one.
   * @throws NotFound, NothingToRefund when the order was never paid, AlreadyRefunded
   */
  async request(tx: TenantTx, orderId: string, wish: RefundWish, now: Date): Promise<RefundRow> {
    const order = await tx.manager.findOne(OrderRow, {
      where: { tenantId: tx.tenantId, id: orderId },
      lock: { mode: 'pessimistic_write' },
    });
    if (order === null) throw new NotFound('order');
    if (order.state === 'refunded') throw new AlreadyRefunded();
    const charge = await tx.manager.findOne(ChargeRow, {
      where: { tenantId: tx.tenantId, orderId, match: 'order' },
      lock: { mode: 'pessimistic_write' },
    });
    if (charge === null) throw new NothingToRefund();
    return this.requestForCharge(tx, charge, wish, now);
  }

  /** The same for a charge, for money that paid no order. The caller holds the locks of order and charge, or has just made them. */
  async requestForCharge(tx: TenantTx, charge: ChargeRow, wish: RefundWish, now: Date): Promise<RefundRow> {
    const live = await this.liveRefund(tx, charge.id);
    if (live?.state === 'refunded') throw new AlreadyRefunded();
    if (live !== undefined) return live;

    const refund = await this.insert(tx, charge, wish, 'requested', now);
    await tx.manager.update(ChargeRow, { tenantId: tx.tenantId, id: charge.id }, { state: 'refund_pending' });
    await this.setEntitlement(tx, charge.id, 'revoked', now);
    await this.jobs.enqueue(tx, [{ kind: 'refund.execute', subject: refund.id }]);
    await this.record(tx, 'refund.requested', refund, charge);
    return refund;
  }

  /** Marks the call as about to be made. @returns undefined when nothing is left to do */
  async begin(tx: TenantTx, refundId: string, now: Date): Promise<OpenRefund | undefined> {
    const open = await this.lockOpen(tx, refundId);
    if (open === undefined || open.refund.state === 'refunded' || open.refund.state === 'failed') return undefined;
    return { ...open, refund: await this.move(tx, open.refund, 'sent', null, now) };
  }

  /** The answer did not come or said "later": the refund stays open. */
  async postpone(
    tx: TenantTx,
    refundId: string,
    state: 'requested' | 'unknown',
    why: string,
    now: Date,
  ): Promise<void> {
    const open = await this.lockOpen(tx, refundId);
    if (open?.refund.state === 'sent') await this.move(tx, open.refund, state, why, now);
  }

  /** Telegram has given the Stars back, whoever asked for it. Idempotent. */
  async succeed(tx: TenantTx, refundId: string, now: Date): Promise<void> {
    const open = await this.lockOpen(tx, refundId);
    if (open !== undefined && open.refund.state !== 'refunded') await this.conclude(tx, open, now);
  }

  /** Telegram refused for good: the buyer keeps the goods, the creator reads why. */
  async fail(tx: TenantTx, refundId: string, why: string, now: Date): Promise<void> {
    const open = await this.lockOpen(tx, refundId);
    if (open === undefined || !mayMove(REFUND_MOVES, open.refund.state, 'failed')) return;
    const refund = await this.move(tx, open.refund, 'failed', why, now);
    await tx.manager.update(ChargeRow, { tenantId: tx.tenantId, id: open.charge.id }, { state: 'paid' });
    await this.setEntitlement(tx, open.charge.id, 'active', now);
    await this.record(tx, 'refund.failed', refund, open.charge);
  }

  /**
   * Telegram says that a charge went back: as the echo of our own call, or because somebody refunded it elsewhere. Idempotent.
   * @returns false when this bot has no such charge
   */
  async recordFromTelegram(tx: TenantTx, botId: string, telegramChargeId: string, now: Date): Promise<boolean> {
    const known = await tx.manager.findOneBy(ChargeRow, { tenantId: tx.tenantId, botId, telegramChargeId });
    if (known === null) return false;
    if (known.orderId !== null) await this.orders.lock(tx, botId, known.orderId);
    const charge = await tx.manager.findOneOrFail(ChargeRow, {
      where: { tenantId: tx.tenantId, id: known.id },
      lock: { mode: 'pessimistic_write' },
    });
    if (charge.state === 'refunded') return true;
    const live = await this.liveRefund(tx, charge.id);
    const wish = { reason: 'Refunded outside of Starwall.', by: 'telegram' };
    const refund = live ?? (await this.insert(tx, charge, wish, 'requested', now));
    await this.conclude(tx, { refund, charge }, now);
    return true;
  }

  /** What to tell the buyer about a refund; undefined when there is no such refund. */
  async notice(tx: TenantTx, refundId: string): Promise<RefundNotice | undefined> {
    const rows = await tx.query<RefundNotice>(
      `select c.bot_id as "botId", c.buyer_id as "buyerId", c.stars, p.title
       from refunds r
       join charges c on c.tenant_id = r.tenant_id and c.id = r.charge_id
       left join orders o on o.tenant_id = c.tenant_id and o.id = c.order_id
       left join products p on p.tenant_id = o.tenant_id and p.id = o.product_id
       where r.tenant_id = $1 and r.id = $2 and r.state = 'refunded'`,
      [tx.tenantId, refundId],
    );
    return rows[0];
  }

  private async conclude(tx: TenantTx, open: OpenRefund, now: Date): Promise<void> {
    const { charge } = open;
    const refund = await this.move(tx, open.refund, 'refunded', null, now);
    await tx.manager.update(ChargeRow, { tenantId: tx.tenantId, id: charge.id }, { state: 'refunded' });
    await this.setEntitlement(tx, charge.id, 'revoked', now);
    const against = charge.match === 'order' ? 'earned' : 'held';
    const entries = returned(charge.stars, against);
    await this.ledger.post(tx, { botId: charge.botId, cause: 'refund', causeId: refund.id, entries });
    await this.record(tx, 'refund.succeeded', refund, charge);
    if (charge.match === 'order' && charge.orderId !== null) await this.refundOrder(tx, charge.orderId, now);
  }

  private async refundOrder(tx: TenantTx, orderId: string, now: Date): Promise<void> {
    const order = await tx.manager.findOneByOrFail(OrderRow, { tenantId: tx.tenantId, id: orderId });
    const refunded = await this.orders.update(
      tx,
      order,
      { state: 'refunded', refundedAt: now, delivery: 'revoked' },
      now,
    );
    await this.events.record(tx, { type: 'order.refunded', botId: order.botId, orderId, data: orderView(refunded) });
  }

  /** Locks in the house's order: order, charge, refund. */
  private async lockOpen(tx: TenantTx, refundId: string): Promise<OpenRefund | undefined> {
    const known = await tx.manager.findOneBy(RefundRow, { tenantId: tx.tenantId, id: refundId });
    if (known === null) return undefined;
    await tx.query(
      `select 1 from orders o join charges c on c.tenant_id = o.tenant_id and c.order_id = o.id
       where c.tenant_id = $1 and c.id = $2 for update of o`,
      [tx.tenantId, known.chargeId],
    );
    const lock = { mode: 'pessimistic_write' } as const;
    const charge = await tx.manager.findOneOrFail(ChargeRow, {
      where: { tenantId: tx.tenantId, id: known.chargeId },
      lock,
    });
    const refund = await tx.manager.findOneOrFail(RefundRow, { where: { tenantId: tx.tenantId, id: refundId }, lock });
    return { charge, refund };
  }

  private async liveRefund(tx: TenantTx, chargeId: string): Promise<RefundRow | undefined> {
    const refunds = await tx.manager.findBy(RefundRow, { tenantId: tx.tenantId, chargeId });
    return refunds.find((refund) => refund.state !== 'failed');
  }

  private async insert(
    tx: TenantTx,
    charge: ChargeRow,
    wish: RefundWish,
    state: RefundState,
    now: Date,
  ): Promise<RefundRow> {
    const refund: RefundRow = {
      tenantId: tx.tenantId,
      id: newUuid(now.getTime()),
      chargeId: charge.id,
      orderId: charge.orderId,
      state,
      reason: wish.reason,
      requestedBy: wish.by,
      failure: null,
      createdAt: now,
      updatedAt: now,
    };
    await tx.manager.insert(RefundRow, refund);
    return refund;
  }

  private async move(
    tx: TenantTx,
    refund: RefundRow,
    to: RefundState,
    failure: string | null,
    now: Date,
  ): Promise<RefundRow> {
    const changes = { state: to, failure, updatedAt: now };
    await tx.manager.update(RefundRow, { tenantId: tx.tenantId, id: refund.id }, changes);
    return { ...refund, ...changes };
  }

  private async setEntitlement(tx: TenantTx, chargeId: string, state: 'active' | 'revoked', now: Date): Promise<void> {
    const revokedAt = state === 'revoked' ? now : null;
    await tx.manager.update(EntitlementRow, { tenantId: tx.tenantId, chargeId }, { state, revokedAt });
  }

  private async record(
    tx: TenantTx,
    type: 'refund.requested' | 'refund.succeeded' | 'refund.failed',
    refund: RefundRow,
    charge: ChargeRow,
  ): Promise<void> {
    const order = refund.orderId === null ? {} : { orderId: refund.orderId };
    await this.events.record(tx, { type, botId: charge.botId, ...order, data: refundView(refund) });
  }
}
