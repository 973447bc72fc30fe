import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One login. All refresh tokens that descend from it belong to it and end with it. */
@Entity('sessions')
export class SessionRow {
  @PrimaryColumn('uuid')
  readonly id: string;

  @Column('uuid')
  readonly accountId: string;

  @Column('uuid')
  readonly ownerTenant: string;

  @Column('timestamptz', { default: () => 'now()' })
  readonly createdAt: Date;

  @Column('timestamptz')
  readonly expiresAt: Date;

  /** Accurate to the minute; null until its first use. */
  @Column('timestamptz', { nullable: true })
  readonly lastUsedAt: Date | null;

  /** The address from which it was opened, shortened. */
  @Column('text', { nullable: true })
  readonly network: string | null;

  @Column('text', { nullable: true })
  readonly userAgent: string | null;

  @Column('timestamptz', { nullable: true })
  readonly revokedAt: Date | null;

  @Column('text', { nullable: true })
  readonly revokedBecause: string | null;
}

@Entity('refresh_tokens')
export class RefreshTokenRow {
  /** SHA-256 of the token; the token itself is not stored. */
  @PrimaryColumn('bytea')
  readonly hash: Buffer;

  @Column('uuid')
  readonly sessionId: string;

  @Column('timestamptz', { default: () => 'now()' })
  readonly issuedAt: Date;

  @Column('timestamptz', { nullable: true })
  readonly usedAt: Date | null;
}
