import type { TenantTx } from '#libs/database';
import type { ClaimedJob, JobKind, Queue, WaitsFor } from '#libs/journal';
import { MINUTE } from '#libs/kernel';

/** The job has ended: it was done, nothing was left to do, or it can never be done and the effect records that. */
export interface Done {
  readonly kind: 'done';
  readonly effect?: (tx: TenantTx) => Promise<void>;
  /** True if the effect sends all its statements at once, so that the job is completed in their round trip. */
  readonly atOnce?: boolean;
  /**
   * Stores the part of the effect that must survive even if the effect fails or another worker has taken over the job.
   * Idempotent.
   */
  readonly anyway?: (tx: TenantTx) => Promise<void>;
}

/**
 * The outcome of one attempt. The effect runs in the transaction that concludes the job: both commit or neither does,
 * and neither does when another worker has taken the job over meanwhile. So an effect only uses the database, and may
 * run more than once.
 */
export type JobOutcome =
  | Done
  /** The attempt failed and counts. The next one follows the job's schedule, but not before `afterMs`. */
  | {
      readonly kind: 'retry';
      /** For staff; secrets are removed from it. */
      readonly error: string;
      readonly afterMs?: number;
      /** Maximum number of attempts, if lower than the schedule's. */
      readonly tries?: number;
      /** @param next the due time of the next attempt; undefined if this was the last one */
      readonly effect?: (tx: TenantTx, next: Date | undefined) => Promise<void>;
    }
  /**
   * The attempt could not even begin. It does not count, and is due again after `afterMs`, or as soon as its condition
   * is met.
   */
  | { readonly kind: 'wait'; readonly error: string; readonly afterMs: number; readonly waitsFor?: WaitsFor }
  /** It belongs in another queue, and is moved there without counting as an attempt. */
  | { readonly kind: 'move'; readonly queue: Queue };

/** Milliseconds between the checks of a job that waits for someone's action, which also wakes it. */
const LOOK_AGAIN_MS = 10 * MINUTE;

/** The outcome of a job that a restriction of the workspace or bot forbids now. */
export const UNTIL_LIFTED = {
  kind: 'wait',
  error: 'the workspace or its bot is restricted and may not do that now',
  afterMs: LOOK_AGAIN_MS,
  waitsFor: 'lifting',
} as const satisfies JobOutcome;

/** Returns the outcome of a job that needs a working token. */
export const untilToken = (error = 'the bot has no working token'): JobOutcome => ({
  kind: 'wait',
  error,
  afterMs: LOOK_AGAIN_MS,
  waitsFor: 'token',
});

/** Handles one kind of job. One instance serves all attempts concurrently, so it keeps no state between them. */
export interface JobHandler {
  readonly kind: JobKind;
  /**
   * Makes one attempt: reads rows, makes calls outside of any transaction. An exception is a failed attempt, like
   * `retry`; a database failure is not, like `wait`. So results of calls are stored with `Database.confirm`, or by the
   * effect of the outcome.
   * @param known facts from the transaction that made the job due, if this process begins it right after that
   */
  run(job: ClaimedJob, known?: unknown): Promise<JobOutcome>;
  /**
   * Called when the last attempt has failed: tells the person to whom the work was promised. If omitted, the event
   * `job.parked` tells the creator. Runs in the transaction that parks the job. Each kind has its row in
   * docs/failures.md.
   */
  giveUp?(tx: TenantTx, job: ClaimedJob, error: string): Promise<void>;
}

/** The Nest token of all handlers, as an array. */
export const JOB_HANDLERS = Symbol('job handlers');
