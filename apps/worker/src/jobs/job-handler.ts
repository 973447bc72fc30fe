import type { TenantTx } from '#libs/database';
import type { ClaimedJob, JobKind, Queue, WaitsFor } from '#libs/journal';
import { MINUTE } from '#libs/kernel';

/**
 * What one try came to. The effect runs in the transaction that concludes the job: both happen or neither does, and neither does
 * when another worker has taken the job over meanwhile. So an effect touches the database only, and may run more than once.
 */
export type JobOutcome =
  /** The job is over: also when there was nothing left to do, or when it can never be done and the effect says so. */
  | { readonly kind: 'done'; readonly effect?: (tx: TenantTx) => Promise<void> }
  /** The try failed and counts. The next one follows the job's schedule, but not before `afterMs`. */
  | {
      readonly kind: 'retry';
      /** For staff; secrets are taken out of it. */
      readonly error: string;
      readonly afterMs?: number;
      /** Tries in all, when that is fewer than the job's schedule has. */
      readonly tries?: number;
      /** @param next when the next try is due; undefined when this was the last one */
      readonly effect?: (tx: TenantTx, next: Date | undefined) => Promise<void>;
    }
  /** It could not even be tried. It counts as no try and comes up again after `afterMs`, or as soon as what it waits for is there. */
  | { readonly kind: 'wait'; readonly error: string; readonly afterMs: number; readonly waitsFor?: WaitsFor }
  /** It belongs into another queue, and is put there without counting as a try. */
  | { readonly kind: 'move'; readonly queue: Queue };

/** What waits for somebody is woken by what they do; it looks again by itself this much later. */
const LOOK_AGAIN_MS = 10 * MINUTE;

/** The workspace, or the bot, is restricted and may not do this now. */
export const UNTIL_LIFTED = {
  kind: 'wait',
  error: 'the workspace or its bot is restricted and may not do that now',
  afterMs: LOOK_AGAIN_MS,
  waitsFor: 'lifting',
} as const satisfies JobOutcome;

/** Nothing can be asked of Telegram without a token that works. */
export const untilToken = (error = 'the bot has no working token'): JobOutcome => ({
  kind: 'wait',
  error,
  afterMs: LOOK_AGAIN_MS,
  waitsFor: 'token',
});

/** Does one kind of job. One instance serves all tries at once, so it keeps nothing between them. */
export interface JobHandler {
  readonly kind: JobKind;
  /**
   * One try: reads rows, calls others outside of any transaction. What it throws is a failed try, as with `retry`. Trouble of the database
   * is none, as with `wait`; so what was done outside is stored with `Database.confirm`, or by the effect of the outcome.
   */
  run(job: ClaimedJob): Promise<JobOutcome>;
  /**
   * The last try failed: tells whoever was promised the work. Without it the event `job.parked` tells the creator. Runs in the transaction
   * that parks the job. Each kind has its row in docs/failures.md.
   */
  giveUp?(tx: TenantTx, job: ClaimedJob, error: string): Promise<void>;
}

/** The nest token of all handlers, as an array. */
export const JOB_HANDLERS = Symbol('job handlers');
