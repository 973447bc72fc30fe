import { type Clock, systemClock } from '#libs/kernel';

interface Timer {
  readonly due: number;
  readonly run: () => void;
}

/** Cancels a timer; harmless when it has already run. */
export type Cancel = () => void;

// setTimeout takes at most 2^31-1 ms, so a longer timer is armed again until it is due.
const LONGEST_TIMEOUT = 2 ** 31 - 1;

/**
 * The world's time: real time plus the amount by which it was moved. Deadlines, expiries and dates all use it, so a
 * test can skip a wait of ten seconds.
 */
export class MovableClock implements Clock {
  #offset = 0;
  #wake: NodeJS.Timeout | undefined;
  readonly #timers = new Set<Timer>();

  constructor(private readonly base: Clock = systemClock) {}

  now(): Date {
    return new Date(this.millis());
  }

  millis(): number {
    return this.base.now().getTime() + this.#offset;
  }

  /** Milliseconds by which this time is ahead of real time. */
  get offset(): number {
    return this.#offset;
  }

  /** Unix time in whole seconds, as the Bot API writes dates. */
  seconds(): number {
    return Math.floor(this.millis() / 1_000);
  }

  /** Calls `run` once, after `ms` of this clock's time. */
  after(ms: number, run: () => void): Cancel {
    const timer: Timer = { due: this.millis() + ms, run };
    this.#timers.add(timer);
    this.#arm();
    return () => {
      if (this.#timers.delete(timer)) this.#arm();
    };
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.after(ms, resolve));
  }

  /** Moves time forward, running each timer on the way in the order in which they are due. */
  advance(ms: number): void {
    if (!(ms >= 0)) throw new RangeError('time only moves forward');
    const target = this.millis() + ms;
    for (let next = this.#next(); next !== undefined && next.due <= target; next = this.#next()) {
      this.#offset += Math.max(0, next.due - this.millis());
      this.#fire(next);
    }
    this.#offset += Math.max(0, target - this.millis());
    this.#arm();
  }

  /** Cancels all timers: nothing that waits on this clock continues. */
  stop(): void {
    this.#timers.clear();
    clearTimeout(this.#wake);
  }

  #next(): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers) if (next === undefined || timer.due < next.due) next = timer;
    return next;
  }

  #arm(): void {
    clearTimeout(this.#wake);
    const next = this.#next();
    if (next === undefined) return;
    const wait = Math.min(Math.max(0, next.due - this.millis()), LONGEST_TIMEOUT);
    // A deadline alone does not keep the process alive; the listening server does.
    this.#wake = setTimeout(() => this.#fireDue(), wait).unref();
  }

  #fireDue(): void {
    for (let next = this.#next(); next !== undefined && next.due <= this.millis(); next = this.#next())
      this.#fire(next);
    this.#arm();
  }

  #fire(timer: Timer): void {
    this.#timers.delete(timer);
    timer.run();
  }
}
