import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Direction, Listed, ListCursor, TransactionKind, Withdrawal } from './star-transaction.js';

/** Our mirror of Telegram's list of a bot's Stars. */
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
  /** Its position in Telegram's list, from 0. */
  @Column('bigint') readonly position: number;
  @Column('timestamptz') readonly occurredAt: Date;
  @Column('jsonb') readonly raw: object;
  /** Our books contain it, or do not have to. */
  @Column('boolean') readonly settled: boolean;
  @Column('timestamptz', { nullable: true }) readonly triedAt: Date | null;
  /** The reason why it cannot be counted, or could not be settled at the last attempt. */
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
  /** The list is being read again from its start, because its order had changed. */
  @Column('boolean') readonly rereading: boolean;
  /** The time since which every reconciliation has failed; null while they succeed. */
  @Column('timestamptz', { nullable: true }) readonly failingSince: Date | null;
  /** The time at which the creator was told of that. */
  @Column('timestamptz', { nullable: true }) readonly failingToldAt: Date | null;
  /** The time since which reconciliations at rest have found a difference; null while they find none. */
  @Column('timestamptz', { nullable: true }) readonly differsSince: Date | null;
}
