import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { SECOND } from '#libs/kernel';
import { WebhookWatch } from '#libs/operations';
import { redact } from '#libs/runtime';

const EVERY_MS = 30 * SECOND;

/** Keeps an eye on the webhooks of all bots. */
@Injectable()
export class WebhookWatchSweeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('Webhook watch');
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;

  constructor(private readonly watch: WebhookWatch) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.running ??= this.round();
    }, EVERY_MS).unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  private async round(): Promise<void> {
    try {
      await this.watch.round();
    } catch (error) {
      this.log.warn(redact(error instanceof Error ? error.message : String(error)));
    } finally {
      this.running = undefined;
    }
  }
}
