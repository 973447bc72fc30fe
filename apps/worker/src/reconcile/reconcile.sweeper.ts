import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Database } from '#libs/database';
import { type Clock, MINUTE } from '#libs/kernel';
import { Rounds } from '#libs/process';
import { CLOCK, CONFIG, type Config } from '#libs/runtime';
import { ReconciliationService } from '#libs/sales';

const EVERY_MS = MINUTE;

/**
 * Schedules the next reconciliation of every working bot that has none: new ones, and those whose token works again.
 */
@Injectable()
export class ReconcileSweeper implements OnApplicationBootstrap {
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
    return this.db.inPlatform('plan reconciliations of bots without one', (tx) =>
      this.reconciliations.sweep(tx, this.clock.now()),
    );
  }
}
