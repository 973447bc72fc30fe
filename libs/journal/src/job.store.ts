import { Injectable } from '@nestjs/common';
import type { PlatformTx, TenantTx } from '#libs/database';
import { clip, newUuid } from '#libs/kernel';
import { ringAfterCommit } from './doorbell.js';
import { NO_LANE } from './job-claim.js';
import { type ClaimedJob, type ClaimLimits, type JobClaim, JobTurns } from './job-turns.js';
import { JOBS, type JobKind, NotParked, type Queue, type WaitsFor } from './jobs.js';
import { LEASE } from './lease.js';

export interface NewJob {
  readonly kind: JobKind;
  readonly subject: string;
  /** The earliest time to run; now if omitted. */
  readonly dueAt?: Date;
  /** Overrides the kind's own queue. */
  readonly queue?: Queue;
  /** Jobs of one tenant in one lane take turns: see {@link ClaimLimits.perLane}. */
  readonly lane?: string;
}

export interface Hastened {
  readonly tenantId: string;
  readonly kind: JobKind;
  readonly subject: string;
  readonly notBefore: Date;
}

/** Options for returning an attempt that never began. */
export interface Release {
  /** Milliseconds until it is due again; 0 if omitted. */
  readonly afterMs?: number;
  /** For staff; must not contain secrets. If omitted, the previous message stays. */
  readonly why?: string;
  /** The condition that makes it due earlier: see {@link JobStore.wake}. */
  readonly waitsFor?: WaitsFor;
  /** The queue to return it to, if not the same one. */
  readonly queue?: Queue;
}

/**
 * A job that starts waiting is due again this soon: its condition may have been met, and the wake-up missed, while it
 * was running.
 */
const FIRST_LOOK_MS = 5_000;

/** The queue of jobs, with one row per kind and subject. */
@Injectable()
export class JobStore {
  private readonly turns = new JobTurns();

  /**
   * Enqueues once per kind and subject: a job that is waiting or parked becomes due again, with all its attempts. A
   * running job stays with its worker and is due again afterwards, so a job never runs twice at the same time.
   */
  async enqueue(tx: TenantTx, jobs: readonly NewJob[]): Promise<void> {
    await insertJobs(
      tx,
      jobs.map((job) => ({ ...job, tenantId: tx.tenantId })),
    );
  }

  /** Enqueues jobs of several tenants, in one statement. */
  async enqueueAll(tx: PlatformTx, jobs: readonly (NewJob & { readonly tenantId: string })[]): Promise<void> {
    await insertJobs(tx, jobs);
  }

  /**
   * Enqueues a job under a lease for the caller, who starts it after this transaction has committed.
   * @returns undefined if the job existed already: then it is due again, for any worker
   */
  async enqueueMine(
    tx: TenantTx,
    { kind, subject }: Pick<NewJob, 'kind' | 'subject'>,
  ): Promise<ClaimedJob | undefined> {
    const { queue } = JOBS[kind];
    const lease = newUuid();
    const [row] = await tx.query<{ isMine: boolean }>(
      `insert into jobs as j (tenant_id, kind, subject, queue, due_at, lane, ripe, attempts, lease, lease_until)
       values ($1, $2, $3, $4, now(), '${NO_LANE}', true, 1, $5, now() + ${LEASE})
       on conflict (tenant_id, kind, subject) do update set ${ANEW} returning j.lease = $5 as "isMine"`,
      [tx.tenantId, kind, subject, queue, lease],
    );
    if (row?.isMine === true) return { tenantId: tx.tenantId, kind, subject, queue, attempts: 1, lease };
    ringAfterCommit(tx, queue);
    return undefined;
  }

  /**
   * Takes due jobs of a queue under a lease: tenants take turns, oldest first within each. A crashed worker's jobs
   * become available again when the lease expires.
   */
  claim(tx: PlatformTx, queue: Queue, limits: number | ClaimLimits): Promise<JobClaim> {
    return this.turns.claim(tx, queue, typeof limits === 'number' ? { limit: limits } : limits);
  }

  /** Extends the leases of jobs that are still running. */
  async extend(tx: PlatformTx, leases: readonly string[]): Promise<void> {
    await tx.query(`update jobs set lease_until = now() + ${LEASE} where lease = any($1::uuid[])`, [leases]);
  }

  /**
   * Records that the work is done.
   * @returns false when another attempt now owns the job: nothing was changed, roll back
   */
  async complete(tx: TenantTx, job: ClaimedJob): Promise<boolean> {
    const rows = await tx.query(
      `with mine as (
         select attempts from jobs where tenant_id = $1 and kind = $2 and subject = $3 and lease = $4 for update
       ), gone as (
         delete from jobs using mine where tenant_id = $1 and kind = $2 and subject = $3 and mine.attempts = $5 returning 1
       ), asked_again as (
         update jobs set lease = null, lease_until = null from mine
         where tenant_id = $1 and kind = $2 and subject = $3 and mine.attempts <> $5 returning 1
       )
       select 1 from gone union all select 1 from asked_again`,
      [tx.tenantId, job.kind, job.subject, job.lease, job.attempts],
    );
    return rows.length === 1;
  }

  /**
   * Records a failed attempt.
   * @param delayMs until the next one; undefined parks the job until it is requested again
   * @param error for staff; must not contain secrets
   * @returns false when another attempt now owns the job: nothing was changed, roll back
   */
  async retry(tx: TenantTx, job: ClaimedJob, delayMs: number | undefined, error: string): Promise<boolean> {
    // A different number of attempts means that the job was enqueued again in the meantime, which overrides the
    // schedule.
    const rows = await tx.query(
      `update jobs set lease = null, lease_until = null, error = $6, waits_for = null, ripe = attempts <> $5 and ripe,
         state = case when attempts = $5 and $7::float8 is null then 'parked' else 'waiting' end,
         due_at = case when attempts = $5 then now() + make_interval(secs => coalesce($7::float8, 0) / 1000) else due_at end
       where tenant_id = $1 and kind = $2 and subject = $3 and lease = $4 returning 1`,
      [tx.tenantId, job.kind, job.subject, job.lease, job.attempts, clip(error, 1_000), delayMs ?? null],
    );
    return rows.length === 1;
  }

  /** Returns an attempt that never began: for a graceful stop, and for work that cannot even be tried now. */
  async release(tx: TenantTx, job: ClaimedJob, { afterMs = 0, why, waitsFor, queue }: Release = {}): Promise<void> {
    if (afterMs === 0) ringAfterCommit(tx, queue ?? job.queue);
    await tx.query(
      `update jobs set lease = null, lease_until = null, error = coalesce($6, error), queue = coalesce($8, queue),
         waits_for = $9, ripe = case when attempts <> $5 then ripe else $7::float8 = 0 end,
         attempts = case when attempts = $5 then attempts - 1 else attempts end,
         due_at = case when attempts <> $5 then due_at
           when $9::text is null or waits_for = $9 then now() + make_interval(secs => $7::float8 / 1000)
           else now() + make_interval(secs => least($7::float8, $10) / 1000) end
       where tenant_id = $1 and kind = $2 and subject = $3 and lease = $4`,
      [
        tx.tenantId,
        job.kind,
        job.subject,
        job.lease,
        job.attempts,
        why === undefined ? null : clip(why, 1_000),
        afterMs,
        queue ?? null,
        waitsFor ?? null,
        FIRST_LOOK_MS,
      ],
    );
  }

  /** Makes the tenant's jobs that wait for this condition due. A job that still cannot run waits again. */
  async wake(tx: TenantTx, waitsFor: WaitsFor): Promise<void> {
    const woken = await tx.query<{ queue: Queue }>(
      `update jobs set due_at = now(), ripe = true, error = null, waits_for = null where tenant_id = $1 and waits_for = $2 returning queue`,
      [tx.tenantId, waitsFor],
    );
    for (const { queue } of woken) ringAfterCommit(tx, queue);
  }

  /**
   * Makes a job that is parked, or due and waiting, due now with all its attempts.
   * @throws NotParked when it is running, not due yet, or missing
   */
  async revive(tx: TenantTx, kind: JobKind, subject: string): Promise<void> {
    const rows = await tx.query<{ queue: Queue }>(
      `update jobs set state = 'waiting', attempts = 0, due_at = now(), ripe = true, error = null, waits_for = null
       where tenant_id = $1 and kind = $2 and subject = $3 and lease is null and (state = 'parked' or due_at <= now()) returning queue`,
      [tx.tenantId, kind, subject],
    );
    if (rows.length === 0) throw new NotParked();
    for (const { queue } of rows) ringAfterCommit(tx, queue);
  }

  /** Closes a parked job without running it. @throws NotParked */
  async bury(tx: TenantTx, kind: JobKind, subject: string): Promise<void> {
    const rows = await tx.query(
      `delete from jobs where tenant_id = $1 and kind = $2 and subject = $3 and state = 'parked' returning 1`,
      [tx.tenantId, kind, subject],
    );
    if (rows.length === 0) throw new NotParked();
  }

  /** Moves waiting jobs forward, each to its given time at the earliest; running and parked jobs do not change. */
  async hasten(tx: PlatformTx, jobs: readonly Hastened[]): Promise<void> {
    // By the complete key alone, so that the planner does not choose the index of waiting jobs.
    const hastened = await Promise.all(
      jobs.map(({ tenantId, kind, subject, notBefore }) =>
        tx.query<{ queue: Queue; waits: boolean }>(
          `update jobs set due_at = case when ${WAITS} then least(due_at, greatest(now(), $4)) else due_at end
           where tenant_id = $1 and kind = $2 and subject = $3 returning queue, ${WAITS} as waits`,
          [tenantId, kind, subject, notBefore],
        ),
      ),
    );
    for (const { queue, waits } of hastened.flat()) if (waits) ringAfterCommit(tx, queue);
  }
}

/** SQL: true when a job is neither running nor parked. */
const WAITS = `state = 'waiting' and lease is null`;

/** SQL: the changes to a job that is enqueued while it exists. */
const ANEW = `state = 'waiting', queue = excluded.queue, due_at = excluded.due_at, lane = excluded.lane, ripe = excluded.ripe,
  attempts = 0, error = null, waits_for = null`;

async function insertJobs(
  tx: TenantTx | PlatformTx,
  jobs: readonly (NewJob & { readonly tenantId: string })[],
): Promise<void> {
  if (jobs.length === 0) return;
  const now = Date.now();
  // Polling finds jobs that are due later.
  for (const job of jobs) if (job.dueAt === undefined || job.dueAt.getTime() <= now) ringAfterCommit(tx, queueOf(job));
  await tx.query(
    `insert into jobs (tenant_id, kind, subject, queue, due_at, lane, ripe)
     select distinct on (j.tenant_id, j.kind, j.subject) j.tenant_id, j.kind, j.subject, j.queue, coalesce(j.due_at, now()),
       coalesce(j.lane, '${NO_LANE}'), coalesce(j.due_at, now()) <= now()
     from unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::timestamptz[], $6::uuid[])
       as j (tenant_id, kind, subject, queue, due_at, lane)
     order by j.tenant_id, j.kind, j.subject
     on conflict (tenant_id, kind, subject) do update set ${ANEW}`,
    [
      jobs.map((job) => job.tenantId),
      jobs.map((job) => job.kind),
      jobs.map((job) => job.subject),
      jobs.map(queueOf),
      jobs.map((job) => job.dueAt ?? null),
      jobs.map((job) => job.lane ?? null),
    ],
  );
}

const queueOf = ({ kind, queue }: NewJob): Queue => queue ?? JOBS[kind].queue;
