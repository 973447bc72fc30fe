import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { failedRounds } from '#libs/metrics';
import { messageOf } from '#libs/runtime';
import { Stopping } from './stopping.service.js';

/** One round of work. It checks the signal between items, and starts no further item when the process stops. */
export type Round = (stop: AbortSignal) => Promise<unknown>;

/** Runs work periodically until the process stops. A stop waits for work in progress: see {@link Stopping}. */
@Injectable()
export class Rounds implements BeforeApplicationShutdown {
  private readonly log = new Logger('Rounds');
  private readonly timers: NodeJS.Timeout[] = [];
  private readonly running = new Map<string, Promise<void>>();

  constructor(private readonly stopping: Stopping) {}

  /**
   * Repeats a round of work every `ms` milliseconds. Rounds never overlap, even if one takes longer than that. A round
   * that throws is logged, and the next one still starts.
   * @param name for the log, and unique in the process
   * @param begins `now`: the first round begins at once; otherwise after `ms`
   */
  every(ms: number, name: string, round: Round, begins: 'now' | 'later' = 'later'): void {
    const { signal } = this.stopping;
    const run = async () => {
      try {
        await round(signal);
      } catch (error) {
        failedRounds.inc({ round: name });
        this.log.error(`${name}: ${messageOf(error)}`);
      } finally {
        this.running.delete(name);
      }
    };
    const begin = () => {
      if (!signal.aborted && !this.running.has(name)) this.running.set(name, run());
    };
    if (begins === 'now') begin();
    this.timers.push(setInterval(begin, ms).unref());
  }

  async beforeApplicationShutdown(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer);
    if (await this.stopping.waitFor(this.running.values())) return;
    this.log.warn(
      `These rounds did not end in time and are left to another process: ${[...this.running.keys()].join(', ')}.`,
    );
  }
}
