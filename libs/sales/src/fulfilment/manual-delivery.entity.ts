import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ManualMode } from './manual-delivery.js';

/** A manual delivery by a member of the creator's team, with its reason. Immutable. */
@Entity('manual_deliveries')
export class ManualDeliveryRow {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('uuid') readonly orderId: string;
  @Column('text') readonly mode: ManualMode;
  @Column('text') readonly reason: string;
  @Column('uuid') readonly accountId: string;
  @Column('timestamptz') readonly createdAt: Date;
}
