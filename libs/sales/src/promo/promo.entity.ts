import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Promo, PromoState } from './promo.js';

@Entity('promo_codes')
export class PromoCodeRow implements Promo {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('uuid') readonly botId: string;
  @Column('text') readonly code: string;
  @Column('uuid', { nullable: true }) readonly productId: string | null;
  @Column('integer', { nullable: true }) readonly percentOff: number | null;
  @Column('integer', { nullable: true }) readonly starsOff: number | null;
  @Column('integer', { nullable: true }) readonly maxUses: number | null;
  @Column('integer', { nullable: true }) readonly maxUsesPerBuyer: number | null;
  @Column('timestamptz', { nullable: true }) readonly startsAt: Date | null;
  @Column('timestamptz', { nullable: true }) readonly endsAt: Date | null;
  @Column('text') readonly state: PromoState;
  @Column('integer') readonly uses: number;
  @Column('jsonb', { default: () => `'{}'` }) readonly metadata: Record<string, string>;
  @Column('timestamptz') readonly createdAt: Date;
  @Column('timestamptz') readonly updatedAt: Date;
}
