import { Injectable } from '@nestjs/common';
import { type Cursor, seek, type TenantTx } from '#libs/database';
import { NotFound } from '#libs/kernel';
import { ChargeRow } from '../charges/charge.entity.js';
import { type CreatedFilter, createdIn } from './created.js';
import type { Match } from '../charges/payment.js';

export interface ChargeFilter extends Cursor, CreatedFilter {
  readonly botId?: string | undefined;
  readonly match?: Match | undefined;
  readonly state?: ChargeRow['state'] | undefined;
  readonly orderId?: string | undefined;
  readonly productId?: string | undefined;
  readonly buyerId?: number | undefined;
  readonly limit: number;
}

/** Charges as the creators' API lists them. */
@Injectable()
export class ChargeList {
  /** Newest first, one more than `limit`. */
  list(tx: TenantTx, filter: ChargeFilter): Promise<ChargeRow[]> {
    const { tenantId } = tx;
    const query = tx.manager.createQueryBuilder(ChargeRow, 'c').where('c.tenantId = :tenantId', { tenantId });
    if (filter.botId !== undefined) query.andWhere('c.botId = :botId', { botId: filter.botId });
    if (filter.match !== undefined) query.andWhere('c.match = :match', { match: filter.match });
    if (filter.state !== undefined) query.andWhere('c.state = :state', { state: filter.state });
    if (filter.orderId !== undefined) query.andWhere('c.orderId = :orderId', { orderId: filter.orderId });
    if (filter.buyerId !== undefined) query.andWhere('c.buyerId = :buyerId', { buyerId: filter.buyerId });
    if (filter.productId !== undefined) query.andWhere(OF_PRODUCT, { productId: filter.productId });
    createdIn(query, 'c', filter);
    return seek(query, 'c.id', filter)
      .limit(filter.limit + 1)
      .getMany();
  }

  /** @throws NotFound */
  async get(tx: TenantTx, chargeId: string): Promise<ChargeRow> {
    const charge = await tx.manager.findOneBy(ChargeRow, { tenantId: tx.tenantId, id: chargeId });
    if (charge === null) throw new NotFound('charge');
    return charge;
  }
}

const OF_PRODUCT = `exists (select from orders o
  where o.tenant_id = :tenantId and o.id = c.order_id and o.product_id = :productId)`;
