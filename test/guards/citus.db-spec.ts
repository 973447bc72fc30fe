import type { DataSource } from 'typeorm';
import { openAsOwner } from '../support/database.js';
import { notReadyForCitus } from './citus.js';

let owner: DataSource;
beforeAll(async () => {
  owner = await openAsOwner();
});
afterAll(() => owner.destroy());

/** Changes that Citus would need beyond `create_distributed_table`, by remedy. */
const EXPLAINED = {
  'drop the constraint: the tenant is never deleted, and the row may outlive it': [
    'impersonation_entries: impersonation_entries_owner_tenant_fkey leads from a reference table to tenants',
    'sessions: sessions_owner_tenant_fkey leads from a reference table to tenants',
    'staff_entries: staff_entries_owner_tenant_fkey leads from a reference table to tenants',
    'staff_note_entries: staff_note_entries_owner_tenant_fkey leads from a reference table to tenants',
  ],
  'drop the constraint: a route without its bot is not found, as today': [
    'bot_routes: bot_routes_owner_tenant_bot_id_fkey leads from a reference table to bots',
  ],
} as const;

it('the schema is ready to be distributed by tenant, except for the listed cases', async () => {
  expect((await notReadyForCitus(owner)).toSorted()).toEqual(Object.values(EXPLAINED).flat().toSorted());
});

it.each([
  ['create unique index g on orders (id)', 'orders: g is unique without the distribution column'],
  [
    'create trigger g before insert on orders for each row execute function suppress_redundant_updates_trigger()',
    'orders: has the trigger g',
  ],
  [
    'alter table orders add column g integer generated always as identity',
    'orders: g counts in integer, not in bigint',
  ],
  [
    'create function g(id uuid) returns bigint language sql as $$ select count(*) from orders $$',
    'g(): uses orders and does not begin with the tenant',
  ],
  [
    'alter table plans add column g uuid references tenants',
    'plans: plans_g_fkey leads from a reference table to tenants',
  ],
])('the check for Citus detects: %s', async (change, sentence) => {
  const runner = owner.createQueryRunner();
  await runner.query('begin');
  try {
    await runner.query(change);
    expect(await notReadyForCitus(runner)).toContain(sentence);
  } finally {
    await runner.query('rollback');
    await runner.release();
  }
});
