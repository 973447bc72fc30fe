import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Explanation, ReconciliationState, ReconciliationTrigger } from './reconciliation.js';

/** Details of an explanation: ids, a few at most. */
export interface ReconciliationDetails extends Explanation {
  /** Nothing happened between reading the list and reading the balance. */
  readonly stoodStill: boolean;
  /** Public ids of charges that Telegram does not list. */
  readonly unknownThere: readonly string[];
  /** Telegram's ids of payments and refunds that could not be recorded, with the reasons. */
  readonly unknownHere: readonly { readonly id: string; readonly direction: 'in' | 'out'; readonly problem: string }[];
}

/** One comparison of a bot's books with Telegram's. */
@Entity('reconciliations')
export class ReconciliationRow {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('uuid') readonly botId: string;
  @Column('text') readonly state: ReconciliationState;
  @Column('text') readonly trigger: ReconciliationTrigger;
  @Column('integer') readonly rowsRead: number;
  @Column('integer') readonly rowsNew: number;
  @Column('integer') readonly healedPayments: number;
  @Column('integer') readonly healedRefunds: number;
  @Column('integer') readonly unknownHere: number;
  @Column('integer') readonly unknownThere: number;
  /** The reason why the whole list was read, not only new rows. */
  @Column('text', { nullable: true }) readonly fullReadBecause: string | null;
  @Column('bigint', { nullable: true }) readonly balanceTelegram: number | null;
  @Column('bigint', { nullable: true }) readonly balanceOurs: number | null;
  @Column('bigint', { nullable: true }) readonly difference: number | null;
  @Column('bigint', { nullable: true }) readonly unexplained: number | null;
  @Column('jsonb', { nullable: true }) readonly explanation: ReconciliationDetails | null;
  @Column('text', { nullable: true }) readonly error: string | null;
  @Column('timestamptz') readonly startedAt: Date;
  @Column('timestamptz', { nullable: true }) readonly finishedAt: Date | null;
}
