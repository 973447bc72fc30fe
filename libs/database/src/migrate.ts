import { readdirSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { DataSource, type MigrationInterface } from 'typeorm';

const MIGRATIONS = fileURLToPath(new URL('../../../migrations/', import.meta.url));
/** Any number that nobody else uses: one migration run at a time. */
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

/**
 * Brings the schema up to date, one transaction per migration, under an advisory lock: a second run waits and finds nothing to do.
 * @param ownerUrl a database user that may create roles; it will own the tables
 * @returns the names of the migrations that ran
 */
export async function migrate(ownerUrl: string): Promise<string[]> {
  const source = new DataSource({
    type: 'postgres',
    url: ownerUrl,
    migrations: await migrationClasses(),
    migrationsTransactionMode: 'each',
    applicationName: 'starwall-migrate',
  });
  await source.initialize();
  const lock = source.createQueryRunner();
  try {
    await lock.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const ran = await source.runMigrations();
    return ran.map((migration) => migration.name);
  } finally {
    await lock.query('select pg_advisory_unlock($1)', [MIGRATION_LOCK]).catch(() => undefined);
    await lock.release();
    await source.destroy();
  }
}

/**
 * Makes the login of `applicationUrl` when it does not exist: it owns nothing, inherits nothing, and may only switch to the two
 * application roles. Safe to run again; a password that has changed in the URL is set anew.
 */
export async function ensureLogin(ownerUrl: string, applicationUrl: string): Promise<void> {
  const { username, password } = new URL(applicationUrl);
  const [user, secret] = [decodeURIComponent(username), decodeURIComponent(password)];
  if (user === '')
    throw new Error('DATABASE_URL names no user. Give it one, for example postgres://starwall:...@host/db.');
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
    await source.query(`grant starwall_app, starwall_platform to ${name}`);
  } finally {
    await source.destroy();
  }
}
