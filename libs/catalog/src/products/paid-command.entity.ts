import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { PaidCommandTerms } from '../kinds/kind-paid-command.js';

/** The terms of a product of the kind `paid_command`. */
@Entity('paid_commands')
export class PaidCommandRow implements PaidCommandTerms {
  @PrimaryColumn('uuid') tenantId: string;
  @PrimaryColumn('uuid') productId: string;
  /** The product's bot, which never changes: commands are unique per bot. */
  @Column('uuid') botId: string;
  @Column('text') command: string;
  @Column('text', { nullable: true }) creditUnit: string | null;
  @Column('bigint', { nullable: true }) creditAmount: number | null;
  @Column('boolean') needsArguments: boolean;
}
