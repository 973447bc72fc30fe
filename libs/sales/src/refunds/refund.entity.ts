import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ClawBack } from '#libs/ledger';
import type { RefundState } from './refund.js';

@Entity('refunds')
export class RefundRow {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('uuid') readonly chargeId: string;
  @Column('uuid', { nullable: true }) readonly orderId: string | null;
  @Column('text') readonly state: RefundState;
  @Column('text', { nullable: true }) readonly reason: string | null;
  @Column('text') readonly requestedBy: string;
  @Column('text', { nullable: true }) readonly failure: string | null;
  /** The time at which the creator was told that Telegram delays the refund; null before that. */
  @Column('timestamptz', { nullable: true }) readonly delayedSince: Date | null;
  /** The effect on the credits that the charge paid for; null when there were none, and when the refund failed. */
  @Column('jsonb', { nullable: true }) readonly credits: ClawBack | null;
  @Column('jsonb', { default: () => `'{}'` }) readonly metadata: Record<string, string>;
  @Column('timestamptz') readonly createdAt: Date;
  @Column('timestamptz') readonly updatedAt: Date;
}
