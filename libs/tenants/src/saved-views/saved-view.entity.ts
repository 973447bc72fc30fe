import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ViewedList } from './saved-view.js';

/** Filters of a list, under a name. */
@Entity('order_views')
export class SavedViewRow {
  @PrimaryColumn('uuid')
  readonly tenantId: string;

  @PrimaryColumn('uuid')
  readonly id: string;

  @Column('uuid')
  readonly accountId: string;

  @Column('text')
  readonly list: ViewedList;

  @Column('text')
  readonly name: string;

  /** The fields of the list's query that the view sets. */
  @Column('jsonb')
  readonly filters: Readonly<Record<string, string | number>>;

  @Column('boolean')
  readonly shared: boolean;

  @Column('timestamptz', { default: () => 'now()' })
  readonly createdAt: Date;
}
