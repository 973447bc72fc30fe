import { Logger } from '@nestjs/common';
import { SECOND } from '#libs/kernel';
import { failedRounds } from '#libs/metrics';
import { messageOf } from '#libs/runtime';

/** Polling interval in milliseconds when no bell rings. */
const POLL_MS = SECOND;
/** Pause in milliseconds after a database failure. */
const TROUBLE_MS = 3 * SECOND;

/**
 * Repeats a round of work: at once while there is more, otherwise when woken or after a second. A round that throws is
 * logged and repeated later; no round starts once the process stops.
 */
export class WorkLoop {
  private readonly log = new Logger('Worker');
  private woken = false;
  private wakeUp: (() => void) | undefined;
  private running: Promise<void> = Promise.resolve();

  /**
   * @param name for the log @param round does one round of work. @returns true to continue at once
   * @param spacing milliseconds from the beginning of a round to the next one at the earliest: work that becomes due in
   * between is gathered
   */
  constructor(
    private readonly name: string,
    private readonly round: () => Promise<boolean>,
    private readonly stop: AbortSignal,
    private readonly spacing: () => number = () => 0,
  ) {}

  start(): void {
    this.stop.addEventListener('abort', () => this.wake(), { once: true });
    this.running = this.run();
  }

  /** Resolves when the process stops and the current round has ended. */
  get ended(): Promise<void> {
    return this.running;
  }

  /** Starts a round at once, or right after the present one. */
  wake(): void {
    this.woken = true;
    this.wakeUp?.();
  }

  private async run(): Promise<void> {
    while (!this.stop.aborted) {
      this.woken = false;
      const began = performance.now();
      const idleMs = await this.once();
      if (idleMs > 0) await this.pause(idleMs);
      const early = began + this.spacing() - performance.now();
      if (early > 0 && !this.stop.aborted) await new Promise((resolve) => setTimeout(resolve, early));
    }
  }

  /** @returns milliseconds to wait before the next round */
  private async once(): Promise<number> {
    try {
      return (await this.round()) ? 0 : POLL_MS;
    } catch (error) {
      failedRounds.inc({ round: this.name });
      this.log.error(`${this.name}: ${messageOf(error)}`);
      return TROUBLE_MS;
    }
  }

  private pause(ms: number): Promise<void> {
    if (this.woken || this.stop.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.wakeUp = undefined;
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.wakeUp = done;
    });
  }
}
