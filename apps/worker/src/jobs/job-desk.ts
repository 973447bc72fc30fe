import { Inject, Injectable, Logger } from '@nestjs/common';
import { Database, type TenantTx } from '#libs/database';
import { type Bell, type ClaimedJob, Doorbell, JOB_KINDS, type JobKind, JobStore, retryDelay } from '#libs/journal';
import type { Clock } from '#libs/kernel';
import { CLOCK, redact } from '#libs/runtime';
import { JOB_HANDLERS, type JobHandler, type JobOutcome } from './job-handler.js';

/** Another try owns the job by now, so what this one wrote must not count. */
class LeaseLost extends Error {}

type Failure = Extract<JobOutcome, { kind: 'retry' }>;

/** Lets the right handler try a claimed job and writes down what came of it. */
@Injectable()
export class JobDesk {
  private readonly log = new Logger('Jobs');
  private readonly handlers: ReadonlyMap<JobKind, JobHandler>;

  /** @throws Error when a kind of job has no handler, or two */
  constructor(
    private readonly db: Database,
    private readonly jobs: JobStore,
    private readonly bell: Doorbell,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(JOB_HANDLERS) handlers: readonly JobHandler[],
  ) {
    this.handlers = byKind(handlers);
  }

  /** One try, begun and concluded. Never throws: a job that cannot even be concluded comes back when its lease has run out. */
  async work(job: ClaimedJob): Promise<void> {
    try {
      await this.conclude(job, await this.handler(job).run(job));
    } catch (error) {
      if (error instanceof LeaseLost) return this.log.warn(`${nameOf(job)} was taken over by another worker`);
      await this.fail(job, error);
    }
  }

  private async fail(job: ClaimedJob, error: unknown): Promise<void> {
    try {
      await this.conclude(job, { kind: 'retry', error: messageOf(error) });
    } catch (second) {
      if (second instanceof LeaseLost) return this.log.warn(`${nameOf(job)} was taken over by another worker`);
      this.log.error(`${nameOf(job)} could not be concluded: ${messageOf(error)}; ${messageOf(second)}`);
    }
  }

  private async conclude(job: ClaimedJob, outcome: JobOutcome): Promise<void> {
    if (outcome.kind === 'retry') return this.retry(job, outcome);
    await this.db.inTenant(job.tenantId, async (tx) => {
      if (outcome.kind === 'move') return this.jobs.release(tx, job, 0, undefined, outcome.queue);
      if (outcome.kind === 'wait') return this.jobs.release(tx, job, outcome.afterMs, redact(outcome.error));
      await outcome.effect?.(tx);
      mustHold(await this.jobs.complete(tx, job));
    });
    if (outcome.kind === 'done') this.ring(outcome.rings);
    if (outcome.kind === 'move') this.bell.ring(outcome.queue);
  }

  private async retry(job: ClaimedJob, failure: Failure): Promise<void> {
    const error = redact(failure.error);
    const planned = retryDelay(job.kind, job.attempts, Math.random());
    const delay = planned === undefined ? undefined : Math.max(planned, failure.afterMs ?? 0);
    await this.db.inTenant(job.tenantId, async (tx) => {
      await failure.effect?.(tx, delay === undefined ? undefined : new Date(this.clock.now().getTime() + delay));
      if (delay === undefined) await this.giveUp(tx, job, error);
      mustHold(await this.jobs.retry(tx, job, delay, error));
    });
    this.ring(failure.rings);
    if (delay === undefined) {
      this.bell.ring('relay');
      this.log.error(`${nameOf(job)} is parked after ${job.attempts} tries: ${error}`);
    } else {
      this.log.warn(`${nameOf(job)} failed and is tried again in ${Math.ceil(delay / 1_000)} s: ${error}`);
    }
  }

  private async giveUp(tx: TenantTx, job: ClaimedJob, error: string): Promise<void> {
    await this.handler(job).giveUp?.(tx, job, error);
  }

  private ring(bells: readonly Bell[] = []): void {
    for (const bell of bells) this.bell.ring(bell);
  }

  private handler(job: ClaimedJob): JobHandler {
    const handler = this.handlers.get(job.kind);
    // A newer version of the program, running beside this one, may know more kinds.
    if (handler === undefined) throw new Error(`this version has no handler for ${job.kind}`);
    return handler;
  }
}

function byKind(handlers: readonly JobHandler[]): ReadonlyMap<JobKind, JobHandler> {
  const problems = JOB_KINDS.flatMap((kind) => {
    const names = handlers.filter((handler) => handler.kind === kind).map((handler) => handler.constructor.name);
    if (names.length === 0) return [`${kind} has no handler`];
    return names.length > 1 ? [`${kind} has ${names.length} handlers: ${names.join(', ')}`] : [];
  });
  if (problems.length > 0) throw new Error(`Refusing to start, jobs would be left undone: ${problems.join('; ')}.`);
  return new Map(handlers.map((handler) => [handler.kind, handler]));
}

function mustHold(held: boolean): void {
  if (!held) throw new LeaseLost();
}

const nameOf = (job: ClaimedJob) => `${job.kind} ${job.subject}`;
const messageOf = (error: unknown) => redact(error instanceof Error ? error.message : String(error));
