import type { PlatformTx } from '#libs/database';
import { LANES_PER_LOOK, RIPEN, RIPEN_AT_ONCE, TAKE, TENANTS_PER_LOOK, TURNS } from './job-claim.js';
import type { JobKind, Queue } from './jobs.js';

export interface ClaimedJob {
  readonly tenantId: string;
  readonly kind: JobKind;
  readonly subject: string;
  /** The queue that it was claimed from. */
  readonly queue: Queue;
  /** Attempts begun, including this one. */
  readonly attempts: number;
  /** The fencing token: only the holder of the job's latest lease can conclude it. */
  readonly lease: string;
}

export interface ClaimLimits {
  /** Total number of jobs. */
  readonly limit: number;
  /** Jobs of one tenant that may be in progress, so that its flood does not delay the others. */
  readonly perTenant?: number;
  /** Concurrent jobs in one lane, across all processes. Two simultaneous claims may exceed it. */
  readonly perLane?: number;
  /** Jobs that the caller is already running, by tenant. */
  readonly busy?: ReadonlyMap<string, number>;
}

export interface JobClaim {
  readonly jobs: readonly ClaimedJob[];
  /** Some due jobs were not considered: claim again soon. */
  readonly more: boolean;
}

const PER_TENANT = 4;

/** A tenant's lane in a queue. */
interface Turn {
  readonly tenantId: string;
  readonly lane: string;
}

const FIRST_ID = '00000000-0000-0000-0000-000000000000';
const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
const NOBODY: ReadonlyMap<string, number> = new Map();
const START: Turn = { tenantId: FIRST_ID, lane: FIRST_ID };

/** The position of the polls in a queue. */
interface Circle {
  place: Turn;
  /** The start of the current circle, which ends when everything was considered. */
  origin: Turn;
  /** True if the polls have wrapped around since then. */
  wrapped: boolean;
}

/**
 * Chooses the next due jobs. The cost of a poll does not depend on the backlog: it considers a bounded number of
 * tenants and starts where the last one ended, so that a flood does not delay others. One object remembers whose turn
 * is next.
 */
export class JobTurns {
  private readonly circles = new Map<Queue, Circle>();

  async claim(tx: PlatformTx, queue: Queue, limits: ClaimLimits): Promise<JobClaim> {
    const ripened = await tx.query(RIPEN, [queue]);
    const circle = this.circles.get(queue) ?? { place: START, origin: START, wrapped: false };
    this.circles.set(queue, circle);
    const first = await look(tx, queue, limits, circle);
    const isEnd = first.next === undefined;
    const seenAll = goOn(circle, first);
    const rest = limits.limit - first.jobs.length;
    // From the current position to the end, then from the beginning.
    if (!isEnd || seenAll || rest <= 0) return { jobs: first.jobs, more: !seenAll || isFull(ripened) };
    const second = await look(tx, queue, { ...limits, limit: rest, busy: busyWith(limits, first.jobs) }, circle);
    const more = !goOn(circle, second);
    return { jobs: [...first.jobs, ...second.jobs], more: more || isFull(ripened) };
  }
}

interface Look {
  readonly jobs: readonly ClaimedJob[];
  /** Undefined at the end. */
  readonly next: Turn | undefined;
}

async function look(tx: PlatformTx, queue: Queue, limits: ClaimLimits, { place }: Circle): Promise<Look> {
  const { limit, perTenant = PER_TENANT, perLane = perTenant, busy = NOBODY } = limits;
  const turns = await tx.query<Turn>(TURNS, [queue, place.tenantId, place.lane]);
  if (turns.length === 0) return { jobs: [], next: undefined };
  const jobs = await tx.query<ClaimedJob>(TAKE, [
    queue,
    limit,
    perTenant,
    [...busy.keys()],
    [...busy.values()],
    perLane,
    turns.map((turn) => turn.tenantId),
    turns.map((turn) => turn.lane),
  ]);
  return { jobs, next: nextPlace(turns, jobs, limit) };
}

function nextPlace(turns: readonly Turn[], jobs: readonly ClaimedJob[], limit: number): Turn | undefined {
  if (jobs.length >= limit) {
    const served = new Set(jobs.map((job) => job.tenantId));
    const last = turns.findLast((turn) => served.has(turn.tenantId));
    return last && { tenantId: last.tenantId, lane: LAST_ID };
  }
  const tenants = new Set(turns.map((turn) => turn.tenantId)).size;
  return turns.length === LANES_PER_LOOK || tenants === TENANTS_PER_LOOK ? turns.at(-1) : undefined;
}

/** @returns true if everything was considered since a job was last found */
function goOn(circle: Circle, { jobs, next }: Look): boolean {
  const endedTwice = circle.wrapped && next === undefined;
  circle.place = next ?? START;
  if (jobs.length > 0) Object.assign(circle, { origin: circle.place, wrapped: false });
  else if (next === undefined) circle.wrapped = true;
  const seenAll = circle.wrapped && (endedTwice || orderOf(circle.place) >= orderOf(circle.origin));
  if (seenAll) Object.assign(circle, { origin: circle.place, wrapped: false });
  return seenAll;
}

const orderOf = ({ tenantId, lane }: Turn) => tenantId + lane;
const isFull = (ripened: readonly unknown[]) => ripened.length === RIPEN_AT_ONCE;

function busyWith({ busy = NOBODY }: ClaimLimits, jobs: readonly ClaimedJob[]): ReadonlyMap<string, number> {
  const all = new Map(busy);
  for (const { tenantId } of jobs) all.set(tenantId, (all.get(tenantId) ?? 0) + 1);
  return all;
}
