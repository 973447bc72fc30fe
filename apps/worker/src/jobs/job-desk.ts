import { Inject, Injectable, Logger } from '@nestjs/common';
import { Database, DatabaseTrouble, isMistake, OwnTrouble, type TenantTx, troubleDelay } from '#libs/database';
import { type ClaimedJob, JOB_KINDS, JOBS, type JobKind, JobStore, recordParked, retryDelay } from '#libs/journal';
import type { Clock } from '#libs/kernel';
import { jobAttempts, jobSeconds, secondsSince } from '#libs/metrics';
import { CLOCK, messageOf, redact } from '#libs/runtime';
import { inSpan, isTracing, ofOrder, tellSpan } from '#libs/tracing';
import { JOB_HANDLERS, type JobHandler, type JobOutcome } from './job-handler.js';

/** Thrown when another attempt now owns the job, so that this one's writes must not take effect. */
class LeaseLost extends Error {}

type Failure = Extract<JobOutcome, { kind: 'retry' }>;

/** Errors that waiting does not fix get two attempts: the first may have failed because of a race. */
const TRIES_OF_A_MISTAKE = 2;

/** Runs the handler of a claimed job and records the outcome. */
@Injectable()
export class JobDesk {
  private readonly log = new Logger('Jobs');
  private readonly troubles = new OwnTrouble();
  private readonly handlers: ReadonlyMap<JobKind, JobHandler>;

  /** @throws Error when a kind of job has no handler, or two */
  constructor(
    private readonly db: Database,
    private readonly jobs: JobStore,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(JOB_HANDLERS) handlers: readonly JobHandler[],
  ) {
    this.handlers = byKind(handlers);
  }

  /**
   * Runs and records one attempt. Never throws. A database failure does not count as an attempt unless the job itself
   * causes it; while it lasts, the outcome waits to be recorded, because outside calls must not be repeated. A job that
   * cannot be concluded becomes available again when its lease expires.
   * @param known see {@link JobHandler.run}
   */
  work(job: ClaimedJob, known?: unknown): Promise<void> {
    return inSpan(`job ${job.kind}`, { kind: 'consumer', about: job.subject }, () => {
      if (isTracing() && JOBS[job.kind].subject === 'order') tellSpan(ofOrder(job.subject));
      return this.worked(job, known);
    });
  }

  private async worked(job: ClaimedJob, known: unknown): Promise<void> {
    const outcome = await this.tried(job, known);
    tellSpan({ outcome: outcome.kind });
    await this.conclude(job, outcome)
      .catch(async (error: unknown) => {
        const anyway = outcome.kind === 'done' ? outcome.anyway : undefined;
        if (anyway !== undefined) await this.db.confirm(job.tenantId, anyway);
        if (error instanceof LeaseLost || error instanceof DatabaseTrouble) throw error;
        // If the effect fails, so does the attempt.
        return this.conclude(job, failureOf(error));
      })
      .catch((error: unknown) => {
        if (error instanceof LeaseLost) this.log.warn(`${nameOf(job)} was taken over by another worker`);
        else this.log.error(`${nameOf(job)} could not be concluded: ${said(outcome)}${messageOf(error)}`);
      });
  }

  private async tried(job: ClaimedJob, known: unknown): Promise<JobOutcome> {
    const work = nameOf(job);
    const began = performance.now();
    try {
      const handler = await this.handler(job);
      const outcome = await handler.run(job, known);
      this.troubles.over(work);
      return outcome;
    } catch (error) {
      if (!(error instanceof DatabaseTrouble)) this.troubles.over(work);
      return failureOf(error, this.troubles.isOwn(work, error));
    } finally {
      jobSeconds.observe({ queue: job.queue }, secondsSince(began));
    }
  }

  private async conclude(job: ClaimedJob, outcome: JobOutcome): Promise<void> {
    if (outcome.kind === 'retry') return this.retry(job, outcome);
    await this.db.confirm(job.tenantId, async (tx) => {
      if (outcome.kind === 'move') return this.jobs.release(tx, job, { queue: outcome.queue });
      if (outcome.kind === 'wait') {
        const { error, afterMs, waitsFor } = outcome;
        return this.jobs.release(tx, job, { why: redact(error), afterMs, ...(waitsFor && { waitsFor }) });
      }
      const effect = outcome.effect?.(tx);
      if (outcome.atOnce !== true) await effect;
      const [held] = await Promise.all([this.jobs.complete(tx, job), effect]);
      requireLease(held);
    });
    jobAttempts.inc({ kind: job.kind, outcome: outcome.kind });
  }

  private async retry(job: ClaimedJob, failure: Failure): Promise<void> {
    const error = redact(failure.error);
    const isLast = job.attempts >= (failure.tries ?? Number.POSITIVE_INFINITY);
    const planned = isLast ? undefined : retryDelay(job.kind, job.attempts, Math.random());
    const delay = planned === undefined ? undefined : Math.max(planned, failure.afterMs ?? 0);
    await this.db.confirm(job.tenantId, async (tx) => {
      await failure.effect?.(tx, delay === undefined ? undefined : new Date(this.clock.now().getTime() + delay));
      if (delay === undefined) await this.giveUp(tx, job, error);
      requireLease(await this.jobs.retry(tx, job, delay, error));
    });
    jobAttempts.inc({ kind: job.kind, outcome: delay === undefined ? 'parked' : 'retry' });
    if (delay === undefined) {
      this.log.error(`${nameOf(job)} is parked after ${job.attempts} attempts: ${error}`);
    } else {
      this.log.warn(`${nameOf(job)} failed and will be retried in ${Math.ceil(delay / 1_000)} s: ${error}`);
    }
  }

  private async giveUp(tx: TenantTx, job: ClaimedJob, error: string): Promise<void> {
    const handler = await this.handler(job);
    if (handler.giveUp === undefined) await recordParked(tx, job, error);
    else await handler.giveUp(tx, job, error);
  }

  private async handler(job: ClaimedJob): Promise<JobHandler> {
    const handler = this.handlers.get(job.kind);
    // A newer version of the program, running alongside this one, may have more kinds.
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
  if (problems.length > 0) throw new Error(`Refusing to start, because jobs would never run: ${problems.join('; ')}.`);
  return new Map(handlers.map((handler) => [handler.kind, handler]));
}

function requireLease(held: boolean): void {
  if (!held) throw new LeaseLost();
}

/** Returns the outcome of an attempt that threw. */
function failureOf(error: unknown, isOwnTrouble = false): JobOutcome {
  const why = messageOf(error);
  if (error instanceof DatabaseTrouble && !isOwnTrouble)
    return { kind: 'wait', error: why, afterMs: troubleDelay(Math.random()) };
  return { kind: 'retry', error: why, ...(isMistake(error) ? { tries: TRIES_OF_A_MISTAKE } : {}) };
}

const said = (outcome: JobOutcome) => ('error' in outcome ? `${redact(outcome.error)}; ` : '');
const nameOf = (job: ClaimedJob) => `${job.kind} ${job.subject}`;
