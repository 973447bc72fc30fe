interface Entry<Value> {
  readonly readAt: number;
  readonly value: Promise<Value | undefined>;
}

/**
 * Remembers what was read a moment ago. Those who ask at the same time share one read. What was not found and what failed is
 * forgotten at once, so asking for what does not exist fills no memory; beyond `most` entries the oldest go.
 */
export class ShortMemory<Value> {
  private readonly entries = new Map<string, Entry<Value>>();

  constructor(
    private readonly lifetimeMs: number,
    private readonly most: number,
  ) {}

  /**
   * @param now in milliseconds
   * @param youngerThan milliseconds: what was read longer ago is read anew
   */
  get(key: string, now: number, read: () => Promise<Value | undefined>, youngerThan = this.lifetimeMs) {
    const known = this.entries.get(key);
    if (known !== undefined && now - known.readAt < youngerThan) return known.value;
    const entry: Entry<Value> = { readAt: now, value: read() };
    this.entries.delete(key);
    this.entries.set(key, entry);
    this.trim(now);
    const drop = () => {
      if (this.entries.get(key) === entry) this.entries.delete(key);
    };
    void entry.value.then((value) => (value === undefined ? drop() : undefined), drop);
    return entry.value;
  }

  /** Forgets the keys that `matches` accepts, those that are being read at this moment among them. */
  forget(matches: (key: string) => boolean): void {
    for (const key of this.entries.keys()) if (matches(key)) this.entries.delete(key);
  }

  get size(): number {
    return this.entries.size;
  }

  private trim(now: number): void {
    for (const [key, { readAt }] of this.entries) {
      if (this.entries.size <= this.most && now - readAt < this.lifetimeMs) return;
      this.entries.delete(key);
    }
  }
}
