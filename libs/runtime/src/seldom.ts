/** Limits how often something is said: for log lines that strangers could cause without end. */
export class Seldom {
  private quietUntil = Number.NEGATIVE_INFINITY;
  private reasons = 0;

  /** @param everyMs silence after a line, in milliseconds */
  constructor(private readonly everyMs: number) {}

  /** Says it, or counts it. `say` gets the number of occurrences since the last line, this one included. */
  about(now: Date, say: (times: number) => void): void {
    this.reasons += 1;
    if (now.getTime() < this.quietUntil) return;
    this.quietUntil = now.getTime() + this.everyMs;
    const times = this.reasons;
    this.reasons = 0;
    say(times);
  }
}
