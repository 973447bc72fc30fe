import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Scope } from '../accounts/scope.js';

/** A credential for programs. It belongs to its workspace, and never has more scopes than its creator. */
@Entity('api_keys')
export class ApiKeyRow {
  @PrimaryColumn('uuid')
  readonly tenantId: string;

  @PrimaryColumn('uuid')
  readonly id: string;

  @Column('text')
  readonly name: string;

  /** SHA-256 of the key; the key itself is not stored. */
  @Column('bytea')
  readonly hash: Buffer;

  @Column('text')
  readonly last4: string;

  @Column('boolean')
  readonly livemode: boolean;

  @Column('text', { array: true })
  readonly scopes: readonly Scope[];

  @Column('uuid')
  readonly createdBy: string;

  @Column('jsonb', { default: () => `'{}'` })
  readonly metadata: Record<string, string>;

  @Column('timestamptz', { default: () => 'now()' })
  readonly createdAt: Date;

  @Column('timestamptz', { nullable: true })
  readonly expiresAt: Date | null;

  /** Accurate to about a minute. */
  @Column('timestamptz', { nullable: true })
  readonly lastUsedAt: Date | null;

  @Column('timestamptz', { nullable: true })
  readonly revokedAt: Date | null;
}
