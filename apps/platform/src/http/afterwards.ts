import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { Turns } from '#libs/kernel';
import { Stopping } from '#libs/process';
import { messageOf } from '#libs/runtime';

/** Limits of one process: concurrent tasks, and tasks waiting for a turn. */
const AT_ONCE = 2;
const LINE = 100;

/**
 * Runs work that no response waits for, so that the response time does not reveal what the work found. Failures are
 * logged. Beyond a hundred waiting tasks, new ones are dropped: people can ask again. A shutdown waits for running
 * work.
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
      .take(work, () => new Error('too many other tasks are waiting'))
      .catch((error: unknown) => this.log.error(`${what}: ${messageOf(error)}`))
      .finally(() => this.running.delete(running));
    this.running.add(running);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.stopping.waitFor(this.running);
  }
}
