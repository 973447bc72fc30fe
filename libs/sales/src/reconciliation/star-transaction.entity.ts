import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Direction, Listed, ListCursor, TransactionKind, Withdrawal } from './star-transaction.js';

/** Telegram's own list of a bot's Stars, as far as it was read. */
@Entity('star_transactions')
export class StarTransactionRow implements Listed {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly botId: string;
  @PrimaryColumn('text') readonly id: string;
  @PrimaryColumn('text') readonly direction: Direction;
  @Column('text') readonly kind: TransactionKind;
  @Column('bigint') readonly amount: number;
  @Column('integer') readonly nanostars: number;
  @Column('bigint', { nullable: true }) readonly buyerId: number | null;
  @Column('text', { nullable: true }) readonly payload: string | null;
  @Column('text', { nullable: true }) readonly withdrawal: Withdrawal | null;
  /** Its place in Telegram's list, from 0. */
  @Column('bigint') readonly position: number;
  @Column('timestamptz') readonly occurredAt: Date;
  @Column('jsonb') readonly raw: object;
  /** Our books show it, or need not. */
  @Column('boolean') readonly settled: boolean;
  @Column('timestamptz', { nullable: true }) readonly triedAt: Date | null;
  /** Why it cannot be counted, or could not be settled when that was tried last. */
  @Column('text', { nullable: true }) readonly problem: string | null;
  @Column('timestamptz') readonly readAt: Date;
}

@Entity('star_cursors')
export class StarCursorRow implements ListCursor {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly botId: string;
  @Column('bigint') readonly rowsRead: number;
  @Column('text', { nullable: true }) readonly lastKey: string | null;
  @Column('timestamptz', { nullable: true }) readonly lastAt: Date | null;
  /** The list is being read anew from its start, because it was not in the order in which it was read before. */
  @Column('boolean') readonly rereading: boolean;
  /** Since when every comparison fails; null while they succeed. */
  @Column('timestamptz', { nullable: true }) readonly failingSince: Date | null;
  /** When the creator was told that they do. */
  @Column('timestamptz', { nullable: true }) readonly failingToldAt: Date | null;
  /** Since when comparisons at rest find something that should not be; null while they do not. */
  @Column('timestamptz', { nullable: true }) readonly differsSince: Date | null;
}
