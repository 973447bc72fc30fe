import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { TenantState } from './tenant.js';

/** A creator's workspace, which owns bots, products and money. */
@Entity('tenants')
export class TenantRow {
  @PrimaryColumn('uuid')
  readonly id: string;

  @Column('text')
  readonly name: string;

  @Column('text', { default: 'active' })
  readonly state: TenantState;

  /** The row of `plans` with the workspace's limits. */
  @Column('text', { default: 'free' })
  readonly planId: string;

  @Column('timestamptz', { default: () => 'now()' })
  readonly createdAt: Date;
}
