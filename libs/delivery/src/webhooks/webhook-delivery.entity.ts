import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The delivery of one event to one endpoint. */
@Entity('webhook_deliveries')
export class WebhookDeliveryRow {
  @PrimaryColumn('uuid') tenantId: string;
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') endpointId: string;
  @Column('uuid') eventId: string;
  @Column('text') state: 'pending' | 'delivered' | 'failed';
  /** Total number of attempts. */
  @Column('integer') attempts: number;
  /** Number of the round; 1 is the event itself, later ones were requested. */
  @Column('integer', { default: 1 }) round: number;
  @Column('timestamptz', { nullable: true }) nextAttemptAt: Date | null;
  @Column('timestamptz') createdAt: Date;
}

/** One attempt to deliver: the request, the response, and the duration. Immutable. */
@Entity('webhook_attempts')
export class WebhookAttemptRow {
  @PrimaryColumn('uuid') tenantId: string;
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') deliveryId: string;
  @Column('integer') number: number;
  @Column('integer', { default: 1 }) round: number;
  @Column('text', { nullable: true }) url: string | null;
  /** The `webhook-timestamp`. */
  @Column('timestamptz', { nullable: true }) signedAt: Date | null;
  @Column('bytea', { nullable: true }) bodySha256: Buffer | null;
  @Column('integer', { nullable: true }) bodyBytes: number | null;
  @Column('boolean') ok: boolean;
  /** Null if there was no response. */
  @Column('integer', { nullable: true }) status: number | null;
  @Column('text', { nullable: true }) response: string | null;
  @Column('text', { nullable: true }) error: string | null;
  @Column('integer') durationMs: number;
  @Column('timestamptz') createdAt: Date;
}
