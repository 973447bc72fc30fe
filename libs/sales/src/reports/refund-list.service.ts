import { Injectable } from '@nestjs/common';
import { type Cursor, seek, type TenantTx } from '#libs/database';
import { NotFound } from '#libs/kernel';
import { type CreatedFilter, createdIn } from './created.js';
import type { RefundState } from '../refunds/refund.js';
import { RefundRow } from '../refunds/refund.entity.js';

export interface RefundFilter extends Cursor, CreatedFilter {
  readonly state?: RefundState | undefined;
  readonly orderId?: string | undefined;
  readonly chargeId?: string | undefined;
  readonly botId?: string | undefined;
  readonly limit: number;
}

/** Refunds as the creators' API lists them. */
@Injectable()
export class RefundList {
  /** Newest first, one more than `limit`. */
  list(tx: TenantTx, filter: RefundFilter): Promise<RefundRow[]> {
    const { tenantId } = tx;
    const query = tx.manager.createQueryBuilder(RefundRow, 'r').where('r.tenantId = :tenantId', { tenantId });
    if (filter.state !== undefined) query.andWhere('r.state = :state', { state: filter.state });
    if (filter.orderId !== undefined) query.andWhere('r.orderId = :orderId', { orderId: filter.orderId });
    if (filter.chargeId !== undefined) query.andWhere('r.chargeId = :chargeId', { chargeId: filter.chargeId });
    if (filter.botId !== undefined) query.andWhere(OF_BOT, { botId: filter.botId });
    createdIn(query, 'r', filter);
    return seek(query, 'r.id', filter)
      .limit(filter.limit + 1)
      .getMany();
  }

  /** @throws NotFound */
  async get(tx: TenantTx, id: string): Promise<RefundRow> {
    const refund = await tx.manager.findOneBy(RefundRow, { tenantId: tx.tenantId, id });
    if (refund === null) throw new NotFound('refund');
    return refund;
  }
}

const OF_BOT = `exists (select from charges c
  where c.tenant_id = :tenantId and c.id = r.charge_id and c.bot_id = :botId)`;
