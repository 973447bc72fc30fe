import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Database } from '#libs/database';
import { type Clock, MINUTE } from '#libs/kernel';
import { CLOCK, CONFIG, type Config, redact } from '#libs/runtime';
import { ReconciliationService } from '#libs/sales';

const EVERY_MS = MINUTE;

/**
 * Schedules the next reconciliation of every working bot that has none: new ones, and those whose token works again.
 */
@Injectable()
export class ReconcileSweeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('Reconciliation');
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly db: Database,
    private readonly reconciliations: ReconciliationService,
    @Inject(CONFIG) private readonly config: Pick<Config, 'reconcile'>,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.config.reconcile) return;
    this.begin();
    this.timer = setInterval(() => this.begin(), EVERY_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  private begin(): void {
    this.running = this.running.then(() => this.sweep());
  }

  private async sweep(): Promise<void> {
    try {
      await this.db.inPlatform('plan reconciliations of bots without one', (tx) =>
        this.reconciliations.sweep(tx, this.clock.now()),
      );
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.log.warn(redact(`reconciliations could not be scheduled: ${why}`));
    }
  }
}
