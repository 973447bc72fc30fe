import { EventEmitter, once } from 'node:events';
import { type JobClaim, JobStore } from '#libs/journal';
import { Stopping } from '#libs/process';
import { jobWorks } from '../../../../test/support/job-works.js';
import { CAPACITY, JobRunner } from './job-runner.js';

const on = jobWorks();
const { jobs, bell, newTenant, enqueue, factsOf, deskFor, mark, marksOf } = on;

describe('the runner', () => {
  const until = async (condition: () => boolean) => {
    const end = Date.now() + 10_000;
    while (!condition() && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 5));
  };

  it('runs every job once as soon as the bell rings, in two instances and a few at a time', async () => {
    const tenants = await Promise.all(Array.from({ length: 6 }, newTenant));
    const [ran, now, most] = [[] as string[], { at: 0 }, { at: 0 }];
    const desk = deskFor(async (job) => {
      ran.push(job.subject);
      now.at += 1;
      most.at = Math.max(most.at, now.at);
      await new Promise((resolve) => setTimeout(resolve, 5));
      now.at -= 1;
      return { kind: 'done', effect: mark('goods') };
    });
    const runners = [
      new JobRunner(on.db, jobs, bell, desk, new Stopping()),
      new JobRunner(on.db, jobs, bell, desk, new Stopping()),
    ];
    for (const runner of runners) runner.onApplicationBootstrap();
    for (const tenantId of tenants) await Promise.all(Array.from({ length: 10 }, () => enqueue(tenantId)));
    bell.ring('delivery');
    await until(() => ran.length >= 60 && now.at === 0);
    await Promise.all(runners.map((runner) => runner.beforeApplicationShutdown()));
    expect(ran).toHaveLength(60);
    expect(new Set(ran).size).toBe(60);
    expect(most.at).toBeLessThanOrEqual(2 * CAPACITY.delivery.total);
    expect((await Promise.all(tenants.map(marksOf))).flat()).toHaveLength(60);
  });

  it('stops gracefully: it finishes the jobs that it started and starts no more', async () => {
    const tenantId = await newTenant();
    const first = await enqueue(tenantId);
    const [began, gate] = [{ jobs: 0 }, new EventEmitter()];
    const desk = deskFor(async () => {
      began.jobs += 1;
      await once(gate, 'open');
      return { kind: 'done' };
    });
    const runner = new JobRunner(on.db, jobs, bell, desk, new Stopping());
    runner.onApplicationBootstrap();
    await until(() => began.jobs === 1);
    const stopped = runner.beforeApplicationShutdown();
    const second = await enqueue(tenantId);
    bell.ring('delivery');
    gate.emit('open');
    await stopped;
    expect(await factsOf(first)).toBeUndefined();
    expect(await factsOf(second)).toMatchObject({ attempts: 0, leased: false });
  });

  it('survives a failing database', async () => {
    class FailingOnce extends JobStore {
      failed = 0;
      override claim(...args: Parameters<JobStore['claim']>): Promise<JobClaim> {
        this.failed += 1;
        return this.failed <= 3 ? Promise.reject(new Error('database is gone')) : super.claim(...args);
      }
    }
    const subject = await enqueue(await newTenant());
    const ran: string[] = [];
    const desk = deskFor((job) => {
      ran.push(job.subject);
      return Promise.resolve({ kind: 'done' });
    });
    const runner = new JobRunner(on.db, new FailingOnce(), bell, desk, new Stopping());
    runner.onApplicationBootstrap();
    await until(() => ran.length > 0);
    await runner.beforeApplicationShutdown();
    expect(ran).toEqual([subject]);
  });
});
