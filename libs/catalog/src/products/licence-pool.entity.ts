import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { LicenceKeyTerms } from '../kinds/kind-licence-key.js';
import type { LicenceKeyState } from './licence-key.js';

/** The terms of a product of the kind `licence_key`. */
@Entity('licence_pools')
export class LicencePoolRow implements LicenceKeyTerms {
  @PrimaryColumn('uuid') tenantId: string;
  @PrimaryColumn('uuid') productId: string;
  @Column('integer', { nullable: true }) lowStockAt: number | null;
  /** Not part of the terms, which creators set. */
  @Column('bytea', { nullable: true, select: false }) hashKeySealed: Buffer | null;
  @Column('integer', { nullable: true, select: false }) warnedAt: number | null;
}

/** One key of a pool. */
@Entity('licence_keys')
export class LicenceKeyRow {
  @PrimaryColumn('uuid') tenantId: string;
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') productId: string;
  /** The encrypted key, which buyers pay for. */
  @Column('bytea') keySealed: Buffer;
  @Column('bytea') keyHash: Buffer;
  @Column('text') hint: string;
  @Column('text', { default: 'free' }) state: LicenceKeyState;
  @Column('uuid', { nullable: true }) orderId: string | null;
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date;
  @Column('timestamptz', { nullable: true }) soldAt: Date | null;
  @Column('timestamptz', { nullable: true }) burnedAt: Date | null;
}
