import { Inject, Injectable } from '@nestjs/common';
import { Database, type PlatformTx } from '#libs/database';
import { JOB_KINDS, QUEUES } from '#libs/journal';
import { type Clock, SECOND } from '#libs/kernel';
import { FleetGauges, type MetricSource } from '#libs/metrics';
import { TroubleReader } from '#libs/operations';
import { CLOCK, ShortMemory } from '#libs/runtime';

/** Milliseconds for which an answer of the database is used again. */
const REMEMBER_MS = 5 * SECOND;
/** Milliseconds after which a scrape goes on without the database. */
const PATIENCE_MS = 2 * SECOND;
/** Counting stops here, so that a scrape costs the same however much waits. */
const MOST_COUNTED = 5_000;

const JOB_STATES = ['due', 'in_work', 'parked'] as const;

interface Waiting {
  readonly count: number;
  /** Seconds that the oldest one has waited; null when none waits. */
  readonly age: number | null;
}

interface JobsOfKind extends Waiting {
  readonly kind: string;
  readonly queue: string;
}

/**
 * The state of the whole installation, read from the database when it is asked for. The platform shows it, because it
 * goes on when all workers have stopped.
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

  /** Never throws: without an answer of the database within two seconds, the former values stay. */
  async refresh(): Promise<void> {
    const read = this.memory.get('fleet', () => this.read()).catch(() => undefined);
    const late = new Promise<void>((resolve) => setTimeout(resolve, PATIENCE_MS).unref());
    await Promise.race([read, late]);
    const now = this.clock.now();
    this.gauges.age.set((now.getTime() - this.readAt.getTime()) / SECOND);
  }

  private async read(): Promise<true> {
    const began = this.clock.now();
    await this.db.inPlatform('count what waits in all workspaces', async (tx) => {
      const [inbox, outbox, due, leased, parked, troubles] = await Promise.all([
        one(tx, INBOX),
        one(tx, OUTBOX),
        tx.query<JobsOfKind>(DUE_JOBS, [MOST_COUNTED]),
        tx.query<JobsOfKind>(LEASED_JOBS, [MOST_COUNTED]),
        tx.query<JobsOfKind>(PARKED_JOBS, [MOST_COUNTED]),
        this.troubles.counts(tx, began),
      ]);
      this.show('inbox', inbox);
      this.show('outbox', outbox);
      this.showJobs({ due, in_work: leased, parked });
      for (const { kind, count } of troubles) this.gauges.trouble.set({ kind }, count);
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
    for (const queue of QUEUES) {
      const ages = found.due.flatMap((jobs) => (jobs.queue === queue ? (jobs.age ?? []) : []));
      this.gauges.oldestJob.set({ queue }, Math.max(0, ...ages));
    }
  }
}

async function one(tx: PlatformTx, sql: string): Promise<Waiting> {
  const [row] = await tx.query<Waiting>(sql, [MOST_COUNTED]);
  return row ?? { count: 0, age: null };
}

const AGE = (time: string) => `extract(epoch from now() - min(${time}))::float8 as age`;

const INBOX = `select count(*)::int as count, extract(epoch from now() - min(received_at) filter (where due_at <= now()))::float8 as age
  from (select received_at, due_at from inbox where state = 'waiting' limit $1) w`;

const OUTBOX = `select count(*)::int as count, ${AGE('created_at')}
  from (select created_at from events where relayed_at is null order by id limit $1) w`;

const DUE_JOBS = `select kind, queue, count(*)::int as count, ${AGE('due_at')}
  from (select kind, queue, due_at from jobs where state = 'waiting' and lease is null and due_at <= now() order by due_at limit $1) d
  group by kind, queue`;

const LEASED_JOBS = `select kind, queue, count(*)::int as count, null::float8 as age
  from (select kind, queue from jobs where lease is not null limit $1) l group by kind, queue`;

const PARKED_JOBS = `select kind, queue, count(*)::int as count, null::float8 as age
  from (select kind, queue from jobs where state = 'parked' limit $1) p group by kind, queue`;
