import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { ChatWatch } from '#libs/chats';
import { SECOND } from '#libs/kernel';
import { redact } from '#libs/runtime';
import { WebhookWatch } from '#libs/tenants';

const EVERY_MS = 30 * SECOND;

/** Checks the webhooks of all bots, and their rights in their chats. */
@Injectable()
export class WatchSweeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('Watch');
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;

  constructor(
    private readonly webhooks: WebhookWatch,
    private readonly chats: ChatWatch,
  ) {}

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
    for (const watch of [this.webhooks, this.chats]) {
      try {
        await watch.round();
      } catch (error) {
        this.log.warn(redact(error instanceof Error ? error.message : String(error)));
      }
    }
    this.running = undefined;
  }
}
