import type { DataSource } from 'typeorm';
import { Database, makeDataSource, type PlatformTx, StatementNames } from '#libs/database';
import { PgBouncer } from '../support/pgbouncer.js';
import { type Guarded, openGuarded } from './guarded.js';

let guarded: Guarded;
let pooler: PgBouncer;
let single: DataSource;
let db: Database;

beforeAll(async () => {
  guarded = await openGuarded();
  pooler = await PgBouncer.start(guarded.applicationUrl, [
    'ignore_startup_parameters = statement_timeout,lock_timeout,idle_in_transaction_session_timeout',
  ]);
  await guarded.owner.query(`create table notes (id int primary key, late int unique deferrable initially deferred)`);
  await guarded.owner.query('grant select, insert, update on notes to starwall_platform');
});
afterAll(async () => {
  await pooler.stop();
  await guarded.close();
});
afterEach(() => guarded.owner.query('delete from notes'));

const within = <T>(work: (tx: PlatformTx) => Promise<T>) => db.inPlatform('a test', work);
const add = (tx: PlatformTx, id: number, late: number | null = null) =>
  tx.query('insert into notes (id, late) values ($1, $2)', [id, late]);
const stored = async () =>
  (await guarded.owner.query<{ id: number }[]>('select id from notes order by id')).map(({ id }) => id);
const next = () => within((tx) => tx.query<{ two: number }>('select 1 + 1 as two')).then(([row]) => row?.two);

describe.each([
  ['a direct connection', () => guarded.applicationUrl, true],
  // Debian's version of it does not support named statements.
  ['a connection through PgBouncer', () => pooler.url, false],
] as const)('%s', (_where, url, names) => {
  beforeAll(async () => {
    single = await makeDataSource(url(), { name: 'tx', size: 1, statementTimeoutMs: 5_000 }).initialize();
    db = new Database(single, new StatementNames(names));
  });
  afterAll(() => single.destroy());

  describe('a transaction', () => {
    it('stores all rows when it succeeds', async () => {
      await within((tx) => Promise.all([add(tx, 1), add(tx, 2)]));
      expect(await stored()).toEqual([1, 2]);
    });

    it.each<[string, (tx: PlatformTx) => Promise<unknown>]>([
      ["Starwall's own code throws", () => Promise.reject(new Error('ours'))],
      ['a statement fails', (tx) => tx.query('select 1 / 0')],
      ['a statement fails and the error is ignored', (tx) => tx.query('select 1 / 0').catch(() => undefined)],
      ['a value cannot be sent', (tx) => tx.query('select $1::int', ['many'])],
      ['a row is inserted twice', (tx) => add(tx, 1)],
      ['the commit fails', (tx) => Promise.all([add(tx, 2, 7), add(tx, 3, 7)])],
      ['the last statement fails', (tx) => tx.conclude('select 1 / 0')],
      ['the commit of the last statement fails', (tx) => tx.conclude('insert into notes values (2, 7), (3, 7)')],
      [
        'one of several concurrent statements fails',
        (tx) => Promise.all([add(tx, 2), tx.query('select 1 / 0'), add(tx, 3)]),
      ],
      ['the connection is cut', (tx) => tx.query('select pg_terminate_backend(pg_backend_pid())')],
    ])('stores no rows when %s', async (_what, work) => {
      const done = within(async (tx) => {
        await add(tx, 1);
        await work(tx);
        return 'stored';
      });
      await expect(done).rejects.toThrow();
      expect(await stored()).toEqual([]);
      // Statements whose preparation was skipped are prepared again.
      expect(await next()).toBe(2);
      await within((tx) => Promise.all([add(tx, 1), add(tx, 2), add(tx, 3)]));
      expect(await stored()).toEqual([1, 2, 3]);
    });

    it('stores no rows of work that continues after the failure', async () => {
      let late: Promise<unknown> = Promise.resolve();
      const done = within((tx) => {
        late = new Promise((resolve) => setTimeout(resolve, 50)).then(() => add(tx, 2));
        return tx.query('select 1 / 0');
      });
      await expect(done).rejects.toThrow('division by zero');
      await expect(late).rejects.toThrow();
      expect(await stored()).toEqual([]);
    });
  });

  describe('the concluding statement', () => {
    it('has committed when it returns, and no statement follows it', async () => {
      const done = within(async (tx) => {
        await add(tx, 1);
        expect(await tx.conclude('insert into notes (id) values (2) returning id')).toEqual([{ id: 2 }]);
        expect(await stored()).toEqual([1, 2]);
        await expect(add(tx, 3)).rejects.toThrow();
        throw new Error('too late to undo anything');
      });
      await expect(done).rejects.toThrow('too late');
      expect(await stored()).toEqual([1, 2]);
      expect(await next()).toBe(2);
    });
  });

  describe('a row lock', () => {
    it('is held until the end of its transaction', async () => {
      await within((tx) => add(tx, 1));
      const other = guarded.owner.createQueryRunner();
      await within(async (tx) => {
        await tx.query('select from notes where id = $1 for update', [1]);
        await expect(other.query('select from notes for update nowait')).rejects.toThrow('could not obtain lock');
        await tx.query('select 1');
        await expect(other.query('select from notes for update nowait')).rejects.toThrow('could not obtain lock');
      });
      expect(await other.query('select id from notes for update nowait')).toEqual([{ id: 1 }]);
      await other.release();
    });
  });
});
