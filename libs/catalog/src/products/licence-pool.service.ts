import { Injectable } from '@nestjs/common';
import type { TenantTx } from '#libs/database';
import { EventStore } from '#libs/journal';
import { stockWarningView } from './product-view.js';

interface KeySale {
  readonly id: string;
  readonly botId: string;
  readonly productId: string;
}

/**
 * Assigns licence keys to orders. A pool's stock is the number of its free keys minus those reserved by orders, so
 * everyone who took a unit of stock finds a key. Keys stay encrypted here: the library that delivers them decrypts
 * them.
 */
@Injectable()
export class LicencePool {
  constructor(private readonly events: EventStore) {}

  /**
   * Assigns a key to a paid order, in the transaction of the payment, and warns the creator once when few are left.
   * Ignores orders of other kinds of products. The order must hold a unit of stock, and its row must be locked.
   * @throws Error when there is no key nevertheless: then the payment is not recorded, and is retried
   */
  async sell(tx: TenantTx, order: KeySale, now: Date): Promise<void> {
    const [sold] = await tx.query<{ keyId: string | null; stock: number; lowStockAt: number | null }>(SELL, [
      tx.tenantId,
      order.productId,
      order.id,
      now,
    ]);
    if (sold === undefined) return;
    if (sold.keyId === null) throw new Error(`no licence key is left for the paid order ${order.id}`);
    if (sold.lowStockAt === null) return;
    const data = stockWarningView(order.productId, sold.stock, sold.lowStockAt);
    await this.events.record(tx, { type: 'product.stock_low', botId: order.botId, data });
  }

  /** Invalidates the key of an order that is being refunded. Idempotent; ignores orders without a key. */
  async burn(tx: TenantTx, orderId: string, now: Date): Promise<void> {
    await tx.query(
      `update licence_keys set state = 'burned', burned_at = $3 where tenant_id = $1 and order_id = $2 and state = 'sold'`,
      [tx.tenantId, orderId, now],
    );
  }

  /** Makes the key valid again after a refund has failed. */
  async restore(tx: TenantTx, orderId: string): Promise<void> {
    await tx.query(
      `update licence_keys set state = 'sold', burned_at = null where tenant_id = $1 and order_id = $2 and state = 'burned'`,
      [tx.tenantId, orderId],
    );
  }
}

// Runs on every payment: one statement, which stops early when the product has no pool. Payments of one product skip
// each other's keys instead of waiting for them; the row of the pool is locked only by the payment that finds it low.
const SELL = `
with pool as (
  select p.stock from products p where p.tenant_id = $1 and p.id = $2 and p.kind = 'licence_key'
), free as (
  select k.id from licence_keys k
  where k.tenant_id = $1 and k.product_id = $2 and k.state = 'free' and exists (select from pool)
  order by k.id limit 1 for update skip locked
), sold as (
  update licence_keys k set state = 'sold', order_id = $3, sold_at = $4 from free
  where k.tenant_id = $1 and k.id = free.id returning k.id
), low as (
  update licence_pools l set warned_at = l.low_stock_at from pool
  where l.tenant_id = $1 and l.product_id = $2 and pool.stock <= l.low_stock_at and l.warned_at is distinct from l.low_stock_at
  returning l.low_stock_at
)
select (select id from sold) as "keyId", pool.stock, (select low_stock_at from low) as "lowStockAt" from pool`;
