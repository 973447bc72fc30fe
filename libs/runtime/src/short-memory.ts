import { LRUCache } from 'lru-cache';

/**
 * A cache by text key. Values expire after `lifetimeMs`; beyond `most` values the least recently used one is dropped.
 * @param lifetimeMs whole milliseconds
 * @param now the clock by which values age
 */
export const memoryOf = <Value extends object>(lifetimeMs: number, most: number, now: () => Date) =>
  new LRUCache<string, Value>({
    max: most,
    // The library still returns entries of exactly this age.
    ttl: lifetimeMs - 1,
    // By default it checks the time only occasionally.
    ttlResolution: 0,
    perf: { now: () => now().getTime() },
  });

interface Reading<Value> {
  readonly begunAt: number;
  readonly value: Promise<Value | undefined>;
}

/** Lets values that are too old stay valid while they cannot be read again. */
export interface Grace {
  /** Milliseconds for which a value is kept. */
  readonly keptMs: number;
  /** Tells whether the last value is better than this failure. */
  readonly covers: (failure: unknown) => boolean;
}

/**
 * Caches values for a short time, counted from the start of their read. Concurrent callers share one read. Missing
 * values and failures are not cached, so requests for things that do not exist use no memory.
 */
export class ShortMemory<Value> {
  private readonly readings: LRUCache<string, Reading<Value>>;

  constructor(
    private readonly lifetimeMs: number,
    most: number,
    private readonly now: () => Date,
    private readonly grace?: Grace,
  ) {
    this.readings = memoryOf(grace?.keptMs ?? lifetimeMs, most, now);
  }

  /** @param youngerThan milliseconds: an older value is read again */
  get(key: string, read: () => Promise<Value | undefined>, youngerThan = this.lifetimeMs): Promise<Value | undefined> {
    const now = this.now().getTime();
    const known = this.readings.get(key);
    if (known !== undefined && now - known.begunAt < youngerThan) return known.value;
    const reading = { begunAt: now, value: known === undefined ? read() : this.renew(known, read) };
    this.readings.set(key, reading);
    const drop = () => {
      if (this.readings.peek(key) === reading) this.readings.delete(key);
    };
    void reading.value.then((value) => (value === undefined ? drop() : undefined), drop);
    return reading.value;
  }

  private async renew(known: Reading<Value>, read: () => Promise<Value | undefined>): Promise<Value | undefined> {
    try {
      return await read();
    } catch (error) {
      if (this.grace?.covers(error) !== true) throw error;
      return known.value;
    }
  }

  has(key: string): boolean {
    return this.readings.has(key);
  }

  /** Forgets the keys that `matches` accepts; reads of them that are in progress are not cached. */
  forget(matches: (key: string) => boolean): void {
    const matching = [...this.readings.keys()].filter((key) => matches(key));
    for (const key of matching) this.readings.delete(key);
  }

  get size(): number {
    return this.readings.size;
  }
}
