import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import {
  Database,
  dropPartition,
  forgetUnpartitioned,
  makePartition,
  PARTITIONS_AHEAD_DAYS,
  type PlatformTx,
} from '#libs/database';
import { type Clock, DAY, HOUR } from '#libs/kernel';
import { Rounds } from '#libs/process';
import { CLOCK } from '#libs/runtime';

/**
 * A partition is dropped this long after the end of its period, so events and their deliveries are kept for at least 90
 * days.
 */
const KEEP_EVENTS_MS = 91 * DAY;
const EVERY_MS = HOUR;

/** Creates the partitions of events and their deliveries in advance, and drops them when their retention ends. */
@Injectable()
export class PartitionSweeper implements OnApplicationBootstrap {
  private readonly log = new Logger('Partitions');

  constructor(
    private readonly db: Database,
    private readonly rounds: Rounds,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    this.rounds.every(EVERY_MS, 'partitions', (stop) => this.sweep(stop), 'now');
  }

  /** Any number of processes may run it concurrently. @returns the names of the partitions created and dropped */
  async sweep(stop?: AbortSignal): Promise<{ readonly made: string[]; readonly dropped: string[] }> {
    const now = this.clock.now().getTime();
    const before = new Date(now - KEEP_EVENTS_MS);
    const made = await this.each('make', makePartition, new Date(now + PARTITIONS_AHEAD_DAYS * DAY), stop);
    const dropped = await this.each('drop', dropPartition, before, stop);
    await this.db.inPlatform('delete old events with odd ids', (tx) => forgetUnpartitioned(tx, before));
    return { made, dropped };
  }

  private async each(
    verb: string,
    step: (tx: PlatformTx, time: Date) => Promise<string | undefined>,
    time: Date,
    stop?: AbortSignal,
  ): Promise<string[]> {
    const names: string[] = [];
    while (!stop?.aborted) {
      const name = await this.db.inPlatform(`${verb} partitions`, (tx) => step(tx, time));
      if (name === undefined) break;
      names.push(name);
      this.log.log(`${verb} ${name}`);
    }
    return names;
  }
}
