import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { SECOND } from '#libs/kernel';

/** Milliseconds from the start of a stop until all work still in progress is abandoned. */
const STOP_WITHIN_MS = 20 * SECOND;

/**
 * The stop of this process. It starts once, for all loops at the same time: they start no more work, and work in
 * progress has 20 seconds in total, however many loops there are.
 */
@Injectable()
export class Stopping implements OnModuleDestroy {
  private readonly controller = new AbortController();
  private began = 0;

  /** Aborted when the stop starts. */
  readonly signal = this.controller.signal;

  /** Start of the stop in milliseconds since 1970; 0 before. */
  get since(): number {
    return this.began;
  }

  /** Marks the process as stopping. Nest calls this before it waits for anything. */
  onModuleDestroy(): void {
    this.begin();
  }

  /** Idempotent. */
  begin(): void {
    if (this.signal.aborted) return;
    this.began = Date.now();
    this.controller.abort();
  }

  /** Waits for work in progress until the stop's time is up. Never throws. @returns true if all of it has ended */
  async waitFor(work: Iterable<Promise<unknown>>): Promise<boolean> {
    this.begin();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<boolean>((resolve) => {
      timer = setTimeout(resolve, Math.max(0, this.began + STOP_WITHIN_MS - Date.now()), false);
    });
    const ended = Promise.allSettled(work).then(() => true);
    return Promise.race([ended, late]).finally(() => clearTimeout(timer));
  }
}
