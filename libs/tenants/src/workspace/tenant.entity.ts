import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { TenantState } from './tenant.js';

/** A creator's workspace: whose bots, products and money it is. */
@Entity('tenants')
export class TenantRow {
  @PrimaryColumn('uuid')
  readonly id: string;

  @Column('text')
  readonly name: string;

  @Column('text', { default: 'active' })
  readonly state: TenantState;

  /** The row of `plans` that says what the workspace may have. */
  @Column('text', { default: 'free' })
  readonly planId: string;

  @Column('timestamptz', { default: () => 'now()' })
  readonly createdAt: Date;
}
