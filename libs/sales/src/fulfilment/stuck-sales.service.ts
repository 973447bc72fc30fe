import { Injectable } from '@nestjs/common';
import type { TenantTx } from '#libs/database';
import { JobStore } from '#libs/journal';
import { NotFound } from '#libs/kernel';
import { isOwed } from '../orders/order.js';
import { refundIsOpen } from '../refunds/refund.js';

/** Lets staff unblock stuck sales by enqueuing idempotent jobs: repeated or concurrent requests take effect once. */
@Injectable()
export class StuckSales {
  constructor(private readonly jobs: JobStore) {}

  /**
   * Delivers a paid order, or again requests its goods from the creator's server. Goods that were sent are not sent
   * again.
   * @throws NotFound
   */
  async retryOrder(tx: TenantTx, orderId: string): Promise<void> {
    const [order] = await tx.query<{ unmade: boolean; productId: string }>(
      `select coalesce(f.state <> 'ready', false) as unmade, o.product_id as "productId"
       from orders o left join fulfilments f on f.tenant_id = o.tenant_id and f.order_id = o.id
       where o.tenant_id = $1 and o.id = $2 and ${isOwed('o')}`,
      [tx.tenantId, orderId],
    );
    if (order === undefined) throw new NotFound('order that waits');
    if (order.unmade) {
      const kinds = ['order.fulfil', 'fulfilment.deadline'] as const;
      await this.jobs.enqueue(
        tx,
        kinds.map((kind) => ({
          kind,
          subject: orderId,
          ...(kind === 'order.fulfil' ? { lane: order.productId } : {}),
        })),
      );
      return;
    }
    await this.jobs.enqueue(tx, [{ kind: 'order.deliver', subject: orderId }]);
  }

  /** @throws NotFound when it has ended */
  async retryRefund(tx: TenantTx, refundId: string): Promise<void> {
    const open = await tx.query(
      `select 1 from refunds r where r.tenant_id = $1 and r.id = $2 and ${refundIsOpen('r')}`,
      [tx.tenantId, refundId],
    );
    if (open.length === 0) throw new NotFound('refund that waits');
    await this.jobs.enqueue(tx, [{ kind: 'refund.execute', subject: refundId }]);
  }

  /** Reconciles a bot's books with Telegram's now. @throws NotFound */
  async reconcile(tx: TenantTx, botId: string): Promise<void> {
    const bots = await tx.query(`select 1 from bots where tenant_id = $1 and id = $2 and state <> 'registering'`, [
      tx.tenantId,
      botId,
    ]);
    if (bots.length === 0) throw new NotFound('bot');
    await this.jobs.enqueue(tx, [{ kind: 'bot.reconcile', subject: botId }]);
  }
}
