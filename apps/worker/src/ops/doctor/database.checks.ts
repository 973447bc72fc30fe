import {
  assertWeakRole,
  Database,
  migrationNames,
  openDataSource,
  partitionedUntil,
  type PlatformTx,
} from '#libs/database';
import { DAY, SECOND } from '#libs/kernel';
import { type Config, messageOf } from '#libs/runtime';
import { readMasterKeys } from '#libs/vault';
import { type Finding, warning, well, wrong } from './finding.js';

const OLDEST_VERSION = 150_000;
/** A worker makes them 45 days ahead. */
const PARTITIONS_WANTED_DAYS = 14;
const CLOCK_TOLERANCE_MS = 5 * SECOND;
const MIGRATE = 'Run `npm run migrate` with DATABASE_OWNER_URL, and with DATABASE_URL naming this login.';

/** Checks connection, login, schema, rights, clock, keys and processes by what the database shows. */
export async function databaseFindings(config: Config): Promise<Finding[]> {
  const warned: string[] = [];
  const pool = { name: 'doctor', size: 2, statementTimeoutMs: 15_000 };
  const source = await openDataSource(config.databaseUrl, pool, (sentence) => warned.push(sentence)).catch(
    (error: unknown) => messageOf(error),
  );
  if (typeof source === 'string')
    return [
      wrong(
        'database',
        `No connection: ${source}.`,
        'Check DATABASE_URL, and that PostgreSQL runs and accepts this login.',
      ),
    ];
  try {
    const timeouts = warned.map((says) => warning('database', says, MIGRATE));
    const role = await assertWeakRole(source).then(
      () => [],
      (error: unknown) => [wrong('database', messageOf(error), MIGRATE)],
    );
    const db = new Database(source);
    const inside = await db
      .inPlatform('npm run doctor checks the installation', (tx) => insideFindings(tx, config))
      .catch((error: unknown) => [wrong('database', `It cannot be read: ${messageOf(error)}.`, MIGRATE)]);
    return [...timeouts, ...role, ...inside];
  } finally {
    await source.destroy();
  }
}

async function insideFindings(tx: PlatformTx, config: Config): Promise<Finding[]> {
  return [
    await version(tx),
    await schema(tx),
    await isolation(tx),
    await partitions(tx),
    await clock(tx),
    await keys(tx, config),
    await processes(tx),
  ];
}

async function version(tx: PlatformTx): Promise<Finding> {
  const [row] = await tx.query<{ number: number; name: string; readOnly: boolean }>(
    `select current_setting('server_version_num')::int as number, current_setting('server_version') as name,
       current_setting('transaction_read_only')::boolean as "readOnly"`,
  );
  if (row === undefined || row.number < OLDEST_VERSION)
    return wrong('database', `PostgreSQL ${row?.name} is too old.`, 'Use version 15 or later.');
  if (row.readOnly)
    return wrong('database', 'It accepts no writes.', 'DATABASE_URL names a standby: promote it, or name the primary.');
  return well('database', `PostgreSQL ${row.name} accepts this login, which owns nothing.`);
}

async function schema(tx: PlatformTx): Promise<Finding> {
  const ran = await tx.query<{ name: string }>('select name from migrations');
  const wanted = await migrationNames();
  const missing = wanted.filter((name) => !ran.some((each) => each.name === name));
  const newer = ran.filter(({ name }) => !wanted.includes(name));
  if (missing.length > 0)
    return wrong('schema', `${missing.length} migrations have not run: ${missing.join(', ')}.`, MIGRATE);
  if (newer.length > 0)
    return warning(
      'schema',
      `The database is ${newer.length} migrations newer than this program.`,
      'Deploy the newer version.',
    );
  return well('schema', `All ${wanted.length} migrations have run.`);
}

async function isolation(tx: PlatformTx): Promise<Finding> {
  const open = await tx.query<{ name: string }>(
    `select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'public' and c.relkind in ('r', 'p') and not (c.relrowsecurity and c.relforcerowsecurity)
       and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and a.attnotnull and not a.attisdropped)
       and has_table_privilege('starwall_app', c.oid, 'select')
     order by 1`,
  );
  if (open.length > 0)
    return wrong('rights', `Tables without row-level security: ${open.map(({ name }) => name).join(', ')}.`, MIGRATE);
  return well('rights', "Every tenant's table has row-level security.");
}

async function partitions(tx: PlatformTx): Promise<Finding> {
  const days = Math.floor(((await partitionedUntil(tx)).getTime() - Date.now()) / DAY);
  if (days >= PARTITIONS_WANTED_DAYS) return well('partitions', `They exist for the next ${days} days.`);
  return wrong(
    'partitions',
    `They exist for the next ${Math.max(days, 0)} days only.`,
    'Start a worker, which makes them, or run `npm run migrate`.',
  );
}

async function clock(tx: PlatformTx): Promise<Finding> {
  const before = Date.now();
  const [row] = await tx.query<{ now: Date }>('select clock_timestamp() as now');
  const ahead = Math.round((before + Date.now()) / 2 - (row?.now.getTime() ?? 0));
  if (Math.abs(ahead) <= CLOCK_TOLERANCE_MS)
    return well('clock', `It differs from the database's by ${Math.abs(ahead)} ms.`);
  return wrong(
    'clock',
    `It is ${Math.round(ahead / SECOND)} s ahead of the database's.`,
    'Synchronise both machines (chrony or systemd-timesyncd).',
  );
}

async function keys(tx: PlatformTx, { masterKeys }: Config): Promise<Finding> {
  try {
    const known = (await readMasterKeys(masterKeys)).ids;
    const used = await tx.query<{ id: string }>(
      'select master_key_id as id from data_keys union select master_key_id from platform_keys',
    );
    const missing = used.filter(({ id }) => !known.includes(id));
    if (missing.length === 0) return well('keys', 'The configured master keys open every data key.');
    return wrong(
      'keys',
      `Data keys are wrapped by master keys that are not set: ${missing.map(({ id }) => id).join(', ')}.`,
      'Add them to STARWALL_MASTER_KEY_PREVIOUS. Without them the tokens of bots cannot be read. `npm run keys -- status` shows more.',
    );
  } catch (error) {
    return wrong('keys', messageOf(error), 'See Keys in docs/operating.md.');
  }
}

async function processes(tx: PlatformTx): Promise<Finding> {
  const rows = await tx.query<{ name: string; count: number }>(
    `select application_name as name, count(*)::int as count from pg_stat_activity
     where usename = session_user and application_name in ('starwall-platform', 'starwall-ingress', 'starwall-worker', 'starwall-standalone')
     group by 1`,
  );
  const running = new Set(rows.map(({ name }) => name.slice('starwall-'.length)));
  const missing = ['platform', 'ingress', 'worker'].filter((name) => !running.has(name));
  if (missing.length === 0 || running.has('standalone'))
    return well('processes', 'Platform, ingress and worker are connected.');
  return warning(
    'processes',
    `Not connected to the database: ${missing.join(', ')}.`,
    'Start them. Behind a pooler they may be connected anyway.',
  );
}
