import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { RelayService } from '#libs/delivery';
import { Doorbell } from '#libs/journal';
import { Stopping } from '#libs/process';
import { lateRefunds } from '#libs/sales';
import { WorkLoop } from './work-loop.js';

/** Relays events for the lifetime of the process. Several may run concurrently. */
@Injectable()
export class RelayLoop implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly loop: WorkLoop;
  private unlisten: (() => void) | undefined;

  constructor(
    relay: RelayService,
    private readonly bell: Doorbell,
    private readonly stopping: Stopping,
  ) {
    this.loop = new WorkLoop('relay', async () => (await relay.relayOnce(lateRefunds)) > 0, stopping.signal);
  }

  onApplicationBootstrap(): void {
    this.unlisten = this.bell.listen('relay', () => this.loop.wake());
    this.loop.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.unlisten?.();
    await this.stopping.waitFor([this.loop.ended]);
  }
}
