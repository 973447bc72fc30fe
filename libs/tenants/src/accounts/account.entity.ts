import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Role } from './scope.js';

/** A person who logs in. Belongs to the platform: one account may be a member of several workspaces. */
@Entity('accounts')
export class AccountRow {
  @PrimaryColumn('uuid')
  readonly id: string;

  @Column('text', { unique: true })
  readonly email: string;

  /** Argon2id in PHC format, which includes salt and cost. */
  @Column('text')
  readonly passwordHash: string;

  @Column('timestamptz', { default: () => 'now()' })
  readonly createdAt: Date;

  /** The time at which its owner proved to have access to the address's mailbox; null until then. */
  @Column('timestamptz', { nullable: true })
  readonly emailConfirmedAt: Date | null;
}

@Entity('memberships')
export class MembershipRow {
  @PrimaryColumn('uuid')
  readonly tenantId: string;

  @PrimaryColumn('uuid')
  readonly accountId: string;

  @Column('text')
  readonly role: Role;

  @Column('timestamptz', { default: () => 'now()' })
  readonly createdAt: Date;
}
