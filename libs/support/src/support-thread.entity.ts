import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ThreadState } from './support.js';

/** A conversation between one buyer and the creator, through one bot. */
@Entity('support_threads')
export class SupportThreadRow {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('uuid') readonly botId: string;
  @Column('bigint') readonly buyerId: number;
  @Column('uuid', { nullable: true }) readonly orderId: string | null;
  @Column('text') readonly state: ThreadState;
  /** The last time at which the buyer chose it or wrote, or the creator replied. */
  @Column('timestamptz') readonly activeAt: Date;
  @Column('timestamptz', { nullable: true }) readonly lastMessageAt: Date | null;
  @Column('timestamptz') readonly createdAt: Date;
  @Column('timestamptz', { nullable: true }) readonly closedAt: Date | null;
}
