import { type TenantTx, TROUBLES_THAT_COUNT } from '#libs/database';
import { type ClaimedJob, EXTEND_EVERY_MS, JOB_KINDS, JOBS, type WaitsFor } from '#libs/journal';
import { newUuid, systemClock } from '#libs/kernel';
import { handler, jobWorks, type Work } from '../../../../test/support/job-works.js';
import { JobDesk } from './job-desk.js';
import { type JobHandler, type JobOutcome, UNTIL_LIFTED, untilToken } from './job-handler.js';

const on = jobWorks();
const { jobs, newTenant, enqueue, claim, claimOne, factsOf, makeDue, expireLeases, deskFor, mark, marksOf } = on;

describe('start-up', () => {
  const done = () => Promise.resolve({ kind: 'done' } as const);
  const all = JOB_KINDS.map((kind) => handler(kind, done));
  const desk = (handlers: readonly JobHandler[]) => () => new JobDesk(on.db, jobs, systemClock, handlers);

  it('fails when a kind of job has no handler or two, and names the kind', () => {
    expect(desk(all)).not.toThrow();
    expect(desk(all.filter((it) => it.kind !== 'refund.execute'))).toThrow('refund.execute has no handler');
    expect(desk([...all, handler('order.deliver', done)])).toThrow('order.deliver has 2 handlers');
  });
});

describe('a job', () => {
  it('is done when its effect is committed', async () => {
    const [tenantId, job] = [await newTenant(), newUuid()];
    await enqueue(tenantId, 'order.deliver', job);
    await deskFor(() => Promise.resolve({ kind: 'done', effect: mark('goods') })).work(await claimOne());
    expect(await factsOf(job)).toBeUndefined();
    expect(await marksOf(tenantId)).toEqual(['goods']);
  });

  it('is retried on its schedule when it fails, then parked with the reason after a last call to its handler', async () => {
    const tenantId = await newTenant();
    const subject = await enqueue(tenantId);
    const token = `123456789:${'A'.repeat(35)}`;
    const desk = deskFor(
      () => Promise.reject(new Error(`no luck with ${token}`)),
      (tx) => mark('gave up')(tx),
    );
    const waits: number[] = [];
    for (const _ of JOBS['order.deliver'].retries) {
      await desk.work(await claimOne());
      const facts = await factsOf(subject);
      waits.push(facts?.waits ?? -1);
      expect(facts).toMatchObject({ state: 'waiting', error: 'no luck with [bot token]', leased: false });
      await makeDue(subject);
    }
    expect(await marksOf(tenantId)).toEqual([]);
    await desk.work(await claimOne());
    expect(await factsOf(subject)).toMatchObject({ state: 'parked', attempts: 12 });
    expect(await marksOf(tenantId)).toEqual(['gave up']);
    const strayed = waits.map((wait, i) => wait / ((JOBS['order.deliver'].retries[i] ?? 0) / 1_000));
    expect(Math.min(...strayed)).toBeGreaterThanOrEqual(0.5);
    expect(Math.max(...strayed)).toBeLessThanOrEqual(1.5);
  });

  it('is not tried before the requested time', async () => {
    const subject = await enqueue(await newTenant());
    const desk = deskFor(() => Promise.resolve({ kind: 'retry', error: 'flood', afterMs: 3_600_000 }));
    await desk.work(await claimOne());
    expect((await factsOf(subject))?.waits).toBeGreaterThanOrEqual(3_599);
  });

  it('keeps all its attempts when it could not start', async () => {
    const subject = await enqueue(await newTenant());
    const desk = deskFor(() => Promise.resolve({ kind: 'wait', error: 'no token', afterMs: 60_000 }));
    await desk.work(await claimOne());
    expect(await factsOf(subject)).toMatchObject({ attempts: 0, error: 'no token', state: 'waiting', leased: false });
  });

  it('finally uses up an attempt if it alone causes database errors while others succeed', async () => {
    const tenantId = await newTenant();
    const [subject, other] = [await enqueue(tenantId), newUuid()];
    const desk = deskFor((job) =>
      on.db.inTenant(job.tenantId, async (tx) => {
        if (job.subject === subject)
          await tx.query(`do $$ begin raise exception 'no room' using errcode = '53200'; end $$`);
        return { kind: 'done' };
      }),
    );
    for (let n = 1; n <= TROUBLES_THAT_COUNT; n += 1) {
      expect(await factsOf(subject)).toMatchObject({ attempts: 0 });
      await makeDue(subject);
      await desk.work(await claimOne());
      await on.db.inTenant(tenantId, (tx) => jobs.enqueue(tx, [{ kind: 'order.deliver', subject: other }]));
      await desk.work(await claimOne());
    }
    expect(await factsOf(subject)).toMatchObject({
      state: 'waiting',
      attempts: 1,
      error: expect.stringMatching(/overloaded/),
    });
  });

  it('keeps all its attempts after a database failure, and is due again within seconds', async () => {
    const subject = await enqueue(await newTenant());
    const desk = deskFor((job) =>
      on.db.inTenant(job.tenantId, async (tx) => {
        await tx.query(`do $$ begin raise exception 'no room' using errcode = '53200'; end $$`);
        return { kind: 'done' };
      }),
    );
    for (const _ of ['once', 'twice', 'thrice']) {
      await desk.work(await claimOne());
      const facts = await factsOf(subject);
      expect(facts).toMatchObject({ state: 'waiting', attempts: 0, leased: false });
      expect(facts?.error).toMatch(/overloaded/);
      expect(facts?.waits).toBeLessThanOrEqual(4);
      await makeDue(subject);
    }
  });

  it.each([
    ['our own code is wrong', () => Promise.reject(new TypeError('undefined has no properties'))],
    [
      'the database refuses its statement',
      (job: ClaimedJob) =>
        on.db.inTenant(job.tenantId, async (tx): Promise<JobOutcome> => {
          await tx.query(`select 'none'::uuid`);
          return { kind: 'done' };
        }),
    ],
  ] satisfies [string, Work][])('is parked after its second attempt when %s', async (_why, run) => {
    const tenantId = await newTenant();
    const subject = await enqueue(tenantId);
    const desk = deskFor(run, (tx) => mark('gave up')(tx));
    await desk.work(await claimOne());
    expect(await factsOf(subject)).toMatchObject({ state: 'waiting', attempts: 1 });
    expect(await marksOf(tenantId)).toEqual([]);
    await makeDue(subject);
    await desk.work(await claimOne());
    expect(await factsOf(subject)).toMatchObject({ state: 'parked', attempts: 2 });
    expect(await marksOf(tenantId)).toEqual(['gave up']);
  });

  it('is not repeated when the database cannot record its outcome at first', async () => {
    const tenantId = await newTenant();
    const subject = await enqueue(tenantId);
    const [ran, failures] = [{ times: 0 }, { left: 2 }];
    const effect = async (tx: TenantTx) => {
      failures.left -= 1;
      if (failures.left >= 0) await tx.query(`do $$ begin raise exception 'away' using errcode = '57P01'; end $$`);
      await mark('goods')(tx);
    };
    const desk = deskFor(() => {
      ran.times += 1;
      return Promise.resolve({ kind: 'done', effect });
    });
    await desk.work(await claimOne());
    expect(ran.times).toBe(1);
    expect(await marksOf(tenantId)).toEqual(['goods']);
    expect(await factsOf(subject)).toBeUndefined();
  });

  it('keeps its lease through two failed heartbeats', async () => {
    const subject = await enqueue(await newTenant());
    const job = await claimOne();
    const leasedForMs = async () => {
      const [row] = await on.owner.query<{ ms: number }[]>(
        'select extract(epoch from lease_until - now()) * 1000 as ms from jobs where subject = $1',
        [subject],
      );
      return Number(row?.ms);
    };
    expect(await leasedForMs()).toBeGreaterThan(2 * EXTEND_EVERY_MS);
    await on.owner.query('update jobs set lease_until = now() where subject = $1', [subject]);
    await on.db.inPlatform('a test', (tx) => jobs.extend(tx, [job.lease]));
    expect(await leasedForMs()).toBeGreaterThan(2 * EXTEND_EVERY_MS);
  });

  it('fails when its effect fails, and the effect is rolled back', async () => {
    const tenantId = await newTenant();
    const subject = await enqueue(tenantId);
    const effect = async (tx: TenantTx) => {
      await mark('goods')(tx);
      throw new Error('half-way');
    };
    await deskFor(() => Promise.resolve({ kind: 'done', effect })).work(await claimOne());
    expect(await factsOf(subject)).toMatchObject({ state: 'waiting', error: 'half-way' });
    expect(await marksOf(tenantId)).toEqual([]);
  });
});

describe('two workers', () => {
  it('never claim the same job at once', async () => {
    const tenants = await Promise.all(Array.from({ length: 10 }, newTenant));
    for (const tenantId of tenants) await Promise.all(Array.from({ length: 4 }, () => enqueue(tenantId)));
    const claimed = (await Promise.all(Array.from({ length: 6 }, () => claim()))).flat();
    expect(claimed).toHaveLength(40);
    expect(new Set(claimed.map((job) => job.subject)).size).toBe(40);
  });

  it('never both conclude a job: the one whose lease expired changes nothing, whatever its outcome', async () => {
    const tenantId = await newTenant();
    const subject = await enqueue(tenantId);
    const late = await claimOne();
    await expireLeases();
    const current = await claimOne();
    expect(current).toMatchObject({ subject, attempts: 2 });
    await deskFor(() => Promise.resolve({ kind: 'done', effect: mark('late') })).work(late);
    await deskFor(() => Promise.resolve({ kind: 'retry', error: 'late', effect: mark('late') })).work(late);
    await deskFor(() => Promise.resolve({ kind: 'wait', error: 'late', afterMs: 1 })).work(late);
    await deskFor(() => Promise.reject(new Error('late'))).work(late);
    expect(await marksOf(tenantId)).toEqual([]);
    expect(await factsOf(subject)).toMatchObject({ attempts: 2, error: null, leased: true });
    await deskFor(() => Promise.resolve({ kind: 'done', effect: mark('current') })).work(current);
    expect(await marksOf(tenantId)).toEqual(['current']);
    expect(await factsOf(subject)).toBeUndefined();
  });

  it('do not mistake a later job with the same subject for an earlier one', async () => {
    const tenantId = await newTenant();
    const subject = await enqueue(tenantId);
    const late = await claimOne();
    await expireLeases();
    await deskFor(() => Promise.resolve({ kind: 'done' })).work(await claimOne());
    await enqueue(tenantId, 'order.deliver', subject);
    await claimOne();
    await deskFor(() => Promise.resolve({ kind: 'done', effect: mark('late') })).work(late);
    expect(await marksOf(tenantId)).toEqual([]);
    expect(await factsOf(subject)).toMatchObject({ attempts: 1, leased: true });
  });
});

describe('a job enqueued again while in progress', () => {
  it.each([
    [{ kind: 'done' } as const],
    [{ kind: 'retry', error: 'x' } as const],
    [{ kind: 'wait', error: 'x', afterMs: 60_000 } as const],
  ])('stays with its worker, and is due once more: %j', async (outcome) => {
    const tenantId = await newTenant();
    const subject = await enqueue(tenantId);
    const job = await claimOne();
    await enqueue(tenantId, 'order.deliver', subject);
    expect(await claim()).toEqual([]);
    await deskFor(() => Promise.resolve(outcome)).work(job);
    expect(await factsOf(subject)).toMatchObject({ state: 'waiting', attempts: 0, leased: false });
    expect(await claimOne()).toMatchObject({ subject, attempts: 1 });
  });
});

describe('a job that waits for a condition', () => {
  const waitsFor = async (outcome: JobOutcome, tenantId: string) => {
    const subject = await enqueue(tenantId);
    await deskFor(() => Promise.resolve(outcome)).work(await claimOne());
    return subject;
  };
  const wake = (tenantId: string, what: WaitsFor) => on.db.inTenant(tenantId, (tx) => jobs.wake(tx, what));

  it('is due with all its attempts as soon as the condition is met; jobs with other conditions are not', async () => {
    const [tenantId, other] = [await newTenant(), await newTenant()];
    const time: JobOutcome = { kind: 'wait', error: UNTIL_LIFTED.error, afterMs: 60_000 };
    const lifting = await waitsFor(UNTIL_LIFTED, tenantId);
    const token = await waitsFor(untilToken(), tenantId);
    const [late, others] = [await waitsFor(time, tenantId), await waitsFor(UNTIL_LIFTED, other)];
    await wake(tenantId, 'lifting');
    expect((await claim()).map(({ subject, attempts }) => [subject, attempts])).toEqual([[lifting, 1]]);
    await wake(tenantId, 'token');
    expect((await claim()).map(({ subject }) => subject)).toEqual([token]);
    expect((await factsOf(late))?.waits).toBeGreaterThan(30);
    expect((await factsOf(others))?.waits).toBeGreaterThan(1);
  });

  it('checks again after five seconds at first, then every ten minutes', async () => {
    const tenantId = await newTenant();
    const subject = await enqueue(tenantId);
    // The restriction is lifted after the handler has read it and before the job is returned.
    const tooLate = async () => {
      await wake(tenantId, 'lifting');
      return UNTIL_LIFTED;
    };
    const lookAgain = async (run: () => Promise<JobOutcome>) => {
      await makeDue(subject);
      await deskFor(run).work(await claimOne());
      return (await factsOf(subject))?.waits;
    };
    expect(await lookAgain(tooLate)).toBeLessThanOrEqual(5);
    expect(await lookAgain(() => Promise.resolve(UNTIL_LIFTED))).toBeGreaterThan(500);
    expect(await lookAgain(tooLate)).toBeLessThanOrEqual(5);
  });

  it('loses its condition once it has been tried', async () => {
    const tenantId = await newTenant();
    const subject = await waitsFor(UNTIL_LIFTED, tenantId);
    await wake(tenantId, 'lifting');
    await deskFor(() => Promise.resolve({ kind: 'retry', error: 'flood', afterMs: 3_600_000 })).work(await claimOne());
    await wake(tenantId, 'lifting');
    expect((await factsOf(subject))?.waits).toBeGreaterThan(3_000);
  });

  it('accepts only conditions that the database knows', async () => {
    const subject = await waitsFor(UNTIL_LIFTED, await newTenant());
    const sql = `update jobs set waits_for = 'rain' where subject = $1`;
    await expect(on.owner.query(sql, [subject])).rejects.toThrow('jobs_waits_for');
  });
});

describe('tenants', () => {
  it('attack 27: take turns, so that a flood of one leaves room for the others', async () => {
    const [flood, small] = [await newTenant(), await newTenant()];
    await Promise.all(Array.from({ length: 50 }, () => enqueue(flood)));
    const subject = await enqueue(small);
    const claimed = await claim(8);
    expect(claimed.filter((job) => job.tenantId === flood)).toHaveLength(4);
    expect(claimed.map((job) => job.subject)).toContain(subject);
  });

  it('get no more than their remaining places', async () => {
    const tenantId = await newTenant();
    await Promise.all(Array.from({ length: 10 }, () => enqueue(tenantId)));
    expect(await claim(8, new Map([[tenantId, 3]]))).toHaveLength(1);
    expect(await claim(8, new Map([[tenantId, 4]]))).toEqual([]);
  });

  it('cannot conclude each other’s jobs', async () => {
    const [tenantId, other] = [await newTenant(), await newTenant()];
    const subject = await enqueue(tenantId);
    const job = await claimOne();
    expect(await on.db.inTenant(other, (tx) => jobs.complete(tx, { ...job, tenantId: other }))).toBe(false);
    expect(await factsOf(subject)).toMatchObject({ leased: true });
  });
});
