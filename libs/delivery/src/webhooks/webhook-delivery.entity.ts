import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One event on its way to one endpoint. */
@Entity('webhook_deliveries')
export class WebhookDeliveryRow {
  @PrimaryColumn('uuid') tenantId: string;
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') endpointId: string;
  @Column('uuid') eventId: string;
  @Column('text') state: 'pending' | 'delivered' | 'failed';
  /** How many attempts were made in all. */
  @Column('integer') attempts: number;
  /** Counts how often somebody asked for it; 1 is the event itself. */
  @Column('integer', { default: 1 }) round: number;
  @Column('timestamptz', { nullable: true }) nextAttemptAt: Date | null;
  @Column('timestamptz') createdAt: Date;
}

/** One try to deliver: what was sent, what was answered, and how long it took. Never changed. */
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
  /** Null: no answer came. */
  @Column('integer', { nullable: true }) status: number | null;
  @Column('text', { nullable: true }) response: string | null;
  @Column('text', { nullable: true }) error: string | null;
  @Column('integer') durationMs: number;
  @Column('timestamptz') createdAt: Date;
}
