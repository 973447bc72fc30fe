import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Database } from '#libs/database';
import { type Clock, MINUTE, SECOND } from '#libs/kernel';
import { CLOCK } from '#libs/runtime';
import { Rounds } from './rounds.service.js';

const LOOK_EVERY_MS = MINUTE;
/** Milliseconds of difference that cause a warning. Orders, leases and links expire by one clock or the other. */
const WARN_FROM_MS = 5 * SECOND;

/** Compares this process's clock with the database's, at start-up and once a minute. */
@Injectable()
export class ClockWatch implements OnApplicationBootstrap {
  private readonly log = new Logger('Clock');
  private ahead = 0;

  constructor(
    private readonly db: Database,
    private readonly rounds: Rounds,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Milliseconds by which this process was ahead of the database at the last comparison; negative if behind. */
  get aheadMs(): number {
    return this.ahead;
  }

  get warning(): string | undefined {
    if (Math.abs(this.ahead) <= WARN_FROM_MS) return undefined;
    const [by, how] = [Math.round(Math.abs(this.ahead) / SECOND), this.ahead > 0 ? 'ahead of' : 'behind'];
    return (
      `The clock of this process is ${by} s ${how} the database's. Orders, links and codes expire at the wrong time. ` +
      'Synchronise both machines (chrony or systemd-timesyncd).'
    );
  }

  onApplicationBootstrap(): void {
    this.rounds.every(LOOK_EVERY_MS, 'a comparison of the clocks', () => this.look(), 'now');
  }

  async look(): Promise<void> {
    const before = this.clock.now().getTime();
    const [row] = await this.db.inPlatform('compare the clocks', (tx) =>
      tx.query<{ now: Date }>('select clock_timestamp() as now'),
    );
    const after = this.clock.now().getTime();
    if (row === undefined) return;
    this.ahead = Math.round((before + after) / 2 - row.now.getTime());
    if (this.warning !== undefined) this.log.warn(this.warning);
  }
}
