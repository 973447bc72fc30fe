import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The secret that signs requests to a product's fulfilment URL. */
@Entity('fulfilment_secrets')
export class FulfilmentSecretRow {
  @PrimaryColumn('uuid') tenantId: string;
  @PrimaryColumn('uuid') productId: string;
  @Column('bytea') secretSealed: Buffer;
  /** The secret before the last rotation, valid until `previousSecretUntil`. */
  @Column('bytea', { nullable: true }) previousSecretSealed: Buffer | null;
  @Column('timestamptz', { nullable: true }) previousSecretUntil: Date | null;
  @Column('timestamptz') createdAt: Date;
  @Column('timestamptz') updatedAt: Date;
}
