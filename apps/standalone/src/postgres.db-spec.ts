import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { takeLock } from './data-lock.js';
import { type PostgresOptions, startPostgres } from './postgres.js';
import { repairLinks } from './postgres-binaries.js';
import { canReach, type OsUser, SYSTEM_PLACE } from './postgres-user.js';

const COMPILED = resolve('dist/apps/standalone/src/postgres.js');
const folders: string[] = [];
const children: ChildProcess[] = [];

function newFolder(mode = 0o755): string {
  const folder = mkdtempSync(join(tmpdir(), 'starwall-standalone-'));
  chmodSync(folder, mode);
  folders.push(folder);
  return folder;
}

let initialised: string | undefined;

/** Copies the data directory of the first test, ten times faster than creating one. Returns an empty folder if there is none. */
function usedFolder(): string {
  const folder = newFolder();
  if (initialised === undefined) return folder;
  const { status } = spawnSync('cp', ['-a', `${initialised}/.`, folder]);
  if (status !== 0) throw new Error('the data directory cannot be copied');
  return folder;
}

/** Starts PostgreSQL in this process and collects the output. */
async function start(dataDir: string, more: Partial<PostgresOptions> = {}) {
  const said: string[] = [];
  const postgres = await startPostgres({ dataDir, onProgress: (sentence) => said.push(sentence), ...more });
  return { ...postgres, said: said.join('\n') };
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client(url);
  await client.connect();
  const { rows } = await client.query(sql);
  await client.end();
  return rows;
}

/** Starts PostgreSQL in another process, which runs until it is killed. @returns that process, once its PostgreSQL is up */
function startElsewhere(dataDir: string, user: OsUser | undefined): Promise<ChildProcess> {
  const code = `
    import { startPostgres } from ${JSON.stringify(COMPILED)};
    const postgres = await startPostgres({ dataDir: ${JSON.stringify(dataDir)}, onProgress() {} });
    process.once('SIGTERM', () => postgres.stop().then(() => process.exit(0)));
    setInterval(() => {}, 1000);
    console.log('up');`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', code], {
    ...user,
    cwd: '/',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  return new Promise((up, failed) => {
    child.stdout?.once('data', () => up(child));
    child.once('exit', () => failed(new Error('the other process ended')));
  });
}

const end = (child: ChildProcess, signal: NodeJS.Signals) =>
  new Promise<number | null>((ended) => {
    child.once('exit', ended);
    child.kill(signal);
  });

afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  for (const folder of folders) {
    const sign = join(folder, 'postgres/elsewhere');
    if (existsSync(sign))
      rmSync(join(SYSTEM_PLACE, readFileSync(sign, 'utf8').trim()), { recursive: true, force: true });
    rmSync(folder, { recursive: true, force: true });
  }
});

describe('the bundled PostgreSQL', () => {
  it('keeps committed data and its passwords across restarts', async () => {
    const dataDir = newFolder();
    const first = await start(dataDir);
    await query(first.ownerUrl, 'create table kept as select 42 as answer');
    await first.stop();
    const second = await start(dataDir);
    expect(await query(second.ownerUrl, 'select * from kept')).toEqual([{ answer: 42 }]);
    expect(await query(second.ownerUrl, `select current_setting('fsync') as fsync`)).toEqual([{ fsync: 'on' }]);
    await second.stop();
    await second.stop();
    initialised = dataDir;
    const password = (url: string) => new URL(url).password;
    expect(password(second.ownerUrl)).toBe(password(first.ownerUrl));
    expect(statSync(join(dataDir, 'postgres/passwords.json')).mode & 0o777).toBe(0o600);
    expect(first.said).not.toContain(password(first.ownerUrl));
  });

  it('requires a password and listens only on this machine', async () => {
    const postgres = await start(usedFolder());
    const url = new URL(postgres.ownerUrl);
    url.password = 'wrong';
    await expect(query(url.href, 'select 1')).rejects.toThrow('password authentication failed');
    expect(await query(postgres.ownerUrl, `select current_setting('listen_addresses') as at`)).toEqual([
      { at: '127.0.0.1' },
    ]);
    await postgres.stop();
  });

  it('names the process that uses the data directory, with a remedy', async () => {
    const dataDir = usedFolder();
    const postgres = await start(dataDir);
    await expect(start(dataDir)).rejects.toThrow(
      `The data directory ${dataDir} is in use by another Starwall (process ${process.pid}). Stop that one first, or give this one its own directory with STARWALL_DATA_DIR.`,
    );
    expect(await query(postgres.ownerUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
    await postgres.stop();
  });

  it('reports a taken port, and releases the directory', async () => {
    const dataDir = usedFolder();
    const server = createServer();
    const port = await new Promise<number>((listening) =>
      server.listen(0, '127.0.0.1', () => listening((server.address() as { port: number }).port)),
    );
    await expect(start(dataDir, { port })).rejects.toThrow(`Port ${port} on 127.0.0.1 is taken`);
    await new Promise((closed) => server.close(closed));
    const postgres = await start(dataDir, { port });
    expect(new URL(postgres.ownerUrl).port).toBe(String(port));
    await postgres.stop();
  });

  it('shows the end of its log when it cannot start', async () => {
    const dataDir = usedFolder();
    await expect(start(dataDir, { settings: ['max_connections=none'] })).rejects.toThrow(
      /PostgreSQL did not start[\s\S]*invalid value for parameter "max_connections"/,
    );
    const postgres = await start(dataDir);
    await postgres.stop();
  });

  it('restarts with all committed data after its process was killed', async () => {
    const dataDir = usedFolder();
    const child = await startElsewhere(dataDir, undefined);
    await expect(start(dataDir)).rejects.toThrow(`in use by another Starwall (process ${child.pid})`);
    await end(child, 'SIGKILL');
    const postgres = await start(dataDir);
    expect(postgres.said).toMatch(/An earlier run left its PostgreSQL behind \(process \d+\): stopping it\./);
    expect(await query(postgres.ownerUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
    await postgres.stop();
  });

  it('does not touch a PostgreSQL that another program started on the directory', async () => {
    const dataDir = newFolder();
    const data = join(dataDir, 'postgres/data');
    mkdirSync(data, { recursive: true });
    // Stands in for that server: a process whose working directory contains the pid file.
    const other = spawn('sleep', ['60'], { cwd: data });
    children.push(other);
    writeFileSync(join(data, 'postmaster.pid'), `${other.pid}\n`);
    await expect(start(dataDir)).rejects.toThrow(
      `in use by a PostgreSQL that Starwall did not start (process ${other.pid})`,
    );
    expect(await end(other, 'SIGTERM')).toBeNull();
  });

  it('works in a folder that only its user can enter', async () => {
    const dataDir = join(newFolder(0o700), '.starwall');
    const first = await start(dataDir);
    await query(first.ownerUrl, 'create table kept as select 42 as answer');
    await first.stop();
    const second = await start(dataDir);
    expect(await query(second.ownerUrl, 'select * from kept')).toEqual([{ answer: 42 }]);
    await second.stop();
    folders.unshift(dataDir);
  });

  it('works for an ordinary user', async () => {
    const nobody = (what: string) => Number(spawnSync('id', [what, 'nobody'], { encoding: 'utf8' }).stdout);
    const asRoot = process.getuid?.() === 0 ? { uid: nobody('-u'), gid: nobody('-g') } : undefined;
    // If other users cannot read this checkout, only an ordinary user can run this test as intended.
    const user = canReach(asRoot, resolve('dist')) ? asRoot : undefined;
    const dataDir = newFolder(0o777);
    expect(await end(await startElsewhere(dataDir, user), 'SIGTERM')).toBe(0);
    expect(await end(await startElsewhere(dataDir, user), 'SIGTERM')).toBe(0);
  });
});

describe('the lock on a data directory', () => {
  it('is taken over when its process has ended or its process id belongs to another process', () => {
    const folder = newFolder();
    const gone = spawnSync(process.execPath, ['--eval', '']).pid;
    for (const holder of [`${gone}`, `${process.pid} another-boot/1`, 'no number']) {
      const path = join(folder, 'lock');
      writeFileSync(path, holder);
      const release = takeLock(path);
      expect(release).toBeInstanceOf(Function);
      expect(takeLock(path)).toBe(process.pid);
      (release as () => void)();
      expect(existsSync(path)).toBe(false);
    }
  });
});

describe('links between shared libraries', () => {
  it('are created once if no install script has created them', () => {
    const folder = newFolder();
    mkdirSync(join(folder, 'native/lib'), { recursive: true });
    writeFileSync(join(folder, 'native/lib/libx.so.5.18'), '');
    const links = [{ source: 'native/lib/libx.so.5.18', target: 'native/lib/libx.so.5' }];
    writeFileSync(join(folder, 'native/pg-symlinks.json'), JSON.stringify(links));
    repairLinks(folder);
    repairLinks(folder);
    expect(readlinkSync(join(folder, 'native/lib/libx.so.5'))).toBe('libx.so.5.18');
  });
});
