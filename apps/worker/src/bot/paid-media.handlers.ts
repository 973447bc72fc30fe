import { Inject, Injectable, Logger } from '@nestjs/common';
import type { Composer } from 'grammy';
import type { PaidMediaPurchased, Update } from 'grammy/types';
import { MediaSender } from '#libs/delivery';
import { Doorbell } from '#libs/journal';
import { type Clock, publicId } from '#libs/kernel';
import { CLOCK } from '#libs/runtime';
import { BuyerService, MediaSales, type Placed } from '#libs/sales';
import { judge, TelegramRefused } from '#libs/telegram';
import type { ChatScope, ShopContext } from './scope.js';

type Books = Pick<ChatScope, 'update' | 'settle'>;

/** Photos and videos that Telegram unlocks for Stars: how they come into the chat, and what Telegram says when they are paid. */
@Injectable()
export class PaidMediaHandlers {
  private readonly log = new Logger('PaidMedia');

  constructor(
    private readonly media: MediaSales,
    private readonly buyers: BuyerService,
    private readonly sender: MediaSender,
    private readonly doorbell: Doorbell,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  register(bot: Composer<ShopContext>): void {
    bot.on('purchased_paid_media', (ctx) => this.record(ctx.scope, ctx.update.purchased_paid_media));
  }

  /** For a bot that was removed before its updates were worked on. */
  async withoutBot(scope: Books): Promise<void> {
    const { purchased_paid_media: purchase } = scope.update.body as Pick<Update, 'purchased_paid_media'>;
    if (purchase !== undefined) await this.record(scope, purchase);
  }

  /** Shows the media of an order, locked. What Telegram will not show is told to the buyer, and noted for the creator. */
  async offer(ctx: ShopContext, buyerId: number, { order, product }: Placed): Promise<void> {
    const words = ctx.words.about(product.id);
    const { title, description } = product;
    try {
      await this.sender.sendLocked(ctx.scope.bot, product, {
        chatId: buyerId,
        stars: order.stars,
        payload: publicId('order', order.id),
        caption: words.say('media.caption', { title, description }),
      });
    } catch (error) {
      if (!(error instanceof TelegramRefused) || judge(error).kind !== 'refused') throw error;
      this.log.warn(`${publicId('product', product.id)}: ${error.message}`);
      const why = `Telegram would not show it: ${error.description}`;
      await ctx.scope.inTenant((tx) => this.media.notShown(tx, order, why, this.clock.now()));
      await ctx.reply(words.say('media.unavailable', { title }));
    }
  }

  private async record({ update, settle }: Books, purchase: PaidMediaPurchased): Promise<void> {
    const { from, paid_media_payload: payload } = purchase;
    const unlocked = { botId: update.botId, buyerId: from.id, payload };
    await settle(async (tx) => {
      await this.buyers.introduce(tx, update.botId, from);
      return { result: undefined, orderId: await this.media.report(tx, unlocked, this.clock.now()) };
    });
    this.doorbell.ring('relay');
    this.doorbell.ring('books');
  }
}
