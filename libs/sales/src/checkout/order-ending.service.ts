import { Injectable } from '@nestjs/common';
import { ProductService } from '#libs/catalog';
import type { PlatformTx, TenantTx } from '#libs/database';
import { ChargeNotListed, isHeld, isUnlocked, RESERVATION_MS } from '../orders/order.js';
import { OrderRow } from '../orders/order.entity.js';
import { OrderStore } from '../orders/order.store.js';
import { PromoStore } from '../promo/promo.store.js';

/** Orders of one tenant. */
export interface OrdersOfTenant {
  readonly tenantId: string;
  readonly orderIds: readonly string[];
}

/** Ends orders without a payment: expires or cancels them, and returns reserved units to the stock. */
@Injectable()
export class OrderEndingService {
  constructor(
    private readonly orders: OrderStore,
    private readonly products: ProductService,
    private readonly promos: PromoStore,
  ) {}

  /**
   * Cancels an unpaid order. Idempotent. A payment in progress at this moment is still honoured when a unit of the
   * product is left: the money is real.
   * @throws NotFound; OrderStateConflict when it is paid, refunded or expired; ChargeNotListed when it is unlocked
   */
  async cancel(tx: TenantTx, orderId: string, now: Date): Promise<OrderRow> {
    const order = await this.orders.lock(tx, orderId);
    if (isUnlocked(order)) throw new ChargeNotListed();
    if (order.state === 'cancelled') return order;
    const ended = await this.end(tx, order, 'cancelled', now);
    await this.unreserve(tx, [order]);
    return ended;
  }

  /**
   * Cancels some unpaid orders of a bot that is being removed. An order that was just approved is left alone: its buyer
   * may be paying.
   * @returns their number; less than `limit` when there are no more
   */
  async cancelSome(tx: TenantTx, botId: string, limit: number, now: Date): Promise<number> {
    const rows = await tx.query<{ id: string }>(
      `select o.id from orders o where o.tenant_id = $1 and o.bot_id = $2 and o.state in ('placed', 'approved')
         and o.unlocked_at is null and not ${isHeld('o', '$3')} order by o.id limit $4`,
      [tx.tenantId, botId, now, limit],
    );
    const orders = (
      await this.lockFree(
        tx,
        rows.map(({ id }) => id),
      )
    ).filter((order) => isOpen(order) && !isBeingPaid(order, now));
    await Promise.all(orders.map((order) => this.end(tx, order, 'cancelled', now)));
    await this.unreserve(tx, orders);
    return orders.length;
  }

  /**
   * Withdraws the approval of an order that Telegram did not accept, so that it does not block the buyer's next
   * attempt. Idempotent; ignores orders that are paid, or meanwhile approved for another query.
   * @param outcome `refused`: the query can never be paid, so its reservations are returned at once, and it does not
   * count against the buyer's limits. `unknown`: the payment may still come, so only the next attempt is allowed
   */
  async disapprove(
    tx: TenantTx,
    orderId: string,
    queryId: string,
    outcome: 'refused' | 'unknown',
    now: Date,
  ): Promise<void> {
    const order = await this.orders.lock(tx, orderId);
    if (order.state !== 'approved' || order.approvedQueryId !== queryId) return;
    if (outcome === 'unknown') return void (await this.orders.update(tx, order, { approvedQueryId: null }, now));
    const approval = { approvedQueryId: null, approvedAt: null, stockReserved: false, promoTaken: false };
    await this.orders.change(tx, order, { state: 'placed', ...approval }, { type: 'order.updated' }, now);
    await this.unreserve(tx, [order]);
  }

  /**
   * Returns unpaid orders that are overdue, oldest first, at most `limit`. Excludes approved orders as long as they
   * count against stock, because their buyers may be paying.
   */
  overdue(tx: PlatformTx, now: Date, limit: number): Promise<OrdersOfTenant[]> {
    return byTenant(
      tx,
      `select o.tenant_id, o.id from orders o
       where o.state in ('placed', 'approved') and o.unlocked_at is null and o.expires_at <= $1 and not ${isHeld('o', '$1')}
       order by o.expires_at limit $2`,
      [now, limit],
    );
  }

  /** Returns unpaid orders whose approval is so old that their unit of the product or use of a code is returned. */
  forsaken(tx: PlatformTx, now: Date, limit: number): Promise<OrdersOfTenant[]> {
    return byTenant(
      tx,
      `select tenant_id, id from orders where state = 'approved' and (stock_reserved or promo_taken) and approved_at <= $1
       order by approved_at limit $2`,
      [new Date(now.getTime() - RESERVATION_MS), limit],
    );
  }

  /** Ends these orders if they are still overdue. Skips locked ones. @returns their number */
  async expire(tx: TenantTx, orderIds: readonly string[], now: Date): Promise<number> {
    const orders = (await this.lockFree(tx, orderIds)).filter(
      (order) => isOpen(order) && order.expiresAt <= now && !isBeingPaid(order, now),
    );
    await Promise.all(orders.map((order) => this.end(tx, order, 'expired', now)));
    await this.unreserve(tx, orders);
    return orders.length;
  }

  /**
   * Returns the reservations of these orders, units to the stock and uses to the codes, if they are unpaid. The orders
   * stay approved: they may still be paid, and then take a unit again.
   * @returns their number
   */
  async release(tx: TenantTx, orderIds: readonly string[], now: Date): Promise<number> {
    const orders = (await this.lockFree(tx, orderIds)).filter(
      (order) => order.state === 'approved' && (order.stockReserved || order.promoTaken) && !isBeingPaid(order, now),
    );
    await tx.query(
      'update orders set stock_reserved = false, promo_taken = false, updated_at = $3 where tenant_id = $1 and id = any($2::uuid[])',
      [tx.tenantId, orders.map(({ id }) => id), now],
    );
    await this.unreserve(tx, orders);
    return orders.length;
  }

  private end(tx: TenantTx, order: OrderRow, state: 'expired' | 'cancelled', now: Date): Promise<OrderRow> {
    const changes = { state, stockReserved: false, promoTaken: false };
    return this.orders.change(tx, order, changes, { type: `order.${state}` }, now);
  }

  /**
   * Returns the reservations that orders had before they ended, last in the transaction, because every pre-checkout of
   * a product waits for its row. Stock before codes, each in the order of ids, to avoid deadlocks.
   */
  private async unreserve(tx: TenantTx, orders: readonly OrderRow[]): Promise<void> {
    const units = countBy(orders, (order) => (order.stockReserved ? order.productId : null));
    const uses = countBy(orders, (order) => (order.promoTaken ? order.promoCodeId : null));
    for (const [productId, count] of units) await this.products.returnStock(tx, productId, count);
    for (const [promoCodeId, count] of uses) await this.promos.freeUses(tx, promoCodeId, count);
  }

  private lockFree(tx: TenantTx, orderIds: readonly string[]): Promise<OrderRow[]> {
    return tx.manager
      .createQueryBuilder(OrderRow, 'o')
      .where('o.tenantId = :tenantId and o.id = any(:orderIds)', { tenantId: tx.tenantId, orderIds })
      .setLock('pessimistic_write')
      .setOnLocked('skip_locked')
      .getMany();
  }
}

/** The number of each, in the order of their ids. */
function countBy(orders: readonly OrderRow[], idOf: (order: OrderRow) => string | null): [string, number][] {
  const counts = new Map<string, number>();
  for (const order of orders) {
    const id = idOf(order);
    if (id !== null) counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return [...counts].toSorted(([a], [b]) => (a < b ? -1 : 1));
}

const isOpen = (order: OrderRow) =>
  (order.state === 'placed' || order.state === 'approved') && order.unlockedAt === null;

const isBeingPaid = ({ state, approvedAt }: OrderRow, now: Date) =>
  state === 'approved' && approvedAt !== null && now.getTime() - approvedAt.getTime() < RESERVATION_MS;

async function byTenant(tx: PlatformTx, sql: string, parameters: readonly unknown[]): Promise<OrdersOfTenant[]> {
  return tx.query<OrdersOfTenant>(
    `select tenant_id as "tenantId", array_agg(id) as "orderIds" from (${sql}) o group by tenant_id`,
    parameters,
  );
}
