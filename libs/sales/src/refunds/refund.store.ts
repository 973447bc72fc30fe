import { Injectable } from '@nestjs/common';
import type { TenantTx } from '#libs/database';
import { JobStore } from '#libs/journal';
import { newUuid } from '#libs/kernel';
import { ChargeRow } from '../charges/charge.entity.js';
import { assertRefundMove, type RefundState, type RefundWish } from './refund.js';
import { RefundRow } from './refund.entity.js';

export interface OpenRefund {
  readonly refund: RefundRow;
  readonly charge: ChargeRow;
}

const LOCK = { mode: 'pessimistic_write' } as const;

/** The rows of refunds, and the locks for changing them. */
@Injectable()
export class RefundStore {
  constructor(private readonly jobs: JobStore) {}

  /** Locks in the global order: order, charge, refund. */
  async lockOpen(tx: TenantTx, refundId: string): Promise<OpenRefund | undefined> {
    const key = { tenantId: tx.tenantId, id: refundId };
    const known = await tx.manager.findOneBy(RefundRow, key);
    const charge = known === null ? undefined : await this.lockCharge(tx, known.chargeId);
    if (charge === undefined) return undefined;
    return { charge, refund: await tx.manager.findOneOrFail(RefundRow, { where: key, lock: LOCK }) };
  }

  /** Locks a charge, and before it the order with its payload's id. */
  async lockCharge(tx: TenantTx, chargeId: string): Promise<ChargeRow | undefined> {
    await tx.query(
      `select 1 from orders o join charges c on c.tenant_id = o.tenant_id and c.order_id = o.id
       where c.tenant_id = $1 and c.id = $2 for update of o`,
      [tx.tenantId, chargeId],
    );
    const charge = await tx.manager.findOne(ChargeRow, { where: { tenantId: tx.tenantId, id: chargeId }, lock: LOCK });
    return charge ?? undefined;
  }

  /** True when the buyer's identity is known: an erased buyer has a negative pseudonym, and is known for a while. */
  async isPersonKnown(tx: TenantTx, buyerId: number): Promise<boolean> {
    if (buyerId > 0) return true;
    const known = await tx.query(
      'select 1 from erasures where tenant_id = $1 and pseudonym = $2 and telegram_id_sealed is not null',
      [tx.tenantId, buyerId],
    );
    return known.length > 0;
  }

  /** Retries a refund whose attempts have run out, on request. */
  async wake(tx: TenantTx, refund: RefundRow): Promise<void> {
    const parked = await tx.query(
      `select from jobs where tenant_id = $1 and kind = 'refund.execute' and subject = $2 and state = 'parked'`,
      [tx.tenantId, refund.id],
    );
    if (parked.length > 0 || refund.delayedSince !== null)
      await this.jobs.enqueue(tx, [{ kind: 'refund.execute', subject: refund.id }]);
  }

  /** The refund of a charge that has not failed; there is at most one. */
  async liveRefund(tx: TenantTx, chargeId: string): Promise<RefundRow | undefined> {
    const refunds = await tx.manager.findBy(RefundRow, { tenantId: tx.tenantId, chargeId });
    return refunds.find((refund) => refund.state !== 'failed');
  }

  /** A refund that is requested now. */
  async insert(tx: TenantTx, charge: ChargeRow, wish: RefundWish, now: Date): Promise<RefundRow> {
    const refund: RefundRow = {
      tenantId: tx.tenantId,
      id: newUuid(now.getTime()),
      chargeId: charge.id,
      orderId: charge.orderId,
      state: 'requested',
      reason: wish.reason,
      requestedBy: wish.by,
      failure: null,
      delayedSince: null,
      credits: null,
      metadata: { ...wish.metadata },
      createdAt: now,
      updatedAt: now,
    };
    await tx.manager.insert(RefundRow, refund);
    return refund;
  }

  /** @param failure the reason, for the creator @throws when there is no such move */
  async move(tx: TenantTx, refund: RefundRow, to: RefundState, failure: string | null, now: Date): Promise<RefundRow> {
    assertRefundMove(refund.state, to);
    const changes = { state: to, failure, updatedAt: now };
    await tx.manager.update(RefundRow, { tenantId: tx.tenantId, id: refund.id }, changes);
    return { ...refund, ...changes };
  }

  /** @param failure the reason, for the creator */
  async delay(tx: TenantTx, refund: RefundRow, failure: string, now: Date): Promise<RefundRow> {
    const changes = { delayedSince: now, failure, updatedAt: now };
    await tx.manager.update(RefundRow, { tenantId: tx.tenantId, id: refund.id }, changes);
    return { ...refund, ...changes };
  }
}
