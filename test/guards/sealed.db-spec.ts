import { readFileSync } from 'node:fs';
import type { DataSource } from 'typeorm';
import { SEALED_COLUMNS, type SealedColumnFacts } from '#libs/vault';
import { openAsOwner } from '../support/database.js';

let owner: DataSource;
beforeAll(async () => {
  owner = await openAsOwner();
});
afterAll(() => owner.destroy());

const columns: readonly SealedColumnFacts[] = Object.values(SEALED_COLUMNS);

interface Found {
  readonly name: string;
  readonly of: string;
  readonly key: Readonly<Record<string, string>>;
  readonly updatable: boolean;
}

const IN_CATALOGUE = `
select c.relname || '.' || a.attname as name,
  case when exists (select from pg_attribute t where t.attrelid = c.oid and t.attname = 'tenant_id') then 'tenant' else 'platform' end as of,
  (select json_object_agg(k.attname, format_type(k.atttypid, k.atttypmod) order by array_position(i.indkey::int[], k.attnum::int))
   from pg_index i join pg_attribute k on k.attrelid = c.oid and k.attnum = any (i.indkey)
   where i.indrelid = c.oid and i.indisprimary and k.attname <> 'tenant_id') as key,
  has_table_privilege(case when exists (select from pg_attribute t where t.attrelid = c.oid and t.attname = 'tenant_id')
    then 'starwall_app' else 'starwall_platform' end, c.oid, 'update') as updatable
from pg_class c join pg_attribute a on a.attrelid = c.oid and not a.attisdropped
where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and a.atttypid = 'bytea'::regtype
  and a.attname like '%\\_sealed' order by 1`;

describe('the sealed columns', () => {
  it('in the database are exactly those that a rotation knows, each with its owner and its key', async () => {
    const found = await owner.query<Found[]>(IN_CATALOGUE);
    const known = columns.map(({ table, column, of, key }) => ({
      name: `${table}.${column}`,
      of,
      key,
      updatable: true,
    }));
    expect(found).toEqual(known.toSorted((a, b) => (a.name < b.name ? -1 : 1)));
  });

  it('are all covered by the invariants about nonces and keys', () => {
    const text = readFileSync('test/support/invariants.sql', 'utf8');
    for (const name of ['nonce_reused', 'data_key_missing']) {
      const asked = text.split(`-- invariant: ${name}`)[1]?.split('-- invariant:')[0] ?? '';
      for (const { table, column } of columns)
        expect(asked).toMatch(new RegExp(`${column}( as sealed)? from ${table}\\b`));
    }
  });
});
