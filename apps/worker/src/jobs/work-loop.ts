import { Logger } from '@nestjs/common';
import { SECOND } from '#libs/kernel';
import { redact } from '#libs/runtime';

/** Polling interval in milliseconds when no bell rings. */
const POLL_MS = SECOND;
/** Pause in milliseconds after a database failure. */
const TROUBLE_MS = 3 * SECOND;

/**
 * Repeats a round of work: at once while there is more, otherwise when woken or after a second. A round that throws is
 * logged and repeated later; the loop ends only by {@link stop}.
 */
export class WorkLoop {
  private readonly log = new Logger('Worker');
  private stopping = false;
  private woken = false;
  private wakeUp: (() => void) | undefined;
  private running: Promise<void> = Promise.resolve();

  /** @param name for the log @param round works on what it finds. @returns true to continue at once */
  constructor(
    private readonly name: string,
    private readonly round: () => Promise<boolean>,
  ) {}

  start(): void {
    this.running = this.run();
  }

  /** Starts a round at once, or right after the present one. */
  wake(): void {
    this.woken = true;
    this.wakeUp?.();
  }

  /** Starts no further round. Resolves when the present one has ended. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.wake();
    await this.running;
  }

  private async run(): Promise<void> {
    while (!this.stopping) {
      this.woken = false;
      const idleMs = await this.once();
      if (idleMs > 0) await this.pause(idleMs);
    }
  }

  /** @returns milliseconds to wait before the next round */
  private async once(): Promise<number> {
    try {
      return (await this.round()) ? 0 : POLL_MS;
    } catch (error) {
      this.log.error(`${this.name}: ${redact(error instanceof Error ? error.message : String(error))}`);
      return TROUBLE_MS;
    }
  }

  private pause(ms: number): Promise<void> {
    if (this.woken || this.stopping) return Promise.resolve();
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

/** Waits for all of the work, but no longer than this. */
export async function endWithin(ms: number, work: Iterable<Promise<void>>): Promise<void> {
  const grace = new AbortController();
  const late = new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    grace.signal.addEventListener('abort', () => clearTimeout(timer));
  });
  await Promise.race([Promise.all(work), late]);
  grace.abort();
}
