import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { SpendingKind, SpendingState } from './spending.js';

/** One call that moves Stars: what was wanted, what it costs, and what is known of how it ended. */
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
  /** Whole Stars that it costs, 0 and more. */
  @Column('integer') readonly stars: number;
  @Column('integer') readonly maxStars: number;
  /** Who gets it, or whose Stars are moved; null when only the account itself is concerned. */
  @Column('bigint', { nullable: true }) readonly personId: number | null;
  /** What was asked for, under the names of the API. */
  @Column('jsonb') readonly details: Readonly<Record<string, string | number | boolean>>;
  @Column('text', { nullable: true }) readonly failure: string | null;
  /** The row of Telegram's list that shows it. */
  @Column('text', { nullable: true }) readonly telegramTransactionId: string | null;
  @Column('text') readonly requestedBy: string;
  /** When the call was about to be made. */
  @Column('timestamptz') readonly begunAt: Date;
  @Column('timestamptz') readonly createdAt: Date;
  @Column('timestamptz') readonly updatedAt: Date;
}
