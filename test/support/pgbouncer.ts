import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { whoRuns } from '../../apps/standalone/src/postgres-user.js';
import { Program } from './processes.js';
import { freePort } from '../../scripts/free-port.mjs';

/** `PGBOUNCER` selects another version than the machine's. */
const PROGRAMS = [
  process.env['PGBOUNCER'] ?? '',
  '/usr/sbin/pgbouncer',
  '/usr/bin/pgbouncer',
  '/opt/homebrew/bin/pgbouncer',
];

/** A real PgBouncer in transaction mode, in front of one database. */
export class PgBouncer {
  private constructor(
    /** The same login through the pooler. */
    readonly url: string,
    private readonly folder: string,
    private readonly program: Program,
  ) {}

  /** Tells whether it tracks prepared statements by name, as it does since 1.21. */
  static followsNames(): boolean {
    const [, major, minor] = /PgBouncer (\d+)\.(\d+)/.exec(spawnSync(program(), ['--version']).stdout.toString()) ?? [];
    return Number(major) > 1 || Number(minor) >= 21;
  }

  /** @param databaseUrl with the login whose password the pooler knows @param settings lines of its configuration */
  static async start(databaseUrl: string, settings: readonly string[] = []): Promise<PgBouncer> {
    const bin = program();
    const { hostname, port, pathname, username, password } = new URL(databaseUrl);
    const [listen, folder] = [await freePort(), mkdtempSync(join(tmpdir(), 'starwall-pgbouncer-'))];
    const [config, users] = [join(folder, 'pgbouncer.ini'), join(folder, 'users.txt')];
    writeFileSync(users, `"${decodeURIComponent(username)}" "${decodeURIComponent(password)}"\n`);
    writeFileSync(
      config,
      [
        '[databases]',
        `* = host=${hostname} port=${port}`,
        '[pgbouncer]',
        'listen_addr = 127.0.0.1',
        `listen_port = ${listen}`,
        'unix_socket_dir =',
        'auth_type = plain',
        `auth_file = ${users}`,
        'pool_mode = transaction',
        'default_pool_size = 4',
        ...settings,
      ].join('\n'),
    );
    // PgBouncer does not run as root.
    const user = whoRuns(folder);
    if (user) spawnSync('chown', ['-R', `${user.uid}:${user.gid}`, folder]);
    const as = user ? ['--user', 'postgres'] : [];
    const running = Program.run('pgbouncer', bin, [...as, config], {});
    await running.until('it listens', () => accepts(listen));
    return new PgBouncer(`postgres://${username}:${password}@127.0.0.1:${listen}${pathname}`, folder, running);
  }

  async stop(): Promise<void> {
    await this.program.stop('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function program(): string {
  const found = PROGRAMS.find((path) => existsSync(path));
  if (found === undefined) throw new Error('PgBouncer is not installed, and this test needs it: npm run setup:tests');
  return found;
}

const accepts = (port: number) =>
  new Promise<boolean>((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', reject);
  });
