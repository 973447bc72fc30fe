import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { LetterFacts, LetterKind } from './letter-kinds.js';

/** An email that is pending or was sent. It has exactly one recipient: an account, a link, or an invitation. */
@Entity('mails')
export class MailRow {
  @PrimaryColumn('uuid')
  readonly tenantId: string;

  @PrimaryColumn('uuid')
  readonly id: string;

  @Column('uuid', { nullable: true })
  readonly accountId: string | null;

  @Column('uuid', { nullable: true })
  readonly linkId: string | null;

  @Column('uuid', { nullable: true })
  readonly invitationId: string | null;

  @Column('text')
  readonly kind: LetterKind;

  @Column('jsonb')
  readonly facts: LetterFacts[LetterKind];

  /** The token in the email's link; deleted once the email is sent. */
  @Column('bytea', { nullable: true })
  readonly secretSealed: Buffer | null;

  @Column('timestamptz', { default: () => 'now()' })
  readonly createdAt: Date;

  @Column('timestamptz', { nullable: true })
  readonly sentAt: Date | null;
}
