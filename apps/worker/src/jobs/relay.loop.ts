import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { RELAY_BATCH, RelayService } from '#libs/delivery';
import { Doorbell } from '#libs/journal';
import { Stopping } from '#libs/process';
import { lateRefunds } from '#libs/sales';
import { WorkLoop } from './work-loop.js';

/** Milliseconds between two rounds, so that a busy shop's events are relayed together. */
const SPACING_MS = 50;

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
    const round = async () => (await relay.relayOnce(lateRefunds)) === RELAY_BATCH;
    this.loop = new WorkLoop('relay', round, stopping.signal, () => SPACING_MS);
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
