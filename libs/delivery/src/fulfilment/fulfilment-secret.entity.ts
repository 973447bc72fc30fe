import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What requests to a product's fulfilment URL are signed with. */
@Entity('fulfilment_secrets')
export class FulfilmentSecretRow {
  @PrimaryColumn('uuid') tenantId: string;
  @PrimaryColumn('uuid') productId: string;
  @Column('bytea') secretSealed: Buffer;
  /** The secret before the last rotation, good until `previousSecretUntil`. */
  @Column('bytea', { nullable: true }) previousSecretSealed: Buffer | null;
  @Column('timestamptz', { nullable: true }) previousSecretUntil: Date | null;
  @Column('timestamptz') createdAt: Date;
  @Column('timestamptz') updatedAt: Date;
}
