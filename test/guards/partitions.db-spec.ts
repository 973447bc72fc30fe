import { readdirSync } from 'node:fs';
import { DataSource, type MigrationInterface } from 'typeorm';
import { migrate } from '#libs/database';
import { newUuid, newUuidBeside } from '#libs/kernel';
import { openAsOwner } from '../support/database.js';
import { onFreshDatabase, urlOf } from './fresh-database.js';

type MigrationClass = new () => MigrationInterface;
const FIRST_OF_PARTITIONS = '1790000080000';

let owner: DataSource;

beforeAll(async () => {
  owner = await openAsOwner();
});
afterAll(() => owner.destroy());

/** Creates a database of the version before the partitions, without the list of privileges that `migrate` records. */
async function openBefore(url: string): Promise<DataSource> {
  const files = readdirSync('migrations').filter((file) => file < FIRST_OF_PARTITIONS);
  const modules = await Promise.all(
    files.toSorted().map((file) => import(`../../migrations/${file}`) as Promise<Record<string, MigrationClass>>),
  );
  const migrations = modules.flatMap((module) => Object.values(module));
  const source = await new DataSource({
    type: 'postgres',
    url,
    migrations,
    migrationsTransactionMode: 'each',
  }).initialize();
  await source.runMigrations();
  return source;
}

it('events, deliveries and attempts of the previous version are kept in the first partitions', async () => {
  await onFreshDatabase(owner, async (name) => {
    const source = await openBefore(urlOf(name));
    const [tenant, endpoint, event] = [newUuid(), newUuid(), newUuid()];
    const delivery = newUuidBeside(event);
    await source.query(`insert into tenants (id, name) values ($1, 'A shop')`, [tenant]);
    await source.query(
      `insert into endpoints (tenant_id, id, url, secret_sealed) values ($1, $2, 'https://a.example', '')`,
      [tenant, endpoint],
    );
    await source.query(`insert into events (tenant_id, id, type, data) values ($1, $2, 'order.paid', '{"a": 1}')`, [
      tenant,
      event,
    ]);
    await source.query(
      `insert into webhook_deliveries (tenant_id, id, endpoint_id, event_id) values ($1, $2, $3, $4)`,
      [tenant, delivery, endpoint, event],
    );
    await source.query(
      `insert into webhook_attempts (tenant_id, id, delivery_id, number, ok, duration_ms) values ($1, $2, $3, 1, true, 1)`,
      [tenant, newUuidBeside(delivery), delivery],
    );
    const rows = async (): Promise<unknown[]> =>
      source.query(
        `select to_jsonb(e) as row from events e union all select to_jsonb(d) from webhook_deliveries d union all select to_jsonb(a) from webhook_attempts a`,
      );
    const before = await rows();
    expect((await migrate(urlOf(name))).ran).toContain('Partitions1790000080200');
    expect(await rows()).toEqual(before);
    for (const table of ['events', 'webhook_deliveries', 'webhook_attempts'])
      expect(await source.query(`select tableoid::regclass::text as place from ${table}`)).toEqual([
        { place: `starwall_partitions.${table}_first` },
      ]);
    await source.query('delete from endpoints');
    expect(await source.query('select from webhook_deliveries')).toEqual([]);
    await source.destroy();
  });
});

it('no role of the application can access a partition except through its table', async () => {
  const open: unknown[] = await owner.query(
    `select c.relname, r.rolname from pg_class c cross join pg_roles r
     where c.relnamespace = 'starwall_partitions'::regnamespace and r.rolname in ('starwall_app', 'starwall_platform', 'starwall')
       and (has_schema_privilege(r.rolname, 'starwall_partitions', 'usage')
         or c.relkind = 'r' and has_table_privilege(r.rolname, c.oid, 'select, insert, update, delete'))`,
  );
  expect(open).toEqual([]);
});
