import { Database, ensureLogin, openDataSource, withDatabase } from '#libs/database';
import { testOwnerUrl } from '../support/database.js';
import { PgBouncer } from '../support/pgbouncer.js';
import { newName, urlOf } from './fresh-database.js';
import { type Guarded, openGuarded } from './guarded.js';

const POOL = { name: 'guard', size: 2, statementTimeoutMs: 15_000 };

let guarded: Guarded;

beforeAll(async () => {
  guarded = await openGuarded();
});
afterAll(() => guarded.close());

/** Opens a pool through a pooler. @returns the pool and its warnings */
async function through(pooler: PgBouncer, pool = POOL) {
  const warnings: string[] = [];
  const source = await openDataSource(pooler.url, pool, (sentence) => warnings.push(sentence));
  return { source, db: new Database(source), warnings };
}

describe.each([
  ['refuses start parameters', []],
  [
    'ignores start parameters',
    ['ignore_startup_parameters = statement_timeout,lock_timeout,idle_in_transaction_session_timeout'],
  ],
])('a pooler that %s', (_what, settings) => {
  let pooler: PgBouncer;

  beforeAll(async () => {
    await ensureLogin(testOwnerUrl(), guarded.applicationUrl);
    pooler = await PgBouncer.start(guarded.applicationUrl, settings);
  });
  afterAll(() => pooler.stop());

  it('keeps the timeouts of the login, without a warning', async () => {
    const { source, db, warnings } = await through(pooler);
    try {
      expect(warnings).toEqual([]);
      const rows = await db.inPlatform('a test', (tx) =>
        tx.query(`select current_setting('statement_timeout') as statement, current_setting('lock_timeout') as lock,
                    current_setting('idle_in_transaction_session_timeout') as idle`),
      );
      expect(rows).toEqual([{ statement: '15s', lock: '12s', idle: '1min' }]);
    } finally {
      await source.destroy();
    }
  });

  it('serves commands', async () => {
    const rows = await withDatabase(pooler.url, { name: 'guard' }, (db) =>
      db.inPlatform('a test', (tx) => tx.query('select 1 as one')),
    );
    expect(rows).toEqual([{ one: 1 }]);
  });

  it('is reported when a process requires shorter timeouts than the login has', async () => {
    const { source, warnings } = await through(pooler, { ...POOL, statementTimeoutMs: 2_000 });
    await source.destroy();
    expect(warnings).toEqual([expect.stringContaining('statement_timeout is 15000 ms')]);
  });

  it('is reported, with a remedy, when a login has no timeouts', async () => {
    const user = newName();
    const database = new URL(guarded.applicationUrl).pathname.slice(1);
    const url = urlOf(database, { name: user, password: 'secret' });
    await ensureLogin(testOwnerUrl(), url);
    await guarded.owner.query(`alter role ${user} reset all`);
    const bare = await PgBouncer.start(url, settings);
    try {
      const { source, warnings } = await through(bare);
      await source.destroy();
      expect(warnings).toEqual([expect.stringMatching(/statement_timeout is off.*npm run migrate/)]);
    } finally {
      await bare.stop();
      await guarded.owner.query(`drop role ${user}`);
    }
  });
});
