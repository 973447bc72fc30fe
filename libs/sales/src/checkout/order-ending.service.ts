import { Injectable } from '@nestjs/common';
import { ProductService } from '#libs/catalog';
import type { PlatformTx, TenantTx } from '#libs/database';
import { ChargeNotListed, isUnlocked, RESERVATION_MS } from '../orders/order.js';
import { OrderRow } from '../orders/order.entity.js';
import { OrderStore } from '../orders/order.store.js';
import { PromoStore } from '../promo/promo.store.js';

/** Orders of one tenant. */
export interface OrdersOfTenant {
  readonly tenantId: string;
  readonly orderIds: readonly string[];
}

/** How orders end without money: they run out, their creator calls them off, or a unit kept for them goes back on the shelf. */
@Injectable()
export class OrderEndingService {
  constructor(
    private readonly orders: OrderStore,
    private readonly products: ProductService,
    private readonly promos: PromoStore,
  ) {}

  /**
   * Calls an unpaid order off. Idempotent. A payment that is under way at this moment is honoured all the same when
   * a unit of the product is left: the money is real.
   * @throws NotFound; OrderStateConflict when it is paid, refunded or expired; ChargeNotListed when it is unlocked
   */
  async cancel(tx: TenantTx, orderId: string, now: Date): Promise<OrderRow> {
    const order = await this.orders.lock(tx, orderId);
    if (isUnlocked(order)) throw new ChargeNotListed();
    if (order.state === 'cancelled') return order;
    return this.end(tx, order, 'cancelled', now);
  }

  /**
   * Unpaid orders whose time is up, oldest first, `limit` at most. One that has just been approved is left alone for as long as it
   * counts against stock: its buyer may be paying.
   */
  overdue(tx: PlatformTx, now: Date, limit: number): Promise<OrdersOfTenant[]> {
    return byTenant(
      tx,
      `select tenant_id, id from orders
       where state in ('placed', 'approved') and unlocked_at is null and expires_at <= $1
         and (state = 'placed' or approved_at <= $2)
       order by expires_at limit $3`,
      [now, new Date(now.getTime() - RESERVATION_MS), limit],
    );
  }

  /** Orders that were approved so long ago, without a payment, that their unit of the product, or use of a code, goes back. */
  forsaken(tx: PlatformTx, now: Date, limit: number): Promise<OrdersOfTenant[]> {
    return byTenant(
      tx,
      `select tenant_id, id from orders where state = 'approved' and (stock_reserved or promo_taken) and approved_at <= $1
       order by approved_at limit $2`,
      [new Date(now.getTime() - RESERVATION_MS), limit],
    );
  }

  /** Ends those of these orders that are still overdue. Those locked by somebody else are left for another time. @returns how many */
  async expire(tx: TenantTx, orderIds: readonly string[], now: Date): Promise<number> {
    const orders = (await this.lockFree(tx, orderIds)).filter(
      (order) => isOpen(order) && order.expiresAt <= now && !isBeingPaid(order, now),
    );
    for (const order of orders) await this.end(tx, order, 'expired', now);
    return orders.length;
  }

  /**
   * Puts what is kept for these orders back, units on the shelf and uses of codes, where nobody paid. The orders stay approved: they may still be paid, and
   * take a unit anew when they are. @returns how many
   */
  async release(tx: TenantTx, orderIds: readonly string[], now: Date): Promise<number> {
    const orders = (await this.lockFree(tx, orderIds)).filter(
      (order) => order.state === 'approved' && (order.stockReserved || order.promoTaken) && !isBeingPaid(order, now),
    );
    for (const order of orders) {
      await this.orders.update(tx, order, { stockReserved: false, promoTaken: false }, now);
      await this.unreserve(tx, order);
    }
    return orders.length;
  }

  private async end(tx: TenantTx, order: OrderRow, state: 'expired' | 'cancelled', now: Date): Promise<OrderRow> {
    const changes = { state, stockReserved: false, promoTaken: false };
    const ended = await this.orders.change(tx, order, changes, { type: `order.${state}` }, now);
    await this.unreserve(tx, order);
    return ended;
  }

  private async unreserve(tx: TenantTx, order: OrderRow): Promise<void> {
    if (order.stockReserved) await this.products.returnStock(tx, order.productId);
    await this.promos.free(tx, order);
  }

  // By product, so that two of these never wait for each other's stock crosswise.
  private lockFree(tx: TenantTx, orderIds: readonly string[]): Promise<OrderRow[]> {
    return tx.manager
      .createQueryBuilder(OrderRow, 'o')
      .where('o.tenantId = :tenantId and o.id = any(:orderIds)', { tenantId: tx.tenantId, orderIds })
      .orderBy('o.productId')
      .setLock('pessimistic_write')
      .setOnLocked('skip_locked')
      .getMany();
  }
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
