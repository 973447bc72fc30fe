import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { Database, TenantTx } from '#libs/database';
import { type ClaimedJob, JOB_KINDS, type JobKind, JobStore, LocalDoorbell, ringForCommits } from '#libs/journal';
import { newUuid, systemClock } from '#libs/kernel';
import { JobDesk } from '../../apps/worker/src/jobs/job-desk.js';
import type { JobHandler, JobOutcome } from '../../apps/worker/src/jobs/job-handler.js';
import { openAsOwner, openTestDatabase } from './database.js';

export type Work = (job: ClaimedJob) => Promise<JobOutcome>;
type JobFacts = { state: string; attempts: number; error: string | null; waits: number; leased: boolean };

export const handler = (kind: JobKind, run: Work, giveUp?: JobHandler['giveUp']): JobHandler => ({
  kind,
  run,
  ...(giveUp === undefined ? {} : { giveUp }),
});

/** Works on jobs in a real database, with a handler of the test, for the calling suite. */
export function jobWorks() {
  let db: Database;
  let source: DataSource;
  let owner: DataSource;
  const jobs = new JobStore();
  const bell = new LocalDoorbell();

  beforeAll(async () => {
    Logger.overrideLogger(false);
    ({ db, source } = await openTestDatabase());
    ringForCommits(db, bell);
    owner = await openAsOwner();
  });
  afterAll(() => Promise.all([source.destroy(), owner.destroy()]));
  // Claims cross tenants, so the jobs of other tests are parked.
  beforeEach(() => owner.query(`update jobs set state = 'parked'`));

  async function newTenant(): Promise<string> {
    const id = newUuid();
    await owner.query(`insert into tenants (id, name) values ($1, 'A shop')`, [id]);
    return id;
  }

  const enqueue = async (tenantId: string, kind: JobKind = 'order.deliver', subject = newUuid()) => {
    await db.inTenant(tenantId, (tx) => jobs.enqueue(tx, [{ kind, subject }]));
    return subject;
  };
  const claim = async (limit = 100, busy = new Map<string, number>()) =>
    (await db.inPlatform('a test', (tx) => jobs.claim(tx, 'delivery', { limit, busy }))).jobs;
  const claimOne = async () => {
    const [job] = await claim(1);
    if (job === undefined) throw new Error('nothing to claim');
    return job;
  };
  const factsOf = async (subject: string) =>
    (
      await owner.query<JobFacts[]>(
        `select state, attempts, error, lease is not null as leased,
           round(extract(epoch from due_at - now()))::int as waits from jobs where subject = $1`,
        [subject],
      )
    )[0];
  const makeDue = (subject: string) => owner.query('update jobs set due_at = now() where subject = $1', [subject]);
  const expireLeases = () =>
    owner.query(`update jobs set lease_until = now() - interval '1 second' where lease is not null`);

  /** Returns a desk that delivers with the given function and does nothing for other kinds. */
  function deskFor(run: Work, giveUp?: JobHandler['giveUp']): JobDesk {
    const others = JOB_KINDS.filter((kind) => kind !== 'order.deliver').map((kind) =>
      handler(kind, () => Promise.resolve({ kind: 'done' })),
    );
    return new JobDesk(db, jobs, systemClock, [handler('order.deliver', run, giveUp), ...others]);
  }
  /** Returns a countable effect: it records an event without an order. */
  const mark = (name: string) => async (tx: TenantTx) => {
    await tx.query(
      `insert into events (tenant_id, id, type, data, relayed_at) values ($1, $2, 'order.paid', $3, now())`,
      [tx.tenantId, newUuid(), { name }],
    );
  };
  const marksOf = async (tenantId: string) =>
    (
      await owner.query<Array<{ name: string }>>(
        `select data->>'name' as name from events where tenant_id = $1 order by id`,
        [tenantId],
      )
    ).map((row) => row.name);

  return {
    get db() {
      return db;
    },
    get owner() {
      return owner;
    },
    jobs,
    bell,
    newTenant,
    enqueue,
    claim,
    claimOne,
    factsOf,
    makeDue,
    expireLeases,
    deskFor,
    mark,
    marksOf,
  };
}
