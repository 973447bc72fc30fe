/** Limits the number of concurrent tasks; further ones wait in line. */
export class Turns {
  private running = 0;
  private readonly waiting: Array<() => void> = [];

  /**
   * @param atOnce number of concurrent tasks
   * @param line number of tasks that may wait; further ones are refused
   */
  constructor(
    private readonly atOnce: number,
    private readonly line: number,
  ) {}

  /** True when no task is running, so none is waiting either. */
  get idle(): boolean {
    return this.running === 0;
  }

  /**
   * Waits for a place. @returns a function that releases it; call it once @throws the error made by `full` when the
   * line is full
   */
  async enter(full: () => Error): Promise<() => void> {
    if (this.running >= this.atOnce) {
      if (this.waiting.length >= this.line) throw full();
      // A finished task passes its place on, so `running` does not change here.
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

  /** Runs `work` when it is its turn. @throws the error made by `full` when the line is full */
  async take<T>(work: () => Promise<T>, full: () => Error): Promise<T> {
    const leave = await this.enter(full);
    try {
      return await work();
    } finally {
      leave();
    }
  }
}
