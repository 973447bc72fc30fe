import { Injectable } from '@nestjs/common';
import type { Goods, OfferedGoods } from '#libs/catalog';
import type { TenantTx } from '#libs/database';
import { JobStore } from '#libs/journal';
import { HOUR, NotFound } from '#libs/kernel';
import { CreditOrderService } from './credit-order.service.js';
import { assertFulfilmentMove, assertTakesGoods, isUnmade } from './fulfilment.js';
import type { FulfilmentRow } from './fulfilment.entity.js';
import { FulfilmentStore, jobsOf } from './fulfilment.store.js';
import type { OrderRow } from '../orders/order.entity.js';
import { type OrderFact, OrderStore } from '../orders/order.store.js';
import { RefundService } from '../refunds/refund.service.js';
import { fulfilmentView } from './fulfilment-view.js';

interface Locked {
  readonly order: OrderRow;
  readonly fulfilment: FulfilmentRow;
}

/** Milliseconds until the next check of an order whose refund was requested. */
const REFUND_MS = HOUR;

const NO_GOODS = { goodsKind: null, goods: null, goodsFileId: null, readyAt: null } as const;

const LATE = 'The goods had not arrived by the deadline.';

/**
 * Goods that the creator's server makes after the payment. All changes run under the order's lock: if goods arrive
 * twice, or at the same time as their deadline, exactly one of the two counts.
 */
@Injectable()
export class FulfilmentService {
  constructor(
    private readonly orders: OrderStore,
    private readonly fulfilments: FulfilmentStore,
    private readonly refunds: RefundService,
    private readonly credits: CreditOrderService,
    private readonly jobs: JobStore,
  ) {}

  /** Records the goods from the creator's server. Existing goods are kept. */
  async recordGoods(tx: TenantTx, orderId: string, goods: Goods, now: Date): Promise<void> {
    const locked = await this.lockUnmade(tx, orderId);
    if (locked === undefined) return;
    const counted = await this.counted(tx, locked, null, now);
    await this.tellRecovery(tx, locked, counted, now);
    await this.keepGoods(tx, counted, goods, now);
  }

  /** Records that the creator's server is making them. The buyer is told once, here or at the first refusal. */
  async recordGenerating(tx: TenantTx, orderId: string, now: Date): Promise<void> {
    const locked = await this.lockUnmade(tx, orderId);
    if (locked === undefined) return;
    const counted = await this.counted(tx, locked, null, now);
    const { order, fulfilment } = counted;
    await this.tellRecovery(tx, locked, counted, now);
    if (fulfilment.state === 'generating') return;
    assertFulfilmentMove(fulfilment.state, 'generating');
    const made = await this.fulfilments.update(tx, fulfilment, { state: 'generating' }, now);
    await this.orders.change(tx, order, { delivery: 'generating' }, fact('order.generating', made), now);
    if (locked.fulfilment.lastError === null) await this.tellBuyer(tx, orderId);
  }

  /**
   * Records that the creator's server could not be reached, or refused temporarily. The first time, tells the creator
   * why, and tells the buyer that it will take a while.
   */
  async recordRefusal(tx: TenantTx, orderId: string, error: string, now: Date): Promise<void> {
    const locked = await this.lockUnmade(tx, orderId);
    if (locked === undefined) return;
    const { order, fulfilment } = await this.counted(tx, locked, error, now);
    const { state, lastError, refusedSince } = locked.fulfilment;
    if (refusedSince === null)
      await this.orders.change(tx, order, {}, fact('order.fulfilment_refused', fulfilment), now);
    if (state === 'requested' && lastError === null) await this.tellBuyer(tx, orderId);
  }

  /**
   * Records that the creator's server will not make the goods. For Stars the deadline still runs: the goods can be
   * sent manually until then. Credits are returned at once.
   */
  async recordFailure(tx: TenantTx, orderId: string, error: string, now: Date): Promise<void> {
    const locked = await this.lockUnmade(tx, orderId);
    if (locked !== undefined) await this.fail(tx, await this.counted(tx, locked, error, now), error, now);
  }

  /**
   * Stores goods that were sent later: the first ones win. A file that has to be fetched counts only once it has
   * arrived; until then, other goods can replace it.
   * @returns the changed order @throws NotFound (order, file), NothingOwed, GoodsNotExpected, AlreadyDelivered
   */
  async handIn(tx: TenantTx, orderId: string, goods: OfferedGoods, now: Date): Promise<OrderRow> {
    const order = await this.orders.lock(tx, orderId);
    const fulfilment = await this.fulfilments.find(tx, orderId);
    assertTakesGoods({ ...order, hasItsMoney: await this.orders.hasItsMoney(tx, orderId) }, fulfilment?.state);
    if (fulfilment === undefined) return order;
    if (goods.kind === 'address') return this.reopen(tx, { order, fulfilment }, goods.url, now);
    if (goods.fileId !== null && !(await this.fulfilments.hasFile(tx, goods.fileId))) throw new NotFound('file');
    return this.keepGoods(tx, { order, fulfilment }, goods, now);
  }

  /**
   * Ends the fulfilment at its deadline. Goods that have not arrived have failed, and so have those that Telegram did
   * not accept. The payment is returned, Stars only if the product promised that. Goods that are being delivered do not
   * change.
   * @returns milliseconds until the next check, when it is too early or a refund is pending; else 0
   */
  async expire(tx: TenantTx, orderId: string, now: Date): Promise<number> {
    const order = await this.orders.lockIfAny(tx, orderId);
    const fulfilment = await this.fulfilments.find(tx, orderId);
    if (order === undefined || fulfilment === undefined) return 0;
    if (fulfilment.state === 'ready' && order.delivery !== 'failed') return 0;
    if (fulfilment.deadlineAt > now) return fulfilment.deadlineAt.getTime() - now.getTime();
    if (order.state !== 'paid' || order.delivery === 'delivered') return 0;
    // A pending refund may still be refused, and then the goods are owed again.
    if (!(await this.orders.hasItsMoney(tx, orderId))) return isUnmade(fulfilment.state) ? REFUND_MS : 0;
    if (isUnmade(fulfilment.state)) await this.fail(tx, { order, fulfilment }, LATE, now);
    if (fulfilment.refundAtDeadline && order.billing !== 'credits')
      await this.refunds.request(tx, orderId, { reason: LATE, by: 'system' }, now);
    return 0;
  }

  /**
   * Requests missing goods again, after the creator has fixed their server. If the deadline has passed, it starts
   * again. The caller holds the order's lock and knows that the goods are owed.
   * @returns the order as it is now; undefined when its goods have arrived, or are not made by a server
   */
  async askAgain(tx: TenantTx, order: OrderRow, now: Date): Promise<OrderRow | undefined> {
    const fulfilment = await this.fulfilments.find(tx, order.id);
    if (fulfilment === undefined || fulfilment.state === 'ready') return undefined;
    return this.reopen(tx, { order, fulfilment }, null, now);
  }

  /** @param goodsUrl the address that the job fetches instead of calling the server; null: it calls the server */
  private async reopen(
    tx: TenantTx,
    { order, fulfilment }: Locked,
    goodsUrl: string | null,
    now: Date,
  ): Promise<OrderRow> {
    const late = fulfilment.deadlineAt <= now;
    const deadlineAt = late ? await this.fulfilments.deadlineFrom(tx, order.productId, now) : fulfilment.deadlineAt;
    await this.jobs.enqueue(tx, jobsOf(order, deadlineAt));
    const state = fulfilment.state === 'generating' ? 'generating' : 'requested';
    if (state !== fulfilment.state) assertFulfilmentMove(fulfilment.state, state);
    await this.fulfilments.update(tx, fulfilment, { ...NO_GOODS, deadlineAt, state, goodsUrl, lastError: null }, now);
    const delivery = state === 'generating' ? 'generating' : 'waiting';
    const handoverRound = fulfilment.state === 'ready' ? order.handoverRound + 1 : order.handoverRound;
    const changes = { delivery, deliveryError: null, deliveredAt: null, handoverRound } as const;
    return this.orders.update(tx, order, changes, now);
  }

  private async keepGoods(tx: TenantTx, { order, fulfilment }: Locked, goods: Goods, now: Date): Promise<OrderRow> {
    assertFulfilmentMove(fulfilment.state, 'ready');
    const { kind: goodsKind, content, fileId: goodsFileId } = goods;
    const made = {
      state: 'ready',
      goodsKind,
      goods: content,
      goodsFileId,
      lastError: null,
      refusedSince: null,
      readyAt: now,
    } as const;
    await this.fulfilments.update(tx, fulfilment, { ...made, goodsUrl: null }, now);
    await this.jobs.enqueue(tx, [{ kind: 'order.deliver', subject: order.id }]);
    const handoverRound = order.delivery === 'failed' ? order.handoverRound + 1 : order.handoverRound;
    return this.orders.update(tx, order, { delivery: 'waiting', deliveryError: null, handoverRound }, now);
  }

  private async fail(tx: TenantTx, { order, fulfilment }: Locked, error: string, now: Date): Promise<void> {
    assertFulfilmentMove(fulfilment.state, 'failed');
    const failed = await this.fulfilments.update(tx, fulfilment, { state: 'failed' }, now);
    const changes = { delivery: 'failed', deliveryError: error } as const;
    const changed = await this.orders.change(tx, order, changes, fact('order.delivery_failed', failed), now);
    await this.credits.giveBack(tx, changed, now);
    await this.tellBuyer(tx, order.id);
  }

  private tellBuyer(tx: TenantTx, orderId: string): Promise<void> {
    return this.jobs.enqueue(tx, [{ kind: 'fulfilment.notify', subject: orderId }]);
  }

  private async counted(tx: TenantTx, locked: Locked, lastError: string | null, now: Date): Promise<Locked> {
    const { order, fulfilment } = locked;
    const attempts = fulfilment.attempts + 1;
    const refusedSince = lastError === null ? null : (fulfilment.refusedSince ?? now);
    const changes = { attempts, lastError, refusedSince };
    return { order, fulfilment: await this.fulfilments.update(tx, fulfilment, changes, now) };
  }

  /** Tells the creator that their server has recovered, if they were told that it refused. */
  private async tellRecovery(tx: TenantTx, before: Locked, { order, fulfilment }: Locked, now: Date): Promise<void> {
    if (before.fulfilment.refusedSince === null) return;
    await this.orders.change(tx, order, {}, fact('order.fulfilment_recovered', fulfilment), now);
  }

  /**
   * Locks a fulfilment that still waits for the creator's server; undefined if there is none, or the order was
   * refunded.
   */
  private async lockUnmade(tx: TenantTx, orderId: string): Promise<Locked | undefined> {
    const order = await this.orders.lockIfAny(tx, orderId);
    if (order === undefined || order.state !== 'paid' || order.delivery === 'delivered') return undefined;
    if (!(await this.orders.hasItsMoney(tx, orderId))) return undefined;
    const fulfilment = await this.fulfilments.find(tx, orderId);
    return fulfilment !== undefined && isUnmade(fulfilment.state) ? { order, fulfilment } : undefined;
  }
}

const fact = (type: OrderFact['type'], fulfilment: FulfilmentRow): OrderFact => ({
  type,
  more: { fulfilment: fulfilmentView(fulfilment) },
});
