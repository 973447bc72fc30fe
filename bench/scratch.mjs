// Shared by the shop benchmarks: a temporary PostgreSQL with a shop in it.
import 'reflect-metadata';
import pg from 'pg';
import { Database, ensureLogin, makeDataSource, migrate } from '../dist/libs/database/src/index.js';
import { newUuid } from '../dist/libs/kernel/src/index.js';
import { scratchPostgres } from './support/postgres.mjs';

export const newShop = () => ({ tenantId: newUuid(), botId: newUuid(), productId: newUuid() });

/** Creates a shop's tenant, bot and product; each benchmark adds its own orders. */
export async function openShop(client, { tenantId, botId, productId }) {
  await client.query(`insert into tenants (id, name) values ($1, 'Bench')`, [tenantId]);
  await client.query(
    `insert into bots (tenant_id, id, telegram_id, username, name, info, token_sealed, token_last4, state)
     values ($1, $2, 1, 'bench_bot', 'Bench', '{}', '\\x00', 'last', 'active')`,
    [tenantId, botId],
  );
  await client.query(
    `insert into products (tenant_id, id, bot_id, kind, title, description, price_version, stars, content)
     values ($1, $2, $3, 'text', 'A guide, with comma', 'A guide', 1, 50, 'goods')`,
    [tenantId, productId, botId],
  );
}

/**
 * Starts a migrated PostgreSQL without fsync, fills it, measures, and removes it.
 * @param fill gets a client of the owner, with foreign key checks disabled
 * @param measure gets the application's view of the database
 */
export async function inScratch({ fill, measure, statementTimeoutMs }) {
  const postgres = await scratchPostgres(['fsync=off', 'full_page_writes=off']);
  let source;
  try {
    await migrate(postgres.ownerUrl);
    await ensureLogin(postgres.ownerUrl, postgres.applicationUrl);
    const client = new pg.Client(postgres.ownerUrl);
    await client.connect();
    await client.query('set session_replication_role = replica');
    await fill(client).finally(async () => {
      await client.query('vacuum analyze');
      await client.end();
    });
    source = await makeDataSource(postgres.applicationUrl, { name: 'bench', size: 4, statementTimeoutMs }).initialize();
    return await measure(new Database(source));
  } finally {
    await source?.destroy();
    await postgres.remove();
  }
}
