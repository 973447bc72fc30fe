/** Lets a few work at a time; whoever comes later waits in line. */
export class Turns {
  private running = 0;
  private readonly waiting: Array<() => void> = [];

  /**
   * @param atOnce how many work at the same time
   * @param line how many may wait; beyond that nobody is let in
   */
  constructor(
    private readonly atOnce: number,
    private readonly line: number,
  ) {}

  /** Whether nobody works, and so nobody waits. */
  get idle(): boolean {
    return this.running === 0;
  }

  /**
   * Waits for a place.
   * @returns gives the place back; to be called once
   * @throws what `full` makes, when too many wait already
   */
  async enter(full: () => Error): Promise<() => void> {
    if (this.running >= this.atOnce) {
      if (this.waiting.length >= this.line) throw full();
      // Whoever finishes hands its place on, so `running` does not change here.
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    } else {
      this.running += 1;
    }
    return () => {
      const next = this.waiting.shift();
      if (next === undefined) this.running -= 1;
      else next();
    };
  }

  /** Does `work` when it is its turn. @throws what `full` makes, when too many wait already */
  async take<T>(work: () => Promise<T>, full: () => Error): Promise<T> {
    const leave = await this.enter(full);
    try {
      return await work();
    } finally {
      leave();
    }
  }
}
