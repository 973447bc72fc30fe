import { SECOND } from '#libs/kernel';
import type { MovableClock } from './clock.js';
import { ApiError } from './errors.js';
import type { Update } from './telegram-types.js';
import type { UpdateQueue } from './update-queue.js';

interface Waiting {
  answer(): void;
  refuse(reason: string): void;
}

/** getUpdates: at most one call waits per bot, and a newer one ends the older (Client.cpp). */
export class LongPoll {
  #waiting: Waiting | undefined;

  constructor(
    private readonly clock: MovableClock,
    private readonly queue: UpdateQueue,
  ) {}

  async take(offset: number, limit: number, timeoutSeconds: number): Promise<readonly Update[]> {
    this.interrupt('terminated by other getUpdates request; make sure that only one bot instance is running');
    this.queue.confirm(offset);
    if (this.queue.pending().length === 0 && timeoutSeconds > 0) await this.#arrival(timeoutSeconds);
    return this.queue
      .pending()
      .slice(0, limit)
      .map((item) => item.update);
  }

  /** Ends the waiting call, if any, with 409. */
  interrupt(reason: string): void {
    this.#waiting?.refuse(reason);
  }

  #arrival(timeoutSeconds: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const done = (): void => {
        this.#waiting = undefined;
        cancel();
        unsubscribe();
      };
      const waiting: Waiting = {
        answer: () => {
          done();
          resolve();
        },
        refuse: (reason) => {
          done();
          reject(new ApiError(409, `Conflict: ${reason}`));
        },
      };
      const cancel = this.clock.after(timeoutSeconds * SECOND, () => waiting.answer());
      const unsubscribe = this.queue.onArrival(() => waiting.answer());
      this.#waiting = waiting;
    });
  }
}
