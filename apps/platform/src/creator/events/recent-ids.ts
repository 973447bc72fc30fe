/** Remembers ids for a short time. */
export class RecentIds {
  private readonly seen = new Map<string, number>();

  /** @param lifetimeMs milliseconds for which an id is remembered */
  constructor(private readonly lifetimeMs: number) {}

  /** @returns false if the id is known already */
  add(id: string, now: number): boolean {
    if (this.seen.has(id)) return false;
    this.seen.set(id, now);
    return true;
  }

  /** Forgets ids that are older than the lifetime. */
  forget(now: number): void {
    for (const [id, at] of this.seen) {
      if (at > now - this.lifetimeMs) return;
      this.seen.delete(id);
    }
  }

  list(): string[] {
    return [...this.seen.keys()];
  }
}
