import { Inject, Injectable } from '@nestjs/common';
import { Database, partitionedUntil } from '#libs/database';
import { JOB_KINDS, QUEUES } from '#libs/journal';
import { type Clock, SECOND } from '#libs/kernel';
import { FleetGauges, type MetricSource } from '#libs/metrics';
import { TroubleReader } from '#libs/operations';
import { CLOCK, ShortMemory } from '#libs/runtime';
import {
  delayIn,
  dueJobs,
  type JobsOfKind,
  jobsInWork,
  parkedJobs,
  type Waiting,
  waitingEvents,
  waitingUpdates,
} from './waiting.js';

/** Milliseconds for which the values read from the database are cached. */
const REMEMBER_MS = 5 * SECOND;
/** Milliseconds after which a scrape continues without the database. */
const PATIENCE_MS = 2 * SECOND;

const JOB_STATES = ['due', 'in_work', 'parked'] as const;

/**
 * Exports the state of the whole installation, read from the database on each scrape. The platform does this because
 * it keeps running when all workers have stopped.
 */
@Injectable()
export class FleetMetrics implements MetricSource {
  private readonly gauges = new FleetGauges();
  readonly registry = this.gauges.registry;
  private readonly memory: ShortMemory<true>;
  private readAt: Date;

  constructor(
    private readonly db: Database,
    private readonly troubles: TroubleReader,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    this.memory = new ShortMemory(REMEMBER_MS, 1, () => clock.now());
    this.readAt = clock.now();
  }

  /**
   * Refreshes the values. Never throws: if the database does not respond within two seconds, the previous values stay.
   */
  async refresh(): Promise<void> {
    const read = this.memory.get('fleet', () => this.read()).catch(() => undefined);
    const late = new Promise<void>((resolve) => setTimeout(resolve, PATIENCE_MS).unref());
    await Promise.race([read, late]);
    const now = this.clock.now();
    this.gauges.age.set((now.getTime() - this.readAt.getTime()) / SECOND);
  }

  private async read(): Promise<true> {
    const began = this.clock.now();
    await this.db.inPlatform('count waiting work in all workspaces', async (tx) => {
      const [inbox, outbox, due, leased, parked, troubles, partitioned] = await Promise.all([
        waitingUpdates(tx),
        waitingEvents(tx),
        dueJobs(tx),
        jobsInWork(tx),
        parkedJobs(tx),
        this.troubles.counts(tx, began),
        partitionedUntil(tx),
      ]);
      this.show('inbox', inbox);
      this.show('outbox', outbox);
      this.showJobs({ due, in_work: leased, parked });
      for (const { kind, count } of troubles) this.gauges.trouble.set({ kind }, count);
      this.gauges.partitioned.set((partitioned.getTime() - began.getTime()) / SECOND);
    });
    this.readAt = began;
    return true;
  }

  private show(what: string, { count, age }: Waiting): void {
    this.gauges.waiting.set({ what }, count);
    this.gauges.oldest.set({ what }, age ?? 0);
  }

  private showJobs(found: Readonly<Record<(typeof JOB_STATES)[number], readonly JobsOfKind[]>>): void {
    this.gauges.jobs.reset();
    for (const state of JOB_STATES) {
      for (const kind of JOB_KINDS) this.gauges.jobs.set({ kind, state }, 0);
      for (const { kind, count } of found[state]) this.gauges.jobs.inc({ kind, state }, count);
    }
    for (const queue of QUEUES) this.gauges.oldestJob.set({ queue }, delayIn(found.due, [queue]));
  }
}
