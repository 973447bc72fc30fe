import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { Turns } from '#libs/kernel';
import { Stopping } from '#libs/process';
import { messageOf } from '#libs/runtime';

/** Concurrent work in one process, and the most that waits for a turn. */
const AT_ONCE = 2;
const LINE = 100;

/**
 * Does work that no answer waits for, so that the time of an answer does not tell what the work found. Failures are
 * logged, and work beyond a hundred in line is dropped: people can ask again. A stop waits for it.
 */
@Injectable()
export class Afterwards implements BeforeApplicationShutdown {
  private readonly log = new Logger('Afterwards');
  private readonly turns = new Turns(AT_ONCE, LINE);
  private readonly running = new Set<Promise<void>>();

  constructor(private readonly stopping: Stopping) {}

  /** @param what for the log */
  begin(what: string, work: () => Promise<void>): void {
    const running = this.turns
      .take(work, () => new Error('too much other work waits'))
      .catch((error: unknown) => this.log.error(`${what}: ${messageOf(error)}`))
      .finally(() => this.running.delete(running));
    this.running.add(running);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.stopping.waitFor(this.running);
  }
}
