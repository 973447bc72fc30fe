import type { SelectQueryBuilder } from 'typeorm';
import type { TenantTx } from '#libs/database';
import { ProductRow } from './product.entity.js';

/**
 * `p`: products that a bot shows to everyone, by position, then oldest first: active, within their window, not hidden.
 * Includes sold out products.
 */
export const shownProducts = (tx: TenantTx, botId: string, now: Date): SelectQueryBuilder<ProductRow> =>
  tx.manager
    .createQueryBuilder(ProductRow, 'p')
    .where(`p.tenant_id = :tenantId and p.bot_id = :botId and p.state = 'active'`, { tenantId: tx.tenantId, botId })
    .andWhere('not p.hidden')
    .andWhere('(p.sale_starts_at is null or p.sale_starts_at <= :now)', { now })
    .andWhere('(p.sale_ends_at is null or p.sale_ends_at > :now)', { now })
    .orderBy({ 'p.position': 'ASC', 'p.id': 'ASC' });
