import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One try to hand over what was bought. Never changed. */
@Entity('handover_attempts')
export class HandoverAttemptRow {
  @PrimaryColumn('uuid') tenantId: string;
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') orderId: string;
  @Column('integer') round: number;
  @Column('text') outcome: 'delivered' | 'retry' | 'unreachable' | 'failed';
  /** The message with the goods. Set although the outcome is `retry`: the goods went out, the receipt did not. */
  @Column('bigint', { nullable: true }) messageId: number | null;
  @Column('text', { nullable: true }) error: string | null;
  @Column('timestamptz') createdAt: Date;
}
