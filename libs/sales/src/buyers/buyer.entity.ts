import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A person who has talked to one bot. The same person in another bot is another buyer. */
@Entity('buyers')
export class BuyerRow {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly botId: string;
  @PrimaryColumn('bigint') readonly telegramId: number;
  @Column('text', { nullable: true }) readonly firstName: string | null;
  @Column('text', { nullable: true }) readonly lastName: string | null;
  @Column('text', { nullable: true }) readonly username: string | null;
  /** The username in small letters, for looking it up; made by the database. */
  @Column({
    type: 'text',
    nullable: true,
    insert: false,
    update: false,
    generatedType: 'STORED',
    asExpression: 'lower(username)',
  })
  readonly usernameKey: string | null;
  @Column('text', { nullable: true }) readonly languageCode: string | null;
  @Column('boolean') readonly reachable: boolean;
  @Column('jsonb', { default: () => `'{}'` }) readonly metadata: Record<string, string>;
  @Column('timestamptz') readonly createdAt: Date;
  @Column('timestamptz') readonly updatedAt: Date;
}
