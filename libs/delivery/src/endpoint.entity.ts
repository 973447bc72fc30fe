import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { EventType } from '#libs/journal';
import type { EndpointState } from './endpoint.js';

/** An address of the creator's own server that is told what happens. */
@Entity('endpoints')
export class EndpointRow {
  @PrimaryColumn('uuid') tenantId: string;
  @PrimaryColumn('uuid') id: string;
  @Column('text') url: string;
  @Column('text', { nullable: true }) description: string | null;
  @Column('bytea') secretSealed: Buffer;
  /** Empty: all of them. */
  @Column('text', { array: true }) eventTypes: EventType[];
  @Column('text') state: EndpointState;
  @Column('text', { nullable: true }) disabledBecause: string | null;
  @Column('timestamptz') createdAt: Date;
  @Column('timestamptz') updatedAt: Date;
}
