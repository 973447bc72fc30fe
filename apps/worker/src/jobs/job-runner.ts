import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Database } from '#libs/database';
import { type ClaimedJob, Doorbell, EXTEND_EVERY_MS, JOBS, type JobKind, JobStore, type Queue } from '#libs/journal';
import { MINUTE, SECOND } from '#libs/kernel';
import { Stopping } from '#libs/process';
import { messageOf } from '#libs/runtime';
import { JobDesk } from './job-desk.js';
import { WorkLoop } from './work-loop.js';

type JobQueue = Exclude<Queue, 'relay'>;

/** Limits on concurrent jobs in one process. */
interface Capacity {
  readonly total: number;
  readonly perTenant: number;
  readonly perLane?: number;
  /**
   * Jobs that take longer than `afterMs` do not count towards the total, as long as there are fewer than `most` in
   * total.
   */
  readonly patience?: { readonly afterMs: number; readonly most: number };
}

/** Maximum number of concurrent jobs in one process. */
export const CAPACITY: Readonly<Record<JobQueue, Capacity>> = {
  delivery: { total: 16, perTenant: 4 },
  refunds: { total: 4, perTenant: 2 },
  // A slow endpoint takes two places for two seconds, and then no longer counts towards the total.
  webhooks: { total: 24, perTenant: 4, perLane: 2, patience: { afterMs: 2 * SECOND, most: 192 } },
  'slow-webhooks': { total: 8, perTenant: 2, perLane: 1 },
  // A server that makes goods while we wait needs time.
  fulfilment: { total: 24, perTenant: 4, perLane: 2, patience: { afterMs: 2 * SECOND, most: 192 } },
  books: { total: 4, perTenant: 1 },
};

/** Milliseconds until the next poll after one that hit its limits and found only jobs that cannot be claimed now. */
const LOOK_ON_MS = 20;
/**
 * Milliseconds after which an attempt counts as hung: its lease is no longer extended, so that another worker may try.
 */
const HUNG_AFTER_MS = 10 * MINUTE;

/** Runs the jobs of every queue for the lifetime of the process. Any number of processes may do so concurrently. */
@Injectable()
export class JobRunner implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly queues: readonly QueueWorker[];

  constructor(db: Database, jobs: JobStore, bell: Doorbell, desk: JobDesk, stopping: Stopping) {
    const names = Object.keys(CAPACITY) as JobQueue[];
    this.queues = names.map((name) => new QueueWorker(name, db, jobs, bell, desk, stopping));
  }

  onApplicationBootstrap(): void {
    for (const queue of this.queues) queue.start();
  }

  /** True when one more job of this kind and tenant would begin at once: then a transaction may claim it for this process. */
  hasRoom(kind: JobKind, tenantId: string): boolean {
    return this.queueOf(kind)?.hasRoom(tenantId) ?? false;
  }

  /**
   * Begins a job that this process has claimed in the transaction that made it due.
   * @param known facts for its handler from that transaction
   */
  begin(job: ClaimedJob, known?: unknown): void {
    this.queueOf(job.kind)?.begin(job, known);
  }

  private queueOf(kind: JobKind): QueueWorker | undefined {
    return this.queues.find(({ queue }) => queue === JOBS[kind].queue);
  }

  /** Returns jobs that did not begin, and lets the others finish in time. */
  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.queues.map((queue) => queue.end()));
  }
}

class QueueWorker {
  private readonly log = new Logger('Jobs');
  private readonly loop: WorkLoop;
  private readonly inWork = new Map<Promise<void>, { readonly job: ClaimedJob; readonly since: number }>();
  private unlisten: (() => void) | undefined;
  private heartbeat: NodeJS.Timeout | undefined;
  /** True if the last claim may have left jobs that can start once another one has finished. */
  private leftSome = false;

  constructor(
    readonly queue: JobQueue,
    private readonly db: Database,
    private readonly jobs: JobStore,
    private readonly bell: Doorbell,
    private readonly desk: JobDesk,
    private readonly stopping: Stopping,
  ) {
    this.loop = new WorkLoop(`queue ${queue}`, () => this.round(), stopping.signal);
  }

  start(): void {
    this.unlisten = this.bell.listen(this.queue, () => this.loop.wake());
    this.heartbeat = setInterval(() => void this.extend(), EXTEND_EVERY_MS);
    this.loop.start();
  }

  async end(): Promise<void> {
    this.unlisten?.();
    if (await this.stopping.waitFor([this.loop.ended])) await this.stopping.waitFor(this.inWork.keys());
    clearInterval(this.heartbeat);
    if (this.inWork.size > 0)
      this.log.warn(`${this.inWork.size} jobs of the queue ${this.queue} did not finish in time; they will be retried`);
  }

  private async round(): Promise<boolean> {
    const { perTenant, perLane = perTenant } = CAPACITY[this.queue];
    const limit = this.room();
    // Also for jobs that finish while this round is claiming.
    this.leftSome = true;
    if (limit <= 0) return false;
    const { jobs, more } = await this.db.inPlatform(
      'claim jobs of all tenants',
      (tx) => this.jobs.claim(tx, this.queue, { limit, perTenant, perLane, busy: this.busy() }),
      'soon',
    );
    if (this.stopping.signal.aborted) await this.putBack(jobs);
    else for (const job of jobs) this.begin(job);
    this.leftSome = more || CAPACITY[this.queue].perLane !== undefined || this.isFull(perTenant);
    if (jobs.length > 0 || !more) return jobs.length > 0;
    await new Promise((resolve) => setTimeout(resolve, LOOK_ON_MS));
    return true;
  }

  hasRoom(tenantId: string): boolean {
    return (
      !this.stopping.signal.aborted &&
      this.room() > 0 &&
      (this.busy().get(tenantId) ?? 0) < CAPACITY[this.queue].perTenant
    );
  }

  begin(job: ClaimedJob, known?: unknown): void {
    if (this.stopping.signal.aborted) return void this.putBack([job]).catch(() => undefined);
    const work: Promise<void> = this.desk.work(job, known).finally(() => {
      this.inWork.delete(work);
      if (this.leftSome) this.loop.wake();
    });
    this.inWork.set(work, { job, since: Date.now() });
  }

  /** True if the process, or a tenant in it, has all the jobs that it may have. */
  private isFull(perTenant: number): boolean {
    return this.room() <= 0 || [...this.busy().values()].some((jobs) => jobs >= perTenant);
  }

  private room(): number {
    const { total, patience } = CAPACITY[this.queue];
    if (patience === undefined) return total - this.inWork.size;
    const since = Date.now() - patience.afterMs;
    const counted = [...this.inWork.values()].filter((work) => work.since > since).length;
    return Math.min(total - counted, patience.most - this.inWork.size);
  }

  private busy(): ReadonlyMap<string, number> {
    const busy = new Map<string, number>();
    for (const { job } of this.inWork.values()) busy.set(job.tenantId, (busy.get(job.tenantId) ?? 0) + 1);
    return busy;
  }

  private async putBack(claimed: readonly ClaimedJob[]): Promise<void> {
    for (const job of claimed) await this.db.inTenant(job.tenantId, (tx) => this.jobs.release(tx, job));
  }

  private async extend(): Promise<void> {
    const since = Date.now() - HUNG_AFTER_MS;
    const leases = [...this.inWork.values()].filter((work) => work.since > since).map((work) => work.job.lease);
    if (leases.length === 0) return;
    try {
      await this.db.inPlatform('extend leases of jobs in progress', (tx) => this.jobs.extend(tx, leases), 'soon');
    } catch (error) {
      this.log.warn(`leases could not be extended: ${messageOf(error)}`);
    }
  }
}
