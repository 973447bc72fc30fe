import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { EventType } from '#libs/journal';
import type { EndpointState } from './endpoint.js';

/** An address of the creator's own server that receives events. */
@Entity('endpoints')
export class EndpointRow {
  @PrimaryColumn('uuid') tenantId: string;
  @PrimaryColumn('uuid') id: string;
  @Column('text') url: string;
  @Column('text', { nullable: true }) description: string | null;
  @Column('bytea') secretSealed: Buffer;
  /** The secret before the last rotation, valid until `previousSecretUntil`. */
  @Column('bytea', { nullable: true }) previousSecretSealed: Buffer | null;
  @Column('timestamptz', { nullable: true }) previousSecretUntil: Date | null;
  /** Empty: all of them. */
  @Column('text', { array: true }) eventTypes: EventType[];
  @Column('text') state: EndpointState;
  @Column('text', { nullable: true }) disabledBecause: string | null;
  /** The first failure after the last success. */
  @Column('timestamptz', { nullable: true }) failingSince: Date | null;
  /** The reason why its latest attempt failed; null after a success. */
  @Column('text', { nullable: true }) failure: string | null;
  /** The time at which the creator was last told of an outage. */
  @Column('timestamptz', { nullable: true }) failureToldAt: Date | null;
  /** True if its last response was slow, or never came. */
  @Column('boolean', { default: false }) slow: boolean;
  @Column('jsonb', { default: () => `'{}'` }) metadata: Record<string, string>;
  @Column('timestamptz') createdAt: Date;
  @Column('timestamptz') updatedAt: Date;
}
