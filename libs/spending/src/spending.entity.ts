import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { SpendingKind, SpendingState } from './spending.js';

/** A call that moves Stars: the request, its cost, and its outcome if it is known. */
@Entity('spendings')
export class SpendingRow {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('uuid') readonly botId: string;
  @Column('uuid', { nullable: true }) readonly businessConnectionId: string | null;
  @Column('text') readonly kind: SpendingKind;
  @Column('text') readonly state: SpendingState;
  @Column('text') readonly idempotencyKey: string;
  @Column('bytea') readonly fingerprint: Buffer;
  /** Its cost in whole Stars, 0 or more. */
  @Column('integer') readonly stars: number;
  @Column('integer') readonly maxStars: number;
  /** The receiver, or the owner of the Stars that are moved; null when only the account itself is concerned. */
  @Column('bigint', { nullable: true }) readonly personId: number | null;
  /** The request, under the names of the API. */
  @Column('jsonb') readonly details: Readonly<Record<string, string | number | boolean>>;
  @Column('text', { nullable: true }) readonly failure: string | null;
  /** The row of Telegram's list for this spending. */
  @Column('text', { nullable: true }) readonly telegramTransactionId: string | null;
  @Column('text') readonly requestedBy: string;
  /** Time just before the call. */
  @Column('timestamptz') readonly begunAt: Date;
  @Column('timestamptz') readonly createdAt: Date;
  @Column('timestamptz') readonly updatedAt: Date;
}
