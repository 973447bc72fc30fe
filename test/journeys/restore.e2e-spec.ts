import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database, ensureLogin, makeDataSource, migrate } from '#libs/database';
import { testMasterKey } from '../support/database.js';
import { openShop } from '../support/shop.js';
import { SystemPostgres } from '../support/system-postgres.js';

const page = readFileSync('docs/operating.md', 'utf8');
const chapter = page.slice(page.indexOf('## Backups and restores'), page.indexOf('## Staff'));
const [backup = '', restore = ''] = [...chapter.matchAll(/^```bash\n([\s\S]*?)^```$/gm)].map(([, block]) =>
  String(block),
);

let folder: string;
let old: SystemPostgres;
let fresh: SystemPostgres;

beforeAll(async () => {
  if (!existsSync('dist/libs/database/src/migrate.main.js'))
    throw new Error('this test runs what is built: npm run build');
  folder = mkdtempSync(join(tmpdir(), 'starwall-restore-'));
  old = await SystemPostgres.start();
  await migrate(old.ownerUrl);
  await ensureLogin(old.ownerUrl, old.applicationUrl);
  const source = await makeDataSource(old.applicationUrl, {
    name: 'restore',
    size: 2,
    statementTimeoutMs: 10_000,
  }).initialize();
  await openShop(new Database(source), { stock: 7 });
  await source.destroy();
  const { status, stderr } = bash(backup, old);
  if (status !== 0) throw new Error(`the backup failed: ${stderr}`);
}, 240_000);
afterAll(async () => {
  await old.remove();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  fresh = await SystemPostgres.start();
});
afterEach(() => fresh.remove());

/** Runs the page's commands verbatim in the folder of the backup. */
function bash(script: string, server: SystemPostgres) {
  const { PATH = '' } = process.env;
  const env = {
    PATH,
    DATABASE_OWNER_URL: server.ownerUrl,
    DATABASE_URL: server.applicationUrl,
    STARWALL_MASTER_KEY: testMasterKey,
    npm_config_prefix: process.cwd(),
    BACKUPS: folder,
  };
  return spawnSync('bash', ['-euc', script], { env, encoding: 'utf8' });
}

const RIGHTS = `
  select (select count(*)::int from pg_policies where schemaname = 'public') as policies,
    (select md5(string_agg(g, ',' order by g)) from (
       select concat(table_name, grantee, privilege_type) as g from information_schema.role_table_grants
       where table_schema = 'public' and grantee in ('starwall_app', 'starwall_platform', 'PUBLIC')) g) as grants,
    (select md5(string_agg(f, ',' order by f)) from (
       select concat(proname, (select string_agg(a.grantee::regrole || a.privilege_type, ',' order by 1) from aclexplode(proacl) a)) as f
       from pg_proc where pronamespace = 'public'::regnamespace) f) as functions,
    (select count(*)::int from pg_class where relnamespace = 'public'::regnamespace and relrowsecurity and relforcerowsecurity) as forced,
    (select count(*)::int from products) as products`;

/** The page's commands start a dozen programs. */
const LONGEST_MS = 240_000;

describe('a dump restored into a new cluster', () => {
  it(
    "is a working database after the page's commands, without repairs",
    async () => {
      const { status, stdout, stderr } = bash(restore, fresh);
      expect([status, stderr]).toEqual([0, expect.not.stringContaining('error')]);
      expect(stdout).toContain('The schema is up to date.');
      expect(stdout).not.toContain('Restored what was missing');
      expect(await fresh.query(RIGHTS)).toEqual(await old.query(RIGHTS));
      await sells();
    },
    LONGEST_MS,
  );

  it(
    'is repaired by `npm run migrate` when the roles were forgotten, which reports its repairs',
    async () => {
      const forgetful = restore.replace('npm run migrate -- roles\n', '').replace('--exit-on-error ', '');
      expect(forgetful).not.toBe(restore);
      const { stdout, stderr } = bash(forgetful.replace(/^(pg_restore.*)$/m, '$1 || true'), fresh);
      expect(stderr).toMatch(/errors ignored on restore: \d{3}/);
      expect(stdout).toMatch(/Restored what was missing, as after a restore: 2 roles, .*\d+ policies/);
      expect(await fresh.query(RIGHTS)).toEqual(await old.query(RIGHTS));
      await sells();
    },
    LONGEST_MS,
  );
});

/** Checks that the application's login sees its rows through the policies and can insert some. */
async function sells(): Promise<void> {
  const source = await makeDataSource(fresh.applicationUrl, {
    name: 'restore',
    size: 2,
    statementTimeoutMs: 10_000,
  }).initialize();
  try {
    const db = new Database(source);
    const seen = await db.inPlatform('a test', (tx) => tx.query<{ stock: number }>('select stock from products'));
    expect(seen).toEqual([{ stock: 7 }]);
    await openShop(db);
  } finally {
    await source.destroy();
  }
}
