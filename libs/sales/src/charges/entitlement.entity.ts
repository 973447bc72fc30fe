import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A buyer's right to a product, because of a charge. */
@Entity('entitlements')
export class EntitlementRow {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('uuid') readonly botId: string;
  @Column('bigint') readonly buyerId: number;
  @Column('uuid') readonly productId: string;
  @Column('uuid') readonly orderId: string;
  @Column('uuid') readonly chargeId: string;
  @Column('text') readonly state: 'active' | 'revoked';
  @Column('timestamptz') readonly startsAt: Date;
  /** Null: no end. */
  @Column('timestamptz', { nullable: true }) readonly endsAt: Date | null;
  @Column('timestamptz', { nullable: true }) readonly revokedAt: Date | null;
}
