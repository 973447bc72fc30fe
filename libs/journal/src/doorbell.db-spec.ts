import type { DataSource } from 'typeorm';
import type { Database, TenantTx } from '#libs/database';
import { newUuid } from '#libs/kernel';
import { openAsOwner, openTestDatabase } from '../../../test/support/database.js';
import { openShop, type Shop } from '../../../test/support/shop.js';
import { type Bell, LocalDoorbell, ringForCommits } from './doorbell.js';
import { EventStore } from './event.store.js';
import { InboxKeeper } from './inbox.keeper.js';
import { InboxStore } from './inbox.store.js';
import { JobStore, type NewJob } from './job.store.js';
import { QUEUES } from './jobs.js';

const [events, jobs, inbox, keeper] = [new EventStore(), new JobStore(), new InboxStore(), new InboxKeeper()];
const doorbell = new LocalDoorbell();
const rung: Bell[] = [];
let db: Database;
let source: DataSource;
let owner: DataSource;
let shop: Shop;

beforeAll(async () => {
  ({ db, source } = await openTestDatabase());
  owner = await openAsOwner();
  shop = await openShop(db);
  ringForCommits(db, doorbell);
  for (const bell of [...QUEUES, 'inbox'] as const) doorbell.listen(bell, () => rung.push(bell));
});
afterAll(() => Promise.all([source.destroy(), owner.destroy()]));
beforeEach(() => void rung.splice(0));

const inShop = <T>(work: (tx: TenantTx) => Promise<T>) => db.inTenant(shop.tenantId, work);
const record = (tx: TenantTx) => events.record(tx, { type: 'endpoint.test', data: {} });
const deliver: NewJob = { kind: 'order.deliver', subject: newUuid() };
const refund: NewJob = { kind: 'refund.execute', subject: newUuid() };

describe('a transaction', () => {
  it('rings once per bell after its commit', async () => {
    await inShop(async (tx) => {
      await jobs.enqueue(tx, [deliver, refund, { ...deliver, subject: newUuid() }]);
      await Promise.all([record(tx), record(tx)]);
      expect(rung).toEqual([]);
    });
    expect(rung).toEqual(['relay', 'delivery', 'refunds']);
  });

  it('rings nothing after a rollback, and only for the last run after a retry', async () => {
    const failing = inShop(async (tx) => {
      await record(tx);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(rung).toEqual([]);
    let runs = 0;
    await inShop(async (tx) => {
      runs += 1;
      await (runs === 1 ? record(tx) : jobs.enqueue(tx, [deliver]));
      if (runs === 1) await tx.query(`do $$ begin raise exception 'again' using errcode = '40001'; end $$`);
    });
    expect(rung).toEqual(['delivery']);
  });

  it('that joins another rings when the outer one commits', async () => {
    await db.inOneTransaction(shop.tenantId, async () => {
      await inShop(record);
      expect(rung).toEqual([]);
    });
    expect(rung).toEqual(['relay']);
  });
});

describe('the bell rings for', () => {
  const jobRow = (change: string, job = deliver) =>
    owner.query(`update jobs set ${change} where kind = $1 and subject = $2`, [job.kind, job.subject]);

  it.each<[string, readonly Bell[], (tx: TenantTx) => Promise<unknown>]>([
    ['an event', ['relay'], record],
    [
      'no event that was recorded as relayed',
      [],
      (tx) => events.recordRelayed(tx, { type: 'endpoint.test', data: {} }),
    ],
    ['a job in the queue of its kind', ['refunds'], (tx) => jobs.enqueue(tx, [refund])],
    ['a job in another queue', ['slow-webhooks'], (tx) => jobs.enqueue(tx, [{ ...deliver, queue: 'slow-webhooks' }])],
    ['no job that is due later', [], (tx) => jobs.enqueue(tx, [{ ...deliver, dueAt: new Date(Date.now() + 60_000) }])],
    ['a job that was due before', ['delivery'], (tx) => jobs.enqueue(tx, [{ ...deliver, dueAt: new Date(0) }])],
  ])('%s', async (_what, bells, work) => {
    await inShop(work);
    expect(rung).toEqual(bells);
  });

  it('jobs of several tenants', async () => {
    const { tenantId } = shop;
    await db.inPlatform('a test', (tx) => jobs.enqueueAll(tx, [{ ...refund, tenantId }]));
    expect(rung).toEqual(['refunds']);
  });

  it('jobs that are woken, revived or hastened, but not if there are none', async () => {
    await inShop((tx) => jobs.enqueue(tx, [deliver]));
    const { kind, subject } = deliver;
    const hastened = { tenantId: shop.tenantId, kind, subject, notBefore: new Date(0) };
    const ways = [
      { before: `waits_for = 'token'`, act: () => inShop((tx) => jobs.wake(tx, 'token')) },
      { before: `state = 'parked'`, act: () => inShop((tx) => jobs.revive(tx, kind, subject)) },
      { before: `due_at = now() + '1 day'`, act: () => db.inPlatform('a test', (tx) => jobs.hasten(tx, [hastened])) },
    ];
    for (const { before, act } of ways) {
      await jobRow(before);
      rung.splice(0);
      await act();
      expect(rung).toEqual(['delivery']);
    }
    await jobRow(`state = 'parked'`);
    rung.splice(0);
    await inShop((tx) => jobs.wake(tx, 'lifting'));
    await db.inPlatform('a test', (tx) => jobs.hasten(tx, [hastened]));
    expect(rung).toEqual([]);
  });

  it('a new update from Telegram, and a stored one that is replayed', async () => {
    const { tenantId, botId } = shop;
    const update = { tenantId, botId, updateId: 1, lane: 1, kind: 'message', body: '{"update_id":1}' };
    await db.inPlatform('a test', (tx) => inbox.store(tx, [update]));
    expect(rung).toEqual(['inbox']);
    rung.splice(0);
    await owner.query(`update inbox set state = 'parked' where bot_id = $1`, [botId]);
    await inShop((tx) => keeper.replay(tx, botId, 1));
    expect(rung).toEqual(['inbox']);
  });
});
