import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One attempt to deliver a purchase. Immutable. */
@Entity('handover_attempts')
export class HandoverAttemptRow {
  @PrimaryColumn('uuid') tenantId: string;
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') orderId: string;
  @Column('integer') round: number;
  @Column('text') outcome: 'delivered' | 'retry' | 'unreachable' | 'failed';
  /** The message with the goods. Set even if the outcome is `retry`: the goods were sent, the receipt was not. */
  @Column('bigint', { nullable: true }) messageId: number | null;
  @Column('text', { nullable: true }) error: string | null;
  @Column('timestamptz') createdAt: Date;
}
