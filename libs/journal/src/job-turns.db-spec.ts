import type { DataSource } from 'typeorm';
import type { Database } from '#libs/database';
import { newUuid } from '#libs/kernel';
import { openAsOwner, openTestDatabase } from '../../../test/support/database.js';
import { JobStore } from './index.js';
import { LANES_PER_LOOK, RIPEN_AT_ONCE, TENANTS_PER_LOOK } from './job-claim.js';

let db: Database;
let source: DataSource;
let owner: DataSource;
let jobs: JobStore;

beforeAll(async () => {
  ({ db, source } = await openTestDatabase());
  owner = await openAsOwner();
});
afterAll(() => Promise.all([source.destroy(), owner.destroy()]));
// Claims cross tenants, so the jobs of other tests are parked.
beforeEach(async () => {
  jobs = new JobStore();
  await owner.query(`update jobs set state = 'parked'`);
});

const NONE_BUSY: ReadonlyMap<string, number> = new Map();

async function newTenant(): Promise<string> {
  const id = newUuid();
  await owner.query(`insert into tenants (id, name) values ($1, 'A shop')`, [id]);
  return id;
}
const enqueue = async (tenantId: string, dueAt?: Date, lane?: string) => {
  const subject = newUuid();
  const job = { kind: 'order.deliver', subject, ...(dueAt && { dueAt }), ...(lane && { lane }) } as const;
  await db.inTenant(tenantId, (tx) => jobs.enqueue(tx, [job]));
  return subject;
};
const claim = (limit: number, busy = NONE_BUSY, perLane = 4) =>
  db.inPlatform('a test', (tx) => jobs.claim(tx, 'delivery', { limit, busy, perLane }));
const claimOne = async () => {
  const [job] = (await claim(1)).jobs;
  if (job === undefined) throw new Error('nothing to claim');
  return job;
};
const makeDue = (subject: string) => owner.query('update jobs set due_at = now() where subject = $1', [subject]);
const countRipe = async (tenantId: string) =>
  (await owner.query(`select from jobs where tenant_id = $1 and state = 'waiting' and ripe`, [tenantId])).length;
const full = (tenants: readonly string[]) => new Map(tenants.map((tenantId) => [tenantId, 4]));

describe('a job that is due later', () => {
  it('is ripe only once it is due, and no longer when it waits again', async () => {
    const tenantId = await newTenant();
    const subject = await enqueue(tenantId, new Date(Date.now() + 60_000));
    expect([(await claim(8)).jobs, await countRipe(tenantId)]).toEqual([[], 0]);
    await makeDue(subject);
    const job = await claimOne();
    expect([job.subject, await countRipe(tenantId)]).toEqual([subject, 1]);
    await db.inTenant(tenantId, (tx) => jobs.release(tx, job, { afterMs: 60_000 }));
    expect(await countRipe(tenantId)).toBe(0);
    await makeDue(subject);
    const again = await claimOne();
    await db.inTenant(tenantId, (tx) => jobs.retry(tx, again, 60_000, 'flood'));
    expect(await countRipe(tenantId)).toBe(0);
  });

  it('is claimed although thousands became due before it, because claims report that there are more', async () => {
    const [flood, small] = [await newTenant(), await newTenant()];
    await owner.query(
      `insert into jobs (tenant_id, kind, subject, queue, due_at)
       select $1, 'order.deliver', gen_random_uuid(), 'delivery', now() - interval '1 hour' from generate_series(1, $2::int)`,
      [flood, 2 * RIPEN_AT_ONCE],
    );
    const subject = await enqueue(small, new Date(Date.now() + 60_000));
    await makeDue(subject);
    const busy = full([flood]);
    expect(await claim(8, busy)).toEqual({ jobs: [], more: true });
    expect(await claim(8, busy)).toEqual({ jobs: [], more: true });
    expect((await claim(8, busy)).jobs.map((job) => job.subject)).toEqual([subject]);
  });
});

describe('a claim that reached its limit', () => {
  it('is followed by one that reports the end of the queue', async () => {
    await enqueue(await newTenant());
    expect((await claim(1)).jobs).toHaveLength(1);
    expect(await claim(8)).toEqual({ jobs: [], more: false });
    expect(await claim(8)).toEqual({ jobs: [], more: false });
  });
});

describe('a tenant', () => {
  it('is served within a few polls, wherever it is in the table and however many tenants there are', async () => {
    const flood = await newTenant();
    for (let n = 0; n < 20; n += 1) await enqueue(flood);
    const others: string[] = [];
    for (let n = 0; n < TENANTS_PER_LOOK + 8; n += 1) others.push(await newTenant());
    for (const tenantId of others) await enqueue(tenantId);
    const served = new Set<string>();
    for (let looks = 0; looks < 4; looks += 1) for (const job of (await claim(16)).jobs) served.add(job.tenantId);
    expect(others.filter((tenantId) => !served.has(tenantId))).toEqual([]);
  });

  it('is not delayed by earlier tenants without free slots', async () => {
    const before: string[] = [];
    for (let n = 0; n < TENANTS_PER_LOOK; n += 1) before.push(await newTenant());
    for (const tenantId of before) await enqueue(tenantId);
    const subject = await enqueue(await newTenant());
    expect(await claim(8, full(before))).toEqual({ jobs: [], more: true });
    const { jobs: found } = await claim(8, full(before));
    expect(found.map((job) => job.subject)).toEqual([subject]);
    // This claim continued from the start; another one completes the circle.
    expect(await claim(8, full(before))).toEqual({ jobs: [], more: false });
  });

  it('has all its lanes considered, even if they are more than one poll considers', async () => {
    const tenantId = await newTenant();
    for (let n = 0; n <= LANES_PER_LOOK; n += 1) await enqueue(tenantId, undefined, newUuid());
    // No lane has a free slot, so all are skipped.
    expect(await claim(8, NONE_BUSY, 0)).toEqual({ jobs: [], more: true });
    const { jobs: found } = await claim(8);
    expect(found).toHaveLength(4);
    const rest = await owner.query(
      `select max(lane::text) = any(array(select lane::text from jobs where lease is not null and tenant_id = $1)) as last
       from jobs where tenant_id = $1`,
      [tenantId],
    );
    expect(rest).toEqual([{ last: true }]);
  });
});
