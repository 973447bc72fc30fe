import { Injectable } from '@nestjs/common';
import type { PlatformTx, TenantTx } from '#libs/database';
import { JOBS, type JobKind, type Queue } from './jobs.js';

export interface ClaimedJob {
  readonly tenantId: string;
  readonly kind: JobKind;
  readonly subject: string;
  /** How many tries have begun, this one included. It is also the fence: only the latest try may conclude the job. */
  readonly attempts: number;
}

export interface NewJob {
  readonly kind: JobKind;
  readonly subject: string;
  /** Not before this time; at once when left out. */
  readonly dueAt?: Date;
}

const LEASE_SECONDS = 90;
/** Jobs of one tenant in one claim, so that a flood of one never hides the others. */
const PER_TENANT = 4;

/** Work that waits, one row per kind and subject. */
@Injectable()
export class JobStore {
  /** Enqueues once per kind and subject: a job that waits or was parked already is due anew, with all its tries. */
  async enqueue(tx: TenantTx, jobs: readonly NewJob[]): Promise<void> {
    if (jobs.length === 0) return;
    await tx.query(
      `insert into jobs (tenant_id, kind, subject, queue, due_at)
       select $1, j.kind, j.subject, j.queue, coalesce(j.due_at, now())
       from unnest($2::text[], $3::uuid[], $4::text[], $5::timestamptz[]) as j (kind, subject, queue, due_at)
       on conflict (tenant_id, kind, subject) do update
         set state = 'waiting', due_at = excluded.due_at, attempts = 0, error = null, lease_until = null`,
      [
        tx.tenantId,
        jobs.map((job) => job.kind),
        jobs.map((job) => job.subject),
        jobs.map((job) => JOBS[job.kind].queue),
        jobs.map((job) => job.dueAt ?? null),
      ],
    );
  }

  /** Takes due jobs of a queue under a lease, a few per tenant, oldest first. A crashed worker's jobs come back after the lease. */
  claim(tx: PlatformTx, queue: Queue, limit: number): Promise<ClaimedJob[]> {
    // The recursion hops from tenant to tenant over the index instead of reading every waiting row.
    return tx.query<ClaimedJob>(
      `with recursive tenant as (
         (select tenant_id from jobs where queue = $1 and state = 'waiting' order by tenant_id limit 1)
         union all
         select (select j.tenant_id from jobs j where j.queue = $1 and j.state = 'waiting' and j.tenant_id > t.tenant_id
                 order by j.tenant_id limit 1)
         from tenant t where t.tenant_id is not null
       ), due as (
         select j.tenant_id, j.kind, j.subject from tenant t cross join lateral (
           select * from jobs j where j.queue = $1 and j.tenant_id = t.tenant_id and j.state = 'waiting'
             and j.due_at <= now() and (j.lease_until is null or j.lease_until < now())
           order by j.due_at limit ${PER_TENANT} for update skip locked
         ) j limit $2
       )
       update jobs set attempts = jobs.attempts + 1, lease_until = now() + interval '${LEASE_SECONDS} seconds'
       from due where jobs.tenant_id = due.tenant_id and jobs.kind = due.kind and jobs.subject = due.subject
       returning jobs.tenant_id as "tenantId", jobs.kind, jobs.subject, jobs.attempts`,
      [queue, limit],
    );
  }

  /** The work is done. @returns false when a later try owns the job by now; then nothing happens */
  async complete(tx: TenantTx, job: ClaimedJob): Promise<boolean> {
    const rows = await tx.query(
      'delete from jobs where tenant_id = $1 and kind = $2 and subject = $3 and attempts = $4 returning 1',
      [tx.tenantId, job.kind, job.subject, job.attempts],
    );
    return rows.length === 1;
  }

  /**
   * The try failed. @param delayMs until the next one; undefined parks the job until somebody asks for it again
   * @param error for staff; must not hold a secret
   */
  async retry(tx: TenantTx, job: ClaimedJob, delayMs: number | undefined, error: string): Promise<void> {
    await tx.query(
      `update jobs set lease_until = null, error = $5,
         state = case when $6::float8 is null then 'parked' else 'waiting' end,
         due_at = now() + make_interval(secs => coalesce($6::float8, 0) / 1000)
       where tenant_id = $1 and kind = $2 and subject = $3 and attempts = $4`,
      [tx.tenantId, job.kind, job.subject, job.attempts, error.slice(0, 1_000), delayMs ?? null],
    );
  }

  /** Puts a try back that never began, for a graceful stop. */
  async release(tx: TenantTx, job: ClaimedJob): Promise<void> {
    await tx.query(
      `update jobs set lease_until = null, attempts = attempts - 1
       where tenant_id = $1 and kind = $2 and subject = $3 and attempts = $4`,
      [tx.tenantId, job.kind, job.subject, job.attempts],
    );
  }

  /** Milliseconds until the next job of a queue is due, at least 0; undefined when nothing waits. */
  async nextDueIn(tx: PlatformTx, queue: Queue): Promise<number | undefined> {
    const rows = await tx.query<{ ms: number | null }>(
      `select extract(epoch from min(greatest(due_at, coalesce(lease_until, due_at))) - now())::float8 * 1000 as ms
       from jobs where queue = $1 and state = 'waiting'`,
      [queue],
    );
    const ms = rows[0]?.ms;
    return ms === null || ms === undefined ? undefined : Math.max(0, ms);
  }
}
