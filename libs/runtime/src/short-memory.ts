import { LRUCache } from 'lru-cache';

/**
 * A cache by text. What is as old as `lifetimeMs` is gone; beyond `most` values those go that nobody has asked for for longest.
 * @param lifetimeMs whole milliseconds
 * @param now the time by which values age
 */
export const memoryOf = <Value extends object>(lifetimeMs: number, most: number, now: () => Date) =>
  new LRUCache<string, Value>({
    max: most,
    // The library still gives what is exactly as old as this.
    ttl: lifetimeMs - 1,
    // It would look at the time only so often.
    ttlResolution: 0,
    perf: { now: () => now().getTime() },
  });

interface Reading<Value> {
  readonly begunAt: number;
  readonly value: Promise<Value | undefined>;
}

/**
 * Remembers what was read a moment ago, by the time at which reading began. Those who ask at the same time share one read. What was not
 * found and what failed is forgotten at once, so asking for what does not exist fills no memory.
 */
export class ShortMemory<Value> {
  private readonly readings: LRUCache<string, Reading<Value>>;

  constructor(
    private readonly lifetimeMs: number,
    most: number,
    private readonly now: () => Date,
  ) {
    this.readings = memoryOf(lifetimeMs, most, now);
  }

  /** @param youngerThan milliseconds: what was read longer ago is read anew */
  get(key: string, read: () => Promise<Value | undefined>, youngerThan = this.lifetimeMs): Promise<Value | undefined> {
    const now = this.now().getTime();
    const known = this.readings.get(key);
    if (known !== undefined && now - known.begunAt < youngerThan) return known.value;
    const reading = { begunAt: now, value: read() };
    this.readings.set(key, reading);
    const drop = () => {
      if (this.readings.peek(key) === reading) this.readings.delete(key);
    };
    void reading.value.then((value) => (value === undefined ? drop() : undefined), drop);
    return reading.value;
  }

  /** Forgets the keys that `matches` accepts; what is being read for them at this moment is not remembered. */
  forget(matches: (key: string) => boolean): void {
    const matching = [...this.readings.keys()].filter((key) => matches(key));
    for (const key of matching) this.readings.delete(key);
  }

  get size(): number {
    return this.readings.size;
  }
}
