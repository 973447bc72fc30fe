import type { DataSource } from 'typeorm';
import type { BooksTenant } from './books-tenant.js';

export type Plant = (source: DataSource, t: BooksTenant) => Promise<unknown>;

export const AGO = `now() - interval '2 days'`;

/** Builds a plant of one statement about one row of the tenant: `$1` is the tenant, `$2` the id that `id` selects. */
export const sql =
  (statement: string, id?: (t: BooksTenant) => unknown): Plant =>
  (source, t) =>
    source.query(statement, id === undefined ? [t.tenant] : [t.tenant, id(t)]);
