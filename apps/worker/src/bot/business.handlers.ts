import { Inject, Injectable } from '@nestjs/common';
import type { Composer } from 'grammy';
import type { Clock } from '#libs/kernel';
import { CLOCK } from '#libs/runtime';
import { BusinessConnections } from '#libs/spending';
import type { ShopContext } from './scope.js';

/** Business accounts that connect a bot, change its rights, or disconnect it. */
@Injectable()
export class BusinessHandlers {
  constructor(
    private readonly connections: BusinessConnections,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  register(bot: Composer<ShopContext>): void {
    bot.on('business_connection', async ({ scope, businessConnection }) => {
      await scope.settle(async (tx) => ({
        result: await this.connections.record(tx, scope.bot.botId, businessConnection, this.clock.now()),
      }));
    });
  }
}
