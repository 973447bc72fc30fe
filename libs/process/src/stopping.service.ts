import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { SECOND } from '#libs/kernel';

/** Milliseconds from the beginning of a stop until work that is still under way is left to itself, all of it together. */
const STOP_WITHIN_MS = 20 * SECOND;

/**
 * The stop of this process. It begins once, for everybody at the same moment: loops begin nothing more, and what is under way has
 * 20 seconds in all, however many loops there are.
 */
@Injectable()
export class Stopping implements OnModuleDestroy {
  private readonly controller = new AbortController();
  private began = 0;

  /** Aborted when the stop begins. */
  readonly signal = this.controller.signal;

  /** When the stop began, in milliseconds since 1970; 0 before. */
  get since(): number {
    return this.began;
  }

  /** Nest calls this before it waits for anything. */
  onModuleDestroy(): void {
    this.begin();
  }

  /** Idempotent. */
  begin(): void {
    if (this.signal.aborted) return;
    this.began = Date.now();
    this.controller.abort();
  }

  /** Waits for work that is under way until the stop's time is over. It never throws. @returns whether all of it has ended */
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
