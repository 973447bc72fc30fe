import { Inject, Injectable, Logger } from '@nestjs/common';
import { isUnasked } from '#libs/catalog';
import { MediaSender } from '#libs/delivery';
import { type Clock, publicId } from '#libs/kernel';
import { CLOCK } from '#libs/runtime';
import { CheckoutService, type Placed } from '#libs/sales';
import { judge, TelegramRefused } from '#libs/telegram';
import { sendInvoice } from './invoice.js';
import type { ShopContext } from './scope.js';

/** Sends a placed order to the buyer's chat, to be paid there. */
@Injectable()
export class Offers {
  private readonly log = new Logger('Offers');

  constructor(
    private readonly checkout: CheckoutService,
    private readonly sender: MediaSender,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Sends the invoice, or the locked paid media. If Telegram refuses, for example because of the price, the buyer is
   * told and the order records it for the creator: another attempt would be refused again.
   */
  async send(ctx: ShopContext, buyerId: number, placed: Placed): Promise<void> {
    const { order, product } = placed;
    const isMedia = isUnasked(product.kind);
    try {
      await (isMedia ? this.sendLocked(ctx, buyerId, placed) : sendInvoice(ctx, buyerId, placed));
    } catch (error) {
      if (!(error instanceof TelegramRefused) || judge(error).kind !== 'refused') throw error;
      this.log.warn(`${publicId('product', product.id)}: ${error.message}`);
      const why = `Telegram would not show it: ${error.description}`;
      await ctx.scope.inTenant((tx) => this.checkout.notShown(tx, order, why, this.clock.now()));
      const { title } = product;
      await ctx.reply(
        ctx.words.about(product.id).say(isMedia ? 'media.unavailable' : 'invoice.unavailable', { title }),
      );
    }
  }

  private async sendLocked(ctx: ShopContext, buyerId: number, { order, product }: Placed): Promise<void> {
    const words = ctx.words.about(product.id);
    const { title } = product;
    await this.sender.sendLocked(ctx.scope.bot, product, {
      chatId: buyerId,
      stars: order.stars,
      payload: publicId('order', order.id),
      caption: words.say('media.caption', { title, description: words.description(product.description) }),
    });
  }
}
