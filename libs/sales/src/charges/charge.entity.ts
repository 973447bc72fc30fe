import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Stars } from '#libs/kernel';
import type { ChargeSource, ChargeState, Match } from './payment.js';

@Entity('charges')
export class ChargeRow {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('uuid') readonly botId: string;
  @Column('text') readonly telegramChargeId: string;
  @Column('text', { nullable: true }) readonly providerChargeId: string | null;
  @Column('uuid', { nullable: true }) readonly orderId: string | null;
  @Column('bigint') readonly buyerId: number;
  @Column('integer') readonly stars: Stars;
  @Column('text') readonly payload: string;
  @Column('text') readonly match: Match;
  @Column('text') readonly state: ChargeState;
  @Column('text') readonly source: ChargeSource;
  @Column('jsonb', { default: () => `'{}'` }) readonly metadata: Record<string, string>;
  @Column('timestamptz') readonly occurredAt: Date;
  @Column('timestamptz') readonly createdAt: Date;
}
