import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { ChatWatch } from '#libs/chats';
import { SECOND } from '#libs/kernel';
import { Rounds } from '#libs/process';
import { WebhookWatch } from '#libs/tenants';

const EVERY_MS = 30 * SECOND;

/** Checks the webhooks of all bots, and their rights in their chats. */
@Injectable()
export class WatchSweeper implements OnApplicationBootstrap {
  constructor(
    private readonly webhooks: WebhookWatch,
    private readonly chats: ChatWatch,
    private readonly rounds: Rounds,
  ) {}

  onApplicationBootstrap(): void {
    this.rounds.every(EVERY_MS, 'checks of webhooks', (stop) => this.webhooks.round(stop));
    this.rounds.every(EVERY_MS, 'checks of chats', (stop) => this.chats.round(stop));
  }
}
