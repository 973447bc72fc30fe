import type { PlatformTx } from '#libs/database';

/** Maximum count: it limits the cost of counting, however much is waiting. */
const MOST_COUNTED = 5_000;

export interface Waiting {
  readonly count: number;
  /** Seconds that the oldest one has waited; null if none is waiting. */
  readonly age: number | null;
}

export interface JobsOfKind extends Waiting {
  readonly kind: string;
  readonly queue: string;
}

/** Updates that no worker has handled; the age is that of the oldest one that is due. */
export const waitingUpdates = (tx: PlatformTx): Promise<Waiting> => one(tx, INBOX);
/** Events that have not left the outbox. */
export const waitingEvents = (tx: PlatformTx): Promise<Waiting> => one(tx, OUTBOX);

export const dueJobs = (tx: PlatformTx): Promise<JobsOfKind[]> => tx.query<JobsOfKind>(DUE_JOBS, [MOST_COUNTED]);
export const jobsInWork = (tx: PlatformTx): Promise<JobsOfKind[]> => tx.query<JobsOfKind>(LEASED_JOBS, [MOST_COUNTED]);
export const parkedJobs = (tx: PlatformTx): Promise<JobsOfKind[]> => tx.query<JobsOfKind>(PARKED_JOBS, [MOST_COUNTED]);

/** Seconds of delay of the most overdue job in one of these queues. */
export const delayIn = (jobs: readonly JobsOfKind[], queues: readonly string[]): number =>
  Math.max(0, ...jobs.flatMap(({ queue, age }) => (queues.includes(queue) ? (age ?? []) : [])));

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
