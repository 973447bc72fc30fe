import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { LetterFacts, LetterKind } from './letter.js';

/** A letter to send, or one that was sent. */
@Entity('mails')
export class MailRow {
  @PrimaryColumn('uuid')
  readonly tenantId: string;

  @PrimaryColumn('uuid')
  readonly id: string;

  /** The recipient. */
  @Column('uuid')
  readonly accountId: string;

  @Column('text')
  readonly kind: LetterKind;

  @Column('jsonb')
  readonly facts: LetterFacts[LetterKind];

  @Column('timestamptz', { default: () => 'now()' })
  readonly createdAt: Date;

  @Column('timestamptz', { nullable: true })
  readonly sentAt: Date | null;
}
