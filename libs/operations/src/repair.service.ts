import { Injectable } from '@nestjs/common';
import type { TenantTx } from '#libs/database';
import { InboxKeeper, type JobKind, JobStore } from '#libs/journal';
import { DomainError, NotFound } from '#libs/kernel';

export class NotParked extends DomainError {
  static readonly code = 'job_not_parked';
  static readonly refusal = 'conflict';
  readonly remedy = 'Look at the list again: somebody else has dealt with it, or it is being worked on.';

  constructor() {
    super('There is no such job, or it is not parked.');
  }
}

/**
 * Lets staff unblock stuck work by enqueuing idempotent jobs: asking twice, or two of the staff at once, does it once.
 */
@Injectable()
export class RepairService {
  constructor(
    private readonly inbox: InboxKeeper,
    private readonly jobs: JobStore,
  ) {}

  /** @throws NotFound */
  async replayUpdate(tx: TenantTx, botId: string, updateId: number): Promise<void> {
    await this.inbox.replay(tx, botId, updateId);
  }

  /** @throws NotFound, UpdateNotParked */
  async resolveUpdate(tx: TenantTx, botId: string, updateId: number, reason: string): Promise<void> {
    await this.inbox.resolve(tx, botId, updateId, reason);
  }

  /** A job that is parked, or due and waiting, is due now, with all its tries. @throws NotParked when it is in work, or not there */
  async retryJob(tx: TenantTx, kind: JobKind, subject: string): Promise<void> {
    if (!(await this.jobs.revive(tx, kind, subject))) throw new NotParked();
  }

  /** A parked job is laid to rest undone. @throws NotParked */
  async resolveJob(tx: TenantTx, kind: JobKind, subject: string): Promise<void> {
    if (!(await this.jobs.bury(tx, kind, subject))) throw new NotParked();
  }

  /** Hands over what was paid for, or asks the creator's server for it once more. Goods that went out are not sent again. @throws NotFound */
  async retryOrder(tx: TenantTx, orderId: string): Promise<void> {
    const [order] = await tx.query<{ unmade: boolean; productId: string }>(
      `select coalesce(f.state <> 'ready', false) as unmade, o.product_id as "productId"
       from orders o left join fulfilments f on f.tenant_id = o.tenant_id and f.order_id = o.id
       where o.tenant_id = $1 and o.id = $2 and o.state = 'paid' and o.delivery in ('waiting', 'generating')`,
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
      `select 1 from refunds where tenant_id = $1 and id = $2 and state in ('requested', 'sent', 'unknown')`,
      [tx.tenantId, refundId],
    );
    if (open.length === 0) throw new NotFound('refund that waits');
    await this.jobs.enqueue(tx, [{ kind: 'refund.execute', subject: refundId }]);
  }

  /** Compares a bot's books with Telegram's now. @throws NotFound */
  async reconcile(tx: TenantTx, botId: string): Promise<void> {
    const bots = await tx.query(`select 1 from bots where tenant_id = $1 and id = $2 and state <> 'registering'`, [
      tx.tenantId,
      botId,
    ]);
    if (bots.length === 0) throw new NotFound('bot');
    await this.jobs.enqueue(tx, [{ kind: 'bot.reconcile', subject: botId }]);
  }
}
