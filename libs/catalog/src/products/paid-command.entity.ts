import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { PaidCommandTerms } from '../kinds/kind-paid-command.js';

/** What a product of the kind `paid_command` says of itself. */
@Entity('paid_commands')
export class PaidCommandRow implements PaidCommandTerms {
  @PrimaryColumn('uuid') tenantId: string;
  @PrimaryColumn('uuid') productId: string;
  /** The product's, which never changes: it is what a command is unique in. */
  @Column('uuid') botId: string;
  @Column('text') command: string;
  @Column('text', { nullable: true }) creditUnit: string | null;
  @Column('bigint', { nullable: true }) creditAmount: number | null;
  @Column('boolean') needsArguments: boolean;
}
