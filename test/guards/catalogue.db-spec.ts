import { wrongs } from './catalogue.js';
import { type Guarded, openGuarded } from './guarded.js';

let guarded: Guarded;

beforeAll(async () => {
  guarded = await openGuarded();
});
afterAll(() => guarded.close());

describe('attack 13: the database catalogue', () => {
  it('isolates tenants by its own rules, on every table', async () => {
    expect(guarded.tables.length).toBeGreaterThan(15);
    expect(await wrongs(guarded.owner, guarded.login)).toEqual([]);
  });

  it.each([
    [
      'a table that belongs to neither tenants nor the platform',
      'create table g (id uuid primary key)',
      'g: has no tenant_id and is no platform table',
    ],
    [
      'a tenant table without row-level security',
      'create table g (tenant_id uuid references tenants primary key)',
      'g: row-level security is not both enabled and forced',
    ],
    [
      'row-level security that exempts the owner',
      'alter table orders no force row level security',
      'orders: row-level security is not both enabled and forced',
    ],
    [
      'a policy that allows any write',
      'alter policy tenant_only on orders with check (true)',
      'orders: lacks the policy tenant_only as the helper makes it',
    ],
    [
      'a second policy',
      'create policy more on orders to starwall_app using (true)',
      'orders: has a policy beside the two of the helper: more',
    ],
    [
      'a unique key across tenants',
      'create unique index g on orders (id)',
      'orders: g is unique and does not start with tenant_id',
    ],
    [
      'a partial unique key across tenants',
      `create unique index g on charges (telegram_charge_id, tenant_id) where match = 'order'`,
      'charges: g is unique and does not start with tenant_id',
    ],
    [
      'a foreign key without the tenant',
      'alter table bots add column g uuid unique; alter table buyers add column g uuid constraint g references bots (g)',
      'buyers: g does not bind tenant_id to tenant_id',
    ],
    [
      'a tenant that need not exist',
      'alter table orders drop constraint orders_tenant_id_fkey',
      'orders: tenant_id does not refer to tenants',
    ],
    [
      "a view with its owner's privileges",
      'create view g as select * from orders',
      'g: a view that does not ask for the rights of who reads it',
    ],
    [
      'a materialised view',
      'create materialized view g as select * from orders',
      'g: a materialised view knows no row-level security',
    ],
    [
      "a function with its owner's privileges",
      `create function g() returns int language sql security definer as 'select 1'`,
      "g: runs with its owner's rights and an open search_path",
    ],
    [
      'a role with more privileges',
      'alter role starwall_app bypassrls',
      'starwall_app: is a superuser, bypasses row-level security, or may make roles, databases or replicas',
    ],
    [
      'an application role that owns a table',
      'alter table jobs owner to starwall_app',
      expect.stringContaining('starwall_app: owns pg_class'),
    ],
    ['privileges for all roles', 'grant select on orders to public', 'orders: gives rights to everybody'],
    [
      'a platform table that tenants can read',
      'grant select on bot_routes to starwall_app',
      'bot_routes: is a platform table, and starwall_app may select',
    ],
    [
      'an entry that can be changed',
      'grant update on ledger_entries to starwall_platform',
      'ledger_entries: is append-only, and starwall_platform may update',
    ],
    [
      'an entry with a column that can be changed',
      'grant update (stars) on ledger_entries to starwall_app',
      'ledger_entries: gives rights on the single column stars',
    ],
  ])('fails the check with %s', async (_what, plant, sentence) => {
    const runner = guarded.owner.createQueryRunner();
    await runner.query('begin');
    try {
      await runner.query(plant);
      expect(await wrongs(runner, guarded.login)).toContainEqual(sentence);
    } finally {
      await runner.query('rollback');
      await runner.release();
    }
  });
});

it('every bigint column is limited to values that JavaScript can represent', async () => {
  const open: { name: string }[] = await guarded.owner.query(
    `select c.relname || '.' || a.attname as name from pg_class c
     join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.atttypid = 'int8'::regtype
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relname <> 'migrations'
       and not exists (select from pg_constraint k where k.conrelid = c.oid and k.contype = 'c' and a.attnum = any (k.conkey)
         and pg_get_constraintdef(k.oid) ~ (a.attname || '"? (<=|<) '))
     order by 1`,
  );
  // A new column needs a check such as: between -9007199254740991 and 9007199254740991.
  expect(open.map(({ name }) => name)).toEqual([]);
});
