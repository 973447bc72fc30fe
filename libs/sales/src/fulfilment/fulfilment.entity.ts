import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Goods } from '#libs/catalog';
import type { FulfilmentFacts, FulfilmentState } from './fulfilment.js';

/** The creator's server's work on one paid order. */
@Entity('fulfilments')
export class FulfilmentRow implements FulfilmentFacts {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly orderId: string;
  @Column('text') readonly state: FulfilmentState;
  @Column('text', { nullable: true }) readonly goodsKind: Goods['kind'] | null;
  /** The goods. Never logged, never part of an event. */
  @Column('text', { nullable: true }) readonly goods: string | null;
  @Column('uuid', { nullable: true }) readonly goodsFileId: string | null;
  /** The address from which goods are fetched. Never shown, never logged. */
  @Column('text', { nullable: true }) readonly goodsUrl: string | null;
  @Column('integer') readonly attempts: number;
  @Column('text', { nullable: true }) readonly lastError: string | null;
  /** The beginning of the server's current series of refusals; null when its last response was not a refusal. */
  @Column('timestamptz', { nullable: true }) readonly refusedSince: Date | null;
  @Column('timestamptz') readonly deadlineAt: Date;
  @Column('boolean') readonly refundAtDeadline: boolean;
  @Column('timestamptz', { nullable: true }) readonly readyAt: Date | null;
  @Column('timestamptz') readonly createdAt: Date;
  @Column('timestamptz') readonly updatedAt: Date;
}
