import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { LicenceKeyTerms } from './kind-licence-key.js';

/** What a product of the kind `licence_key` says of its pool. */
@Entity('licence_pools')
export class LicencePoolRow implements LicenceKeyTerms {
  @PrimaryColumn('uuid') tenantId: string;
  @PrimaryColumn('uuid') productId: string;
  @Column('integer', { nullable: true }) lowStockAt: number | null;
}
