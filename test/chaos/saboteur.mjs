import { Dice, pause } from './random.mjs';

/** The weights of the faults. Each occurs once before any is drawn again by weight. */
const WEIGHTS = { platform: 3, ingress: 6, worker: 6, both_workers: 2, postgres: 2, redis: 2, flush: 2 };

/** After this long without a sale, all buyers are waiting for a dead worker's leases. */
const STANDSTILL_MS = 12_000;

/**
 * Kills processes at times that the seed distributes over the sales. When both workers are dead, the database's timestamps move back a
 * minute: no living process holds a lease then, so none is violated, and the run need not wait.
 */
export class Saboteur {
  done = {};

  constructor({ machines, seed, kills, sales, sold, tell }) {
    Object.assign(this, { machines, sold, tell });
    this.dice = new Dice(seed, 'saboteur');
    this.plan = this.#makePlan(kills, sales);
  }

  #makePlan(kills, sales) {
    const kinds = Object.keys(WEIGHTS);
    const weighted = kinds.flatMap((kind) => Array.from({ length: WEIGHTS[kind] }, () => kind));
    const deeds = Array.from({ length: kills }, (_, i) => (i < kinds.length ? kinds[i] : this.dice.pick(weighted)));
    return this.dice
      .shuffled(deeds)
      .map((fault, i) => ({ fault, at: Math.floor(((i + this.dice.fraction()) * sales * 0.98) / kills) }));
  }

  get kills() {
    return Object.values(this.done).reduce((sum, times) => sum + times, 0);
  }

  /** Runs until all planned faults have happened. */
  async work(isOver) {
    let last = { sold: 0, at: Date.now() };
    while (this.plan.length > 0 || !isOver()) {
      if (this.sold() > last.sold) last = { sold: this.sold(), at: Date.now() };
      if (Date.now() - last.at > STANDSTILL_MS) {
        await this.bothWorkers(60);
        last = { ...last, at: Date.now() };
      }
      if (this.plan[0] !== undefined && (this.plan[0].at <= this.sold() || isOver()))
        await this.do(this.plan.shift().fault);
      else await pause(20);
    }
  }

  async do(fault) {
    this.done[fault] = (this.done[fault] ?? 0) + 1;
    this.tell(fault);
    const { machines, dice } = this;
    if (fault === 'platform') await dice.pick(machines.platforms).kill();
    if (fault === 'ingress') await dice.pick(machines.ingresses).kill();
    if (fault === 'worker') await dice.pick(machines.workers).kill();
    if (fault === 'both_workers') await this.bothWorkers(60);
    if (fault === 'postgres') await machines.restartPostgres();
    if (fault === 'redis') await machines.redis.kill();
    if (fault === 'flush') await machines.flushRedis();
  }

  /** @param {number} seconds the time to skip while both are dead */
  async bothWorkers(seconds) {
    const { workers, database } = this.machines;
    await Promise.all(workers.map((worker) => worker.kill({ hold: true })));
    // Statements that the dead workers sent to PostgreSQL may still be running.
    await pause(150);
    for (const table of ['inbox', 'jobs']) {
      const moved = database.query(
        `update ${table} set lease_until = lease_until - make_interval(secs => $1), due_at = due_at - make_interval(secs => $1)
         where state = 'waiting'`,
        [seconds],
      );
      // The database may be unavailable because of a fault; then leases expire by themselves.
      await moved.catch(() => undefined);
    }
    for (const worker of workers) worker.release();
  }
}

/** Returns faults of the simulator. Updates are lost only in runs that test their recovery. */
export function telegramFaults(seed, lose) {
  const call = (action, probability, seconds) => ({ at: 'call', action, probability, ...(seconds && { seconds }) });
  return {
    seed,
    rules: [
      call('error429', 0.008, 1),
      call('error500', 0.008),
      call('timeout', 0.004, 2),
      call('drop_answer', 0.01),
      call('delay', 0.01, 1),
      { at: 'queue', action: 'duplicate', probability: 0.04 },
      { at: 'queue', action: 'delay', probability: 0.02, seconds: 1 },
      { at: 'queue', action: 'reorder', probability: 0.02, seconds: 1 },
      ...(lose ? [{ at: 'queue', action: 'lose', name: 'message', probability: 0.02 }] : []),
      { at: 'delivery', action: 'timeout', probability: 0.01 },
      { at: 'delivery', action: 'drop_answer', probability: 0.02 },
      { at: 'delivery', action: 'delay', probability: 0.01, seconds: 0.5 },
    ],
  };
}
