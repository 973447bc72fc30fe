import type { DataSource } from 'typeorm';
import { NotFound } from '#libs/kernel';
import { reports } from '#libs/metrics';
import { eventually } from '../../../test/support/eventually.js';
import { PostgresPair } from '../../../test/support/postgres-pair.js';
import { openShop, type Shop } from '../../../test/support/shop.js';
import { Database, DatabaseAway, openWeakly, Replica, StatementNames, type TenantTx } from './index.js';

const POOL = { name: 'test', size: 4, statementTimeoutMs: 10_000 };
const HOUR_MS = 3_600_000;

let pair: PostgresPair;
let source: DataSource;
const opened: Replica[] = [];
const complaints: string[] = [];

beforeAll(async () => {
  pair = await PostgresPair.start();
  source = await openWeakly(pair.url, POOL, () => undefined);
}, 120_000);
afterAll(async () => {
  await Promise.all(opened.map((replica) => replica.onApplicationShutdown()));
  await source.destroy();
  await pair.remove();
});
beforeEach(() => {
  complaints.length = 0;
});

function databaseWith(maxLagMs = HOUR_MS, url = pair.replicaUrl): Database {
  const connect = () => openWeakly(url, POOL, () => undefined);
  const replica = new Replica(connect, new StatementNames(), maxLagMs, (sentence) => void complaints.push(sentence));
  opened.push(replica);
  return new Database(source, new StatementNames(), false, replica);
}

/** Runs a report. @returns the tenants whose bots it sees, its server, and the time of its data */
async function read(db: Database, shop: Pick<Shop, 'tenantId'>, notBefore?: string) {
  const work = async (tx: TenantTx, asOf: string) => {
    const [bots, [place]] = await Promise.all([
      tx.query<{ tenantId: string }>('select tenant_id as "tenantId" from bots'),
      tx.query<{ port: number; pid: number }>('select inet_server_port() as port, pg_backend_pid() as pid'),
    ]);
    return {
      tenants: bots.map(({ tenantId }) => tenantId),
      from: place?.port === pair.replicaPort ? 'replica' : 'primary',
      pid: place?.pid ?? 0,
      asOf,
    };
  };
  return db.inReport(shop.tenantId, work, notBefore);
}

const write = (db: Database, shop: Shop) =>
  db.inReport(shop.tenantId, (tx) => tx.query(`update bots set name = 'Mine now' returning 1`));
const time = async () => String((await source.query(`select clock_timestamp()::text as now`))[0].now);
const outcomes = async (): Promise<Record<string, number>> =>
  Object.fromEntries((await reports.get()).values.map(({ labels, value }) => [labels.outcome, value]));
/** Counts the reports of `work` by outcome. */
async function counted(work: () => Promise<unknown>) {
  const before = await outcomes();
  await work();
  const after = Object.entries(await outcomes()).map(([outcome, n]) => [outcome, n - (before[outcome] ?? 0)] as const);
  return Object.fromEntries(after.filter(([, n]) => n > 0));
}

describe('a report', () => {
  it('is read from the primary, as of now, without a replica', async () => {
    const db = new Database(source);
    const [shop, began] = [await openShop(db), Date.parse(await time())];
    const report = await read(db, shop);
    expect(report).toMatchObject({ tenants: [shop.tenantId], from: 'primary' });
    expect(report.asOf).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
    expect(Date.parse(report.asOf)).toBeGreaterThanOrEqual(began);
    expect(await counted(() => read(db, shop))).toEqual({ primary: 1 });
  });

  it('is read from the replica, and sees only its tenant and everything up to its time', async () => {
    const db = databaseWith();
    const began = Date.parse(await time());
    const [shop, other] = [await openShop(db), await openShop(db)];
    await pair.catchUp();
    const ended = Date.parse(await time());
    const report = await read(db, shop);
    expect(report).toMatchObject({ tenants: [shop.tenantId], from: 'replica' });
    expect(Date.parse(report.asOf)).toBeGreaterThanOrEqual(began);
    expect(Date.parse(report.asOf)).toBeLessThanOrEqual(ended);
    expect((await read(db, other)).tenants).toEqual([other.tenantId]);
    expect(await counted(() => read(db, shop))).toEqual({ replica: 1 });
    await expect(read(db, { tenantId: `x' or true --` })).rejects.toThrow(TypeError);
  });

  it('cannot write, on either server', async () => {
    const db = databaseWith();
    const shop = await openShop(db);
    await pair.catchUp();
    for (const each of [db, new Database(source)])
      await expect(write(each, shop)).rejects.toMatchObject({ cause: { code: '25006' } });
    const [bot] = await shop.in((tx) => tx.query<{ name: string }>('select name from bots'));
    expect(bot?.name).not.toBe('Mine now');
  });

  it('is as old as the replica, within the bound, and read from the primary beyond it', async () => {
    const patient = databaseWith();
    const strict = databaseWith(1);
    const shop = await openShop(patient);
    await pair.catchUp();
    await pair.pause();
    try {
      const before = await read(patient, shop);
      await patient.inTenant(shop.tenantId, (tx) => tx.query(`update bots set name = 'New'`));
      const names = (db: Database) =>
        db.inReport(shop.tenantId, (tx, asOf) =>
          tx.query<{ name: string }>('select name from bots').then(([bot]) => ({ name: bot?.name, asOf })),
        );
      expect(await names(patient)).toEqual({ name: expect.not.stringMatching('New'), asOf: before.asOf });
      const fresh = await names(strict);
      expect(fresh.name).toBe('New');
      expect(fresh.asOf > before.asOf).toBe(true);
      expect(await counted(() => names(strict))).toEqual({ behind: 1 });
      // A page must not be older than an earlier page.
      expect((await read(patient, shop, fresh.asOf)).from).toBe('primary');
      expect((await read(patient, shop, before.asOf)).from).toBe('replica');
    } finally {
      await pair.resume();
    }
    expect(complaints).toEqual([]);
  });

  it('is read from the primary if the replica does not have its object yet', async () => {
    const db = databaseWith();
    await pair.catchUp();
    await pair.pause();
    try {
      const shop = await openShop(db);
      const found = (id: string) =>
        db.inReport(shop.tenantId, async (tx) => {
          const rows = await tx.query('select from bots where tenant_id = $1 and id = $2', [tx.tenantId, id]);
          if (rows.length === 0) throw new NotFound('bot');
          return rows.length;
        });
      expect(await found(shop.botId)).toBe(1);
      await expect(found(shop.tenantId)).rejects.toThrow(NotFound);
    } finally {
      await pair.resume();
    }
  });

  it('fails with its own errors, which are not retried on the primary', async () => {
    const db = databaseWith();
    const shop = await openShop(db);
    await pair.catchUp();
    let runs = 0;
    const wrong = db.inReport(shop.tenantId, (tx) => {
      runs += 1;
      return tx.query('select nonsense from bots');
    });
    await expect(wrong).rejects.toMatchObject({ code: '42703' });
    expect(runs).toBe(1);
  });
});

describe('a replica', () => {
  const later = (ms: number) => {
    const now = performance.now.bind(performance);
    vi.spyOn(performance, 'now').mockImplementation(() => now() + ms);
  };
  afterEach(() => vi.restoreAllMocks());

  it('is not used for ten seconds after a crash, and used again when it is back', async () => {
    const db = databaseWith();
    const shop = await openShop(db);
    await pair.catchUp();
    expect((await read(db, shop)).from).toBe('replica');
    await pair.killReplica();
    try {
      expect(await counted(() => read(db, shop))).toEqual({ away: 1 });
      expect((await read(db, shop)).from).toBe('primary');
      expect(complaints).toEqual([
        expect.stringMatching(/^The replica is not used: .+\. Reports are read from the primary\.$/),
      ]);
    } finally {
      await pair.startReplica();
    }
    expect((await read(db, shop)).from).toBe('primary');
    later(10_001);
    expect((await read(db, shop)).from).toBe('replica');
  });

  it('delays no report by more than three seconds when it stops responding', async () => {
    const db = databaseWith();
    const shop = await openShop(db);
    await pair.catchUp();
    const { pid, from } = await read(db, shop);
    expect(from).toBe('replica');
    process.kill(pid, 'SIGSTOP');
    try {
      expect((await read(db, shop)).from).toBe('primary');
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    expect(complaints).toEqual([expect.stringContaining('no answer')]);
  });

  it('is connected later if it is down when the process starts', async () => {
    await pair.killReplica();
    const db = databaseWith();
    opened.at(-1)?.onApplicationBootstrap();
    await eventually('a complaint', async () => complaints.length > 0);
    const shop = await openShop(db);
    expect((await read(db, shop)).from).toBe('primary');
    await pair.startReplica();
    await pair.catchUp();
    later(10_001);
    expect((await read(db, shop)).from).toBe('replica');
  });

  it('is not used with a login that has too many rights', async () => {
    const db = databaseWith(HOUR_MS, pair.replicaOwnerUrl);
    const shop = await openShop(db);
    expect((await read(db, shop)).from).toBe('primary');
    expect(complaints).toEqual([expect.stringContaining('can bypass row-level security')]);
  });

  it('is no longer used as a replica after its promotion', async () => {
    const db = databaseWith();
    const shop = await openShop(db);
    await pair.catchUp();
    expect((await read(db, shop)).from).toBe('replica');
    await pair.promote();
    expect(await counted(() => read(db, shop))).toEqual({ behind: 1 });
    expect((await read(db, shop)).from).toBe('primary');
    await expect(write(db, shop)).rejects.toThrow(DatabaseAway);
  });
});
