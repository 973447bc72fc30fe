import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Goods } from '#libs/catalog';
import type { FulfilmentFacts, FulfilmentState } from './fulfilment.js';

/** What a creator's server makes for one paid order. */
@Entity('fulfilments')
export class FulfilmentRow implements FulfilmentFacts {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly orderId: string;
  @Column('text') readonly state: FulfilmentState;
  @Column('text', { nullable: true }) readonly goodsKind: Goods['kind'] | null;
  /** What the buyer paid for. Never logged, never part of an event. */
  @Column('text', { nullable: true }) readonly goods: string | null;
  @Column('uuid', { nullable: true }) readonly goodsFileId: string | null;
  /** Where goods that were handed in are fetched from. Never shown, never logged. */
  @Column('text', { nullable: true }) readonly goodsUrl: string | null;
  @Column('integer') readonly attempts: number;
  @Column('text', { nullable: true }) readonly lastError: string | null;
  /** Since when the server has done nothing but refuse; null when its last answer was no refusal. */
  @Column('timestamptz', { nullable: true }) readonly refusedSince: Date | null;
  @Column('timestamptz') readonly deadlineAt: Date;
  @Column('boolean') readonly refundAtDeadline: boolean;
  @Column('timestamptz', { nullable: true }) readonly readyAt: Date | null;
  @Column('timestamptz') readonly createdAt: Date;
  @Column('timestamptz') readonly updatedAt: Date;
}
