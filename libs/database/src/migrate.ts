import { readdirSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { DataSource, type MigrationInterface, type QueryRunner } from 'typeorm';
import { PARTITIONS_AHEAD_DAYS } from './partitions.js';
import { KEEPALIVE, STATEMENT_TIMEOUT_MS, timeouts } from './data-source.js';
import { ensureRoles, mendRights, recordRights, ROLES } from './rights.js';

const MIGRATIONS = fileURLToPath(new URL('../../../migrations/', import.meta.url));
/** An arbitrary unused number for the advisory lock that serialises migration runs. */
const MIGRATION_LOCK = 7_827_001;

type MigrationClass = new () => MigrationInterface;

async function migrationClasses(): Promise<MigrationClass[]> {
  const files = readdirSync(MIGRATIONS)
    .filter((file) => /^\d+-[a-z0-9-]+\.(js|ts)$/.test(file))
    .sort();
  const modules = await Promise.all(
    files.map((file) => import(pathToFileURL(`${MIGRATIONS}${file}`).href) as Promise<Record<string, MigrationClass>>),
  );
  return modules.flatMap((module) => Object.values(module));
}

/** The names of all migrations of this version, in order. */
export const migrationNames = async (): Promise<string[]> => (await migrationClasses()).map(({ name }) => name);

export interface Migrated {
  /** The names of the migrations that ran. */
  readonly ran: readonly string[];
  /** Descriptions of the roles, policies and grants that were missing. */
  readonly mended: readonly string[];
}

/**
 * Brings the schema up to date, one transaction per migration, under an advisory lock: a concurrent run waits and finds
 * nothing to do. Roles, policies and grants that a restore left out are recreated first.
 * @param ownerUrl a database user that may create roles; it will own the tables
 */
export async function migrate(ownerUrl: string): Promise<Migrated> {
  const classes = await migrationClasses();
  const source = new DataSource({
    type: 'postgres',
    url: ownerUrl,
    migrations: classes,
    migrationsTransactionMode: 'each',
    applicationName: 'starwall-migrate',
  });
  await source.initialize();
  const lock = source.createQueryRunner();
  try {
    await lock.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const [{ isNew }]: [{ isNew: boolean }] = await lock.query(
      `select to_regclass('public.migrations') is null as "isNew"`,
    );
    if (!isNew) await refuseOlderThanBaseline(lock, classes);
    const roles = await ensureRoles(lock);
    const rights = await mendRights(lock);
    const ran = await source.runMigrations();
    if (ran.length > 0) await recordRights(lock);
    await makeAllPartitions(lock);
    return {
      ran: ran.map((migration) => migration.name),
      mended: isNew ? [] : [...roles, ...rights],
    };
  } finally {
    await lock.query('select pg_advisory_unlock($1)', [MIGRATION_LOCK]).catch(() => undefined);
    await lock.release();
    await source.destroy();
  }
}

/** Makes all missing partitions, as workers do, in case no worker has run for a while. */
async function makeAllPartitions(q: QueryRunner): Promise<void> {
  await q.query(`set lock_timeout = '10s'`);
  const sql = `select make_partition(now() + interval '${PARTITIONS_AHEAD_DAYS} days') as name`;
  let made: string | null;
  do [{ name: made }] = (await q.query(sql)) as [{ name: string | null }];
  while (made !== null);
}

/**
 * Refuses a database from before the first release: one baseline replaced its migrations, and cannot be applied on top
 * of them.
 */
async function refuseOlderThanBaseline(q: QueryRunner, classes: readonly MigrationClass[]): Promise<void> {
  const ran = (await q.query('select name from migrations order by id limit 2')) as Array<{ name: string }>;
  const known = new Set(classes.map(({ name }) => name));
  if (ran.every(({ name }) => known.has(name))) return;
  throw new Error(
    'This database was created by a Starwall version from before the first release, whose schema cannot be upgraded. Start with an empty database: drop this one or, if it is embedded, delete its data directory.',
  );
}

/**
 * Creates only the roles, in a new cluster, before a dump is restored into it. Idempotent.
 * @returns descriptions of what was created
 */
export async function makeRoles(ownerUrl: string): Promise<string[]> {
  const source = new DataSource({ type: 'postgres', url: ownerUrl, applicationName: 'starwall-migrate' });
  await source.initialize();
  const runner = source.createQueryRunner();
  try {
    return await ensureRoles(runner);
  } finally {
    await runner.release();
    await source.destroy();
  }
}

/**
 * Creates the login of `applicationUrl` if needed: it owns nothing, inherits nothing, and can only switch to the two
 * application roles. Its timeouts apply to connections that set none themselves. Idempotent; updates the password to
 * that of the URL.
 */
export async function ensureLogin(ownerUrl: string, applicationUrl: string): Promise<void> {
  const { username, password } = new URL(applicationUrl);
  const [user, secret] = [decodeURIComponent(username), decodeURIComponent(password)];
  if (user === '')
    throw new Error('DATABASE_URL contains no user. Add one, for example postgres://starwall:...@host/db.');
  const source = new DataSource({ type: 'postgres', url: ownerUrl, applicationName: 'starwall-migrate' });
  await source.initialize();
  try {
    const quote = async (what: 'I' | 'L', value: string) => {
      const rows: Array<{ quoted: string }> = await source.query(`select format('%${what}', $1::text) as quoted`, [
        value,
      ]);
      return rows[0]?.quoted ?? '';
    };
    const [name, literal] = [await quote('I', user), await quote('L', secret)];
    const found: unknown[] = await source.query('select 1 from pg_roles where rolname = $1', [user]);
    const verb = found.length === 0 ? 'create' : 'alter';
    await source.query(`${verb} role ${name} login noinherit nosuperuser nobypassrls password ${literal}`);
    await source.query(`grant ${ROLES.join(', ')} to ${name}`);
    // A pooler may not forward a connection's startup parameters.
    const wanted = timeouts({ statementTimeoutMs: STATEMENT_TIMEOUT_MS });
    const known: Array<{ name: keyof typeof wanted }> = await source.query(
      'select name from pg_settings where name = any($1)',
      [Object.keys(wanted)],
    );
    for (const { name: timeout } of known) await source.query(`alter role ${name} set ${timeout} = ${wanted[timeout]}`);
    for (const [setting, value] of Object.entries(KEEPALIVE))
      await source.query(`alter role ${name} set ${setting} = ${value}`);
  } finally {
    await source.destroy();
  }
}
