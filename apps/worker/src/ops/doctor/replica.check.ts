import { setTimeout as pause } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { openDataSource, openWeakly } from '#libs/database';
import { SECOND } from '#libs/kernel';
import { type Config, messageOf } from '#libs/runtime';
import { type Finding, warning, well, wrong } from './finding.js';

const POOL = { name: 'doctor', size: 1, statementTimeoutMs: 15 * SECOND };
const LOOK_EVERY_MS = 50;
const PRIMARY_SERVES = 'Until then reports are read from the primary.';

/** The replica for reports: nothing when there is none. */
export async function replicaFindings({ databaseUrl, replica }: Config): Promise<Finding[]> {
  if (replica === undefined) return [];
  const open: DataSource[] = [];
  const opened = async (source: Promise<DataSource>) => {
    open.push(await source);
    return source;
  };
  try {
    const primary = await opened(openDataSource(databaseUrl, POOL, () => undefined));
    const copy = await opened(openWeakly(replica.url, POOL, () => undefined));
    return [await compare(primary, copy, replica.maxLagMs)];
  } catch (error) {
    const remedy = `Check DATABASE_REPLICA_URL, and that it names the login of DATABASE_URL. ${PRIMARY_SERVES}`;
    return [warning('replica', `It cannot be used: ${messageOf(error)}.`, remedy)];
  } finally {
    await Promise.all(open.map((source) => source.destroy()));
  }
}

/** Writes a message into the primary's log, and waits until the replica has applied it. */
async function compare(primary: DataSource, copy: DataSource, maxLagMs: number): Promise<Finding> {
  const [one] = await primary.query<Server[]>(SERVER);
  const [other] = await copy.query<Server[]>(SERVER);
  if (other?.replays !== true)
    return wrong(
      'replica',
      'DATABASE_REPLICA_URL names no replica.',
      'Name a streaming replica (hot standby), or unset it.',
    );
  if (one?.id !== other.id)
    return wrong('replica', 'It is a replica of another server.', 'Name a replica of the server in DATABASE_URL.');
  const began = performance.now();
  const [written] = await primary.query<{ lsn: string }[]>(
    `select pg_logical_emit_message(true, 'starwall', 'doctor')::text as lsn`,
  );
  for (;;) {
    const [state] = await copy.query<{ applied: boolean }[]>(
      'select pg_last_wal_replay_lsn() >= $1::pg_lsn as applied',
      [written?.lsn],
    );
    const took = Math.round(performance.now() - began);
    if (state?.applied === true) return well('replica', `It applied a transaction of the primary within ${took} ms.`);
    if (took > maxLagMs)
      return warning(
        'replica',
        `It did not apply a transaction of the primary within ${maxLagMs / SECOND} s.`,
        `Check its log and the network. ${PRIMARY_SERVES}`,
      );
    await pause(LOOK_EVERY_MS);
  }
}

interface Server {
  readonly replays: boolean;
  readonly id: string;
}

const SERVER = 'select pg_is_in_recovery() as replays, system_identifier::text as id from pg_control_system()';
