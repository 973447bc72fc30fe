/** Remembers values for a time, and at most so many of them: beyond that the oldest go. */
export class KeyMemory<Value> {
  private readonly entries = new Map<string, { readonly at: number; readonly value: Value }>();

  constructor(
    private readonly lifetimeMs: number,
    private readonly most: number,
  ) {}

  /** @param now in milliseconds */
  get(key: string, now: number): Value | undefined {
    const entry = this.entries.get(key);
    if (entry === undefined) return undefined;
    if (now - entry.at < this.lifetimeMs) return entry.value;
    this.entries.delete(key);
    return undefined;
  }

  set(key: string, value: Value, now: number): void {
    this.entries.delete(key);
    this.entries.set(key, { at: now, value });
    for (const oldest of this.entries.keys()) {
      if (this.entries.size <= this.most) return;
      this.entries.delete(oldest);
    }
  }

  get size(): number {
    return this.entries.size;
  }
}
