import { spawn, spawnSync } from 'node:child_process';
import {
  chownSync,
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { isAlive } from './data-lock.js';
import type { Binaries } from './postgres-binaries.js';
import type { OsUser } from './postgres-user.js';

/** A PostgreSQL data directory, and the programs and user that run a server on it. */
export interface Cluster {
  readonly binaries: Binaries;
  readonly user: OsUser | undefined;
  /** PostgreSQL's own directory. Its log and other files are next to it. */
  readonly data: string;
}

const READY_WITHIN_MS = 120_000;
/** Identifies the server in process listings. */
const MARK = 'cluster_name=starwall';

/** Finds a free port on 127.0.0.1, or returns `wanted` if it is free. @throws Error when `wanted` is taken */
export function freePort(wanted = 0): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', () =>
      reject(
        new Error(`Port ${wanted} on 127.0.0.1 is taken, so PostgreSQL cannot use it. Free it, or choose another.`),
      ),
    );
    server.listen(wanted, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : wanted));
    });
  });
}

interface Ended {
  readonly code: number | null;
  readonly said: string;
}

/** Runs one of PostgreSQL's programs until it exits, as the cluster's user and in its folder. */
function run(cluster: Cluster, program: string, args: readonly string[]): Promise<Ended> {
  const { user, data } = cluster;
  return new Promise((resolve) => {
    const child = spawn(program, args, { ...user, cwd: dirname(data), stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    child.once('error', (error) => resolve({ code: null, said: error.message }));
    child.once('close', (code) => resolve({ code, said: said.trim() }));
  });
}

/** Creates the data directory. An interrupted run leaves nothing that looks complete. */
export async function initialise(cluster: Cluster, superuser: string, password: string): Promise<void> {
  const { binaries, user, data } = cluster;
  const half = `${data}.new`;
  const passwordFile = `${data}.password`;
  rmSync(half, { recursive: true, force: true });
  mkdirSync(half, { mode: 0o700 });
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  try {
    for (const path of user ? [half, passwordFile] : []) chownSync(path, user?.uid ?? -1, user?.gid ?? -1);
    const { code, said } = await run(cluster, binaries.initdb, [
      `--pgdata=${half}`,
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--auth=scram-sha-256',
      `--username=${superuser}`,
      `--pwfile=${passwordFile}`,
    ]);
    if (code !== 0) throw new Error(`PostgreSQL could not create its data directory: ${said}`);
    renameSync(half, data);
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

interface PidFile {
  readonly pid: number;
  readonly ready: boolean;
}

function readPidFile(data: string): PidFile | undefined {
  try {
    const lines = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n');
    return { pid: Number(lines[0]), ready: lines[7]?.trim() === 'ready' };
  } catch {
    return undefined;
  }
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout ?? '';
  }
}

/** True when the process works in this data directory, even if it was started under another path. */
function worksIn(pid: number, data: string): boolean {
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === data;
  } catch {
    return commandOf(pid).includes(data);
  }
}

/**
 * The server that runs on this data directory: its process id, and whether we started it. A stale pid file is removed,
 * because its number may now belong to another process.
 */
export function runningOn(data: string): { readonly pid: number; readonly ours: boolean } | undefined {
  const file = readPidFile(data);
  if (file === undefined) return undefined;
  // Windows cannot tell us, so pg_ctl finds out whether it can stop the server.
  if (process.platform === 'win32' && isAlive(file.pid)) return { pid: file.pid, ours: true };
  if (isAlive(file.pid) && worksIn(file.pid, data)) return { pid: file.pid, ours: commandOf(file.pid).includes(MARK) };
  rmSync(join(data, 'postmaster.pid'), { force: true });
  return undefined;
}

/** Ends sessions, flushes all data and stops. Does nothing when no server runs there. */
export async function stopServer(cluster: Cluster): Promise<void> {
  const { binaries, data } = cluster;
  if (readPidFile(data) === undefined) return;
  const args = ['stop', `--pgdata=${data}`, '--mode=fast', '--wait', '--timeout=60', '--silent'];
  const { code, said } = await run(cluster, binaries.pgCtl, args);
  if (code !== 0 && runningOn(data) !== undefined) throw new Error(`PostgreSQL did not stop: ${said}`);
}

/** Asks the server to stop without waiting; an exiting process cannot do more. */
export function stopServerNow(data: string): void {
  const server = runningOn(data);
  if (server?.ours) process.kill(server.pid, 'SIGINT');
}

/** Starts the server and waits until it accepts connections. @throws Error with the end of its log when it does not */
export async function startServer(cluster: Cluster, port: number, settings: readonly string[]): Promise<void> {
  const { binaries, user, data } = cluster;
  const logFile = join(dirname(data), 'postgres.log');
  const log = openSync(logFile, 'w', 0o600);
  if (user) chownSync(logFile, user.uid, user.gid);
  const flags = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'log_checkpoints=off', MARK, ...settings];
  // A separate session: Ctrl-C in the terminal reaches only this process, which stops PostgreSQL last.
  const child = spawn(binaries.postgres, ['-D', data, '-p', String(port), ...flags.flatMap((flag) => ['-c', flag])], {
    ...user,
    cwd: dirname(data),
    detached: true,
    windowsHide: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  let ended: string | undefined;
  child.once('error', (error) => {
    ended = error.message;
  });
  child.once('exit', (code) => {
    ended ??= `exit code ${code}`;
  });
  const deadline = Date.now() + READY_WITHIN_MS;
  for (;;) {
    const file = readPidFile(data);
    if (file?.ready && file.pid === child.pid) break;
    if (ended !== undefined || Date.now() > deadline) {
      child.kill('SIGINT');
      throw new Error(`PostgreSQL did not start (${ended ?? 'no answer'}). The end of ${logFile}:\n${endOf(logFile)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  child.unref();
}

const endOf = (file: string) => readFileSync(file, 'utf8').trimEnd().split('\n').slice(-12).join('\n');
