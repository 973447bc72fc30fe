import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Role } from '../accounts/scope.js';

/** Makes the person who has its token, and knows or sets the password of that address, a member. Single use. */
@Entity('invitations')
export class InvitationRow {
  @PrimaryColumn('uuid')
  readonly tenantId: string;

  @PrimaryColumn('uuid')
  readonly id: string;

  @Column('text')
  readonly email: string;

  @Column('text')
  readonly role: Role;

  /** SHA-256 of the token; the token itself is not stored. */
  @Column('bytea')
  readonly tokenHash: Buffer;

  @Column('uuid')
  readonly invitedBy: string;

  @Column('timestamptz', { default: () => 'now()' })
  readonly createdAt: Date;

  @Column('timestamptz')
  readonly expiresAt: Date;

  @Column('timestamptz', { nullable: true })
  readonly acceptedAt: Date | null;

  @Column('uuid', { nullable: true })
  readonly acceptedBy: string | null;

  @Column('timestamptz', { nullable: true })
  readonly revokedAt: Date | null;
}
