import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { freePort } from '../../scripts/free-port.mjs';
import { startServer, stopServer } from '../../apps/standalone/src/postgres-server.js';
import { whoRuns } from '../../apps/standalone/src/postgres-user.js';

const MISSING =
  'PostgreSQL with pg_dump is not installed, and this test needs it: npm run setup:tests, or apt-get install -y postgresql';

/** Returns the folder of the PostgreSQL programs to which this machine's `pg_dump` belongs. */
function programs(): string {
  const version = /\d+/.exec(spawnSync('pg_dump', ['--version'], { encoding: 'utf8' }).stdout ?? '')?.[0];
  const asked = spawnSync('pg_config', ['--bindir'], { encoding: 'utf8' }).stdout?.trim();
  const found = [`/usr/lib/postgresql/${version}/bin`, asked ?? ''].find((folder) =>
    existsSync(join(folder, 'initdb')),
  );
  if (version === undefined || found === undefined) throw new Error(MISSING);
  return found;
}

/** A new, empty cluster of the machine's own PostgreSQL, with a superuser and an empty database `starwall`. */
export class SystemPostgres {
  private constructor(
    readonly port: number,
    private readonly folder: string,
    private readonly cluster: Parameters<typeof startServer>[0],
  ) {}

  static async start(): Promise<SystemPostgres> {
    const bin = programs();
    const folder = mkdtempSync(join(tmpdir(), 'starwall-system-postgres-'));
    const data = join(folder, 'data');
    const user = whoRuns(folder);
    mkdirSync(data);
    if (user) spawnSync('chown', ['-R', `${user.uid}:${user.gid}`, folder]);
    const at = (name: string) => join(bin, name);
    const args = ['--pgdata', data, '--encoding=UTF8', '--locale=C', '--auth=trust', '--username=starwall_owner'];
    const made = spawnSync(at('initdb'), args, { ...user, cwd: '/', encoding: 'utf8' });
    if (made.status !== 0) throw new Error(made.stderr);
    const binaries = { initdb: at('initdb'), postgres: at('postgres'), pgCtl: at('pg_ctl') };
    const server = new SystemPostgres(await freePort(), folder, { user, data, binaries });
    await startServer(server.cluster, server.port, ['fsync=off']);
    await server.query('create database starwall', 'postgres');
    return server;
  }

  get ownerUrl(): string {
    return this.urlOf('starwall');
  }

  get applicationUrl(): string {
    return `postgres://starwall:secret@127.0.0.1:${this.port}/starwall`;
  }

  async query<Row extends object>(sql: string, database = 'starwall'): Promise<Row[]> {
    const client = new pg.Client(this.urlOf(database));
    await client.connect();
    try {
      return (await client.query<Row>(sql)).rows;
    } finally {
      await client.end();
    }
  }

  async remove(): Promise<void> {
    await stopServer(this.cluster);
    rmSync(this.folder, { recursive: true, force: true });
  }

  private urlOf(database: string): string {
    return `postgres://starwall_owner@127.0.0.1:${this.port}/${database}`;
  }
}
