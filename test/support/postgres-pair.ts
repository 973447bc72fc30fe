import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { freePort } from '../../scripts/free-port.mjs';
import { type RunningPostgres, startPostgres } from '../../apps/standalone/src/postgres.js';
import { findBinaries } from '../../apps/standalone/src/postgres-binaries.js';
import { whoRuns } from '../../apps/standalone/src/postgres-user.js';
import { ensureLogin, migrate } from '#libs/database';
import { eventually } from './eventually.js';

const SETTINGS = ['fsync=off', 'max_connections=60', 'wal_keep_size=512MB'];

/** Two PostgreSQL servers with the schema of the product: a primary, and a streaming replica made from a base backup of it. */
export class PostgresPair {
  private replica: ChildProcess | undefined;

  private constructor(
    private readonly folder: string,
    private readonly primary: RunningPostgres,
    readonly replicaPort: number,
  ) {}

  static async start(): Promise<PostgresPair> {
    const folder = mkdtempSync(join(tmpdir(), 'starwall-pair-'));
    chmodSync(folder, 0o755);
    const primary = await startPostgres({ dataDir: join(folder, 'primary'), settings: SETTINGS, onProgress() {} });
    const pair = new PostgresPair(folder, primary, await freePort());
    await migrate(primary.ownerUrl);
    await ensureLogin(primary.ownerUrl, primary.applicationUrl);
    await pair.copy();
    await pair.startReplica();
    return pair;
  }

  /** The URL of the application's login on the primary. */
  get url(): string {
    return this.primary.applicationUrl;
  }

  /** The URL of the application's login on the replica. */
  get replicaUrl(): string {
    return this.onReplica(this.primary.applicationUrl);
  }

  /** The URL of the owner's login on the replica, with too many privileges for a process. */
  get replicaOwnerUrl(): string {
    return this.onReplica(this.primary.ownerUrl);
  }

  /** Makes the replica receive transactions without applying them. Returns once it is paused. */
  async pause(): Promise<void> {
    await this.ask(this.replicaOwnerUrl, 'select pg_wal_replay_pause()');
    await eventually('a pause of the replica', async () => {
      const [row] = await this.ask(this.replicaOwnerUrl, 'select pg_get_wal_replay_pause_state() as state');
      return row?.['state'] === 'paused';
    });
  }

  async resume(): Promise<void> {
    await this.ask(this.replicaOwnerUrl, 'select pg_wal_replay_resume()');
  }

  /** Returns once the replica has applied everything that the primary has committed. */
  async catchUp(): Promise<void> {
    const [row] = await this.ask(this.primary.ownerUrl, 'select pg_current_wal_lsn()::text as lsn');
    await eventually('the replica', async () => {
      const sql = `select pg_last_wal_replay_lsn() >= '${String(row?.['lsn'])}' as done`;
      return (await this.ask(this.replicaOwnerUrl, sql))[0]?.['done'] === true;
    });
  }

  async promote(): Promise<void> {
    await this.ask(this.replicaOwnerUrl, 'select pg_promote(true)');
  }

  /** Kills the replica without a warning, like a power failure. */
  async killReplica(): Promise<void> {
    const { replica } = this;
    if (replica === undefined) return;
    this.replica = undefined;
    const ended = new Promise((resolve) => replica.once('exit', resolve));
    // Shuts down immediately: the postmaster ends its children.
    replica.kill('SIGQUIT');
    await ended;
  }

  async startReplica(): Promise<void> {
    const { user, data } = this;
    const flags = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', ...SETTINGS];
    const args = ['-D', data, '-p', String(this.replicaPort), ...flags.flatMap((flag) => ['-c', flag])];
    const { postgres } = findBinaries(user, () => undefined);
    this.replica = spawn(postgres, args, { ...user, cwd: this.folder, stdio: 'ignore' });
    await eventually('the replica', async () =>
      this.ask(this.replicaOwnerUrl, 'select').then(
        () => true,
        () => false,
      ),
    );
  }

  async remove(): Promise<void> {
    await this.killReplica();
    await this.primary.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private get user() {
    return whoRuns(join(this.folder, 'primary/postgres/data'));
  }

  private get data(): string {
    return join(this.folder, 'replica');
  }

  /** Makes a base backup like pg_basebackup, which is missing from the npm package with PostgreSQL. */
  private async copy(): Promise<void> {
    const client = new pg.Client(this.primary.ownerUrl);
    await client.connect();
    try {
      await client.query(`select pg_backup_start('replica', true)`);
      cpSync(join(this.folder, 'primary/postgres/data'), this.data, {
        recursive: true,
        filter: (file) => !file.endsWith('postmaster.pid'),
      });
      const { rows } = await client.query<{ label: string }>('select labelfile as label from pg_backup_stop(false)');
      writeFileSync(join(this.data, 'backup_label'), rows[0]?.label ?? '');
    } finally {
      await client.end();
    }
    writeFileSync(join(this.data, 'standby.signal'), '');
    writeFileSync(join(this.data, 'postgresql.auto.conf'), `primary_conninfo = '${this.primary.ownerUrl}'\n`);
    chmodSync(this.data, 0o700);
    const { user } = this;
    if (user) spawnSync('chown', ['-R', `${user.uid}:${user.gid}`, this.data]);
  }

  private onReplica(url: string): string {
    const there = new URL(url);
    there.port = String(this.replicaPort);
    return there.href;
  }

  private async ask(url: string, sql: string): Promise<Record<string, unknown>[]> {
    const client = new pg.Client(url);
    client.on('error', () => undefined);
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(sql)).rows;
    } finally {
      await client.end();
    }
  }
}
