import { Inject, Injectable } from '@nestjs/common';
import type { Composer } from 'grammy';
import type { PaidMediaPurchased, Update } from 'grammy/types';
import type { Clock } from '#libs/kernel';
import { CLOCK } from '#libs/runtime';
import { BuyerService, MediaSales } from '#libs/sales';
import type { ChatScope, ShopContext } from './scope.js';

type Books = Pick<ChatScope, 'update' | 'settle'>;

/** Telegram's report that someone has paid for photos and videos that it unlocks for Stars. */
@Injectable()
export class PaidMediaHandlers {
  constructor(
    private readonly media: MediaSales,
    private readonly buyers: BuyerService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  register(bot: Composer<ShopContext>): void {
    bot.on('purchased_paid_media', (ctx) => this.record(ctx.scope, ctx.update.purchased_paid_media));
  }

  /** Handles the update of a bot that was removed in the meantime. */
  async withoutBot(scope: Books): Promise<void> {
    const { purchased_paid_media: purchase } = scope.update.body as Pick<Update, 'purchased_paid_media'>;
    if (purchase !== undefined) await this.record(scope, purchase);
  }

  private async record({ update, settle }: Books, purchase: PaidMediaPurchased): Promise<void> {
    const { from, paid_media_payload: payload } = purchase;
    const unlocked = { botId: update.botId, buyerId: from.id, payload };
    await settle(async (tx) => {
      await this.buyers.introduce(tx, update.botId, from);
      return { result: undefined, orderId: await this.media.report(tx, unlocked, this.clock.now()) };
    });
  }
}
