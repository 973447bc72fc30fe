import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { StrayKind, StrayPayment, StrayReason } from './stray-payment.js';

/** A report of a payment or refund that cannot be recorded. */
@Entity('stray_payments')
export class StrayPaymentRow implements StrayPayment {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('uuid') readonly botId: string;
  @Column('bigint') readonly updateId: number;
  @Column('text') readonly kind: StrayKind;
  @Column('text') readonly reason: StrayReason;
  @Column('text', { nullable: true }) readonly telegramChargeId: string | null;
  @Column('text', { nullable: true }) readonly currency: string | null;
  @Column('text', { nullable: true }) readonly amount: string | null;
  @Column('bigint', { nullable: true }) readonly buyerId: number | null;
  @Column('text', { nullable: true }) readonly payload: string | null;
  @Column('timestamptz', { nullable: true }) readonly occurredAt: Date | null;
  @Column('timestamptz') readonly createdAt: Date;
}
