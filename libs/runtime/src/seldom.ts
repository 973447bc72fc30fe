/** Limits how often a line is logged, for lines that strangers could trigger endlessly. */
export class Seldom {
  private quietUntil = Number.NEGATIVE_INFINITY;
  private reasons = 0;

  /** @param everyMs silence after a line, in milliseconds */
  constructor(private readonly everyMs: number) {}

  /** Logs an occurrence, or counts it. `say` gets the number of occurrences since the last line, including this one. */
  about(now: Date, say: (times: number) => void): void {
    this.reasons += 1;
    if (now.getTime() < this.quietUntil) return;
    this.quietUntil = now.getTime() + this.everyMs;
    const times = this.reasons;
    this.reasons = 0;
    say(times);
  }
}
