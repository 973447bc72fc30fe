import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Database } from '#libs/database';
import { type Clock, HOUR, MINUTE } from '#libs/kernel';
import { Rounds } from '#libs/process';
import { CLOCK, CONFIG, type Config } from '#libs/runtime';
import { ReconciliationService } from '#libs/sales';

const EVERY_MS = MINUTE;
/**
 * New bots are found by the time of their last change; all bots are scanned at the start and this often (milliseconds).
 */
const CHANGED_WITHIN_MS = 10 * MINUTE;
const ALL_EVERY_MS = HOUR;

/**
 * Schedules the next reconciliation of every working bot that has none: new ones, and those whose token works again.
 */
@Injectable()
export class ReconcileSweeper implements OnApplicationBootstrap {
  private allSeenAt = 0;

  constructor(
    private readonly db: Database,
    private readonly reconciliations: ReconciliationService,
    private readonly rounds: Rounds,
    @Inject(CONFIG) private readonly config: Pick<Config, 'reconcile'>,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.config.reconcile) return;
    this.rounds.every(EVERY_MS, 'plans of reconciliations', () => this.sweep(), 'now');
  }

  private sweep(): Promise<number> {
    const now = this.clock.now();
    const all = now.getTime() - this.allSeenAt >= ALL_EVERY_MS;
    if (all) this.allSeenAt = now.getTime();
    const changedSince = all ? undefined : new Date(now.getTime() - CHANGED_WITHIN_MS);
    return this.db.inPlatform('plan reconciliations of bots without one', (tx) =>
      this.reconciliations.sweep(tx, now, changedSince),
    );
  }
}
