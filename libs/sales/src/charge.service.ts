import { Injectable } from '@nestjs/common';
import type { TenantTx } from '#libs/database';
import { NotFound } from '#libs/kernel';
import { ChargeRow } from './charge.entity.js';
import type { Match } from './payment.js';

export interface ChargeFilter {
  readonly botId?: string | undefined;
  readonly match?: Match | undefined;
  readonly limit: number;
  readonly after?: string | undefined;
}

@Injectable()
export class ChargeService {
  /** Newest first, one more than `limit`. */
  list(tx: TenantTx, filter: ChargeFilter): Promise<ChargeRow[]> {
    const query = tx.manager
      .createQueryBuilder(ChargeRow, 'c')
      .where('c.tenantId = :tenantId', { tenantId: tx.tenantId });
    if (filter.botId !== undefined) query.andWhere('c.botId = :botId', { botId: filter.botId });
    if (filter.match !== undefined) query.andWhere('c.match = :match', { match: filter.match });
    if (filter.after !== undefined) query.andWhere('c.id < :after', { after: filter.after });
    return query
      .orderBy('c.id', 'DESC')
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
