import { Injectable } from '@nestjs/common';
import { LicencePool } from '#libs/catalog';
import { ChatAccessStore } from '#libs/chats';
import type { TenantTx } from '#libs/database';
import { JobStore } from '#libs/journal';
import { CreditPackService } from '#libs/ledger';
import { settleAccess } from '../charges/chat-access.rows.js';
import type { ChargeRow } from '../charges/charge.entity.js';
import { isOwed } from '../orders/order.js';
import type { OpenRefund } from './refund.store.js';
import { RefundRow } from './refund.entity.js';
import { SubscriptionService } from '../subscriptions/subscription.service.js';

interface Entitled {
  readonly subscriptionId: string | null;
  readonly chatId: string | null;
  readonly botId: string;
  readonly buyerId: number;
  readonly productId: string;
}

/** The goods of a charge: taken back when the refund is requested, returned when Telegram refuses it. */
@Injectable()
export class RefundGoods {
  constructor(
    private readonly packs: CreditPackService,
    private readonly subscriptions: SubscriptionService,
    private readonly licences: LicencePool,
    private readonly accesses: ChatAccessStore,
    private readonly jobs: JobStore,
  ) {}

  /**
   * Ends access, and takes back the remaining purchased credits. Idempotent. @returns the refund with the credits taken
   */
  async take(tx: TenantTx, { refund, charge }: OpenRefund, now: Date): Promise<RefundRow> {
    await this.setEntitlement(tx, charge, 'revoked', now);
    if (charge.match === 'order' && charge.orderId !== null) await this.licences.burn(tx, charge.orderId, now);
    const credits = await this.packs.takeBack(tx, packOf(refund, charge), now);
    return credits === undefined ? refund : this.keepCredits(tx, refund, credits);
  }

  /**
   * Returns everything that {@link take} took, and continues a pending delivery.
   * @returns the refund, which took nothing
   */
  async restore(tx: TenantTx, { refund, charge }: OpenRefund, now: Date): Promise<RefundRow> {
    await this.setEntitlement(tx, charge, 'active', now);
    if (charge.match === 'order' && charge.orderId !== null) {
      await this.licences.restore(tx, charge.orderId);
      await this.goOn(tx, charge.orderId);
    }
    await this.packs.giveBack(tx, packOf(refund, charge), now);
    return refund.credits === null ? refund : this.keepCredits(tx, refund, null);
  }

  /** Enqueues the delivery again, because jobs that ran during the refund had nothing to do and ended. */
  private async goOn(tx: TenantTx, orderId: string): Promise<void> {
    const rows = await tx.query<{ productId: string }>(
      `select o.product_id as "productId" from orders o where o.tenant_id = $1 and o.id = $2 and ${isOwed('o')}`,
      [tx.tenantId, orderId],
    );
    const jobs = rows.flatMap(({ productId }) => [
      { kind: 'order.deliver', subject: orderId } as const,
      { kind: 'order.fulfil', subject: orderId, lane: productId } as const,
    ]);
    await this.jobs.enqueue(tx, jobs);
  }

  private async keepCredits(tx: TenantTx, refund: RefundRow, credits: RefundRow['credits']): Promise<RefundRow> {
    await tx.manager.update(RefundRow, { tenantId: tx.tenantId, id: refund.id }, { credits });
    return { ...refund, credits };
  }

  private async setEntitlement(
    tx: TenantTx,
    { id: chargeId }: ChargeRow,
    state: 'active' | 'revoked',
    now: Date,
  ): Promise<void> {
    const [changed] = await tx.query<Entitled>(
      `update entitlements e set state = $3, revoked_at = $4 from orders o, products p
       where e.tenant_id = $1 and e.charge_id = $2 and e.state <> $3 and o.tenant_id = e.tenant_id and o.id = e.order_id
         and p.tenant_id = e.tenant_id and p.id = e.product_id
       returning o.subscription_id as "subscriptionId", p.chat_id as "chatId", e.bot_id as "botId", e.buyer_id as "buyerId",
         e.product_id as "productId"`,
      [tx.tenantId, chargeId, state, state === 'revoked' ? now : null],
    );
    if (changed === undefined) return;
    const { subscriptionId, chatId } = changed;
    if (subscriptionId !== null) await this.subscriptions.afterRefund(tx, subscriptionId, state === 'revoked', now);
    if (chatId !== null) await settleAccess(tx, this.accesses, chatId, changed, now);
  }
}

const packOf = (refund: RefundRow, charge: ChargeRow) => ({
  refundId: refund.id,
  chargeId: charge.id,
  botId: charge.botId,
  orderId: charge.orderId,
});
