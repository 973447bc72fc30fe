import { Injectable } from '@nestjs/common';
import { type Product, ProductNotActive, ProductService } from '#libs/catalog';
import { Posting, type ProductPostRow, type PostWish } from '#libs/chats';
import { Database } from '#libs/database';
import { DomainError } from '#libs/kernel';
import { BotCalls, type OpenBot } from '#libs/tenants';
import { MediaSender } from './media.sender.js';

export class NoPaidMedia extends DomainError {
  static readonly code = 'no_paid_media';
  static readonly refusal = 'conflict';
  readonly remedy = 'Use the id of a product of the kind paid_media.';

  constructor() {
    super('This product has no paid media to post.');
  }
}

/**
 * Posts paid media in channels. Payments there go to the channel, and Telegram does not report them to bots (Bot API,
 * sendPaidMedia).
 */
@Injectable()
export class PaidMediaPosts {
  constructor(
    private readonly db: Database,
    private readonly products: ProductService,
    private readonly calls: BotCalls,
    private readonly sender: MediaSender,
    private readonly posting: Posting,
  ) {}

  /**
   * Posts at the current price. In a group the bot would get the Stars with an unknown payload, so only channels are
   * allowed.
   * @throws NotFound, NoPaidMedia, ProductNotActive, NotAChannel, TenantRestricted, and the errors of {@link
   * Posting.post}
   */
  async post(tenantId: string, wish: PostWish): Promise<ProductPostRow> {
    const product = await this.db.inTenant(tenantId, (tx) => this.products.get(tx, wish.productId));
    if (product.kind !== 'paid_media') throw new NoPaidMedia();
    if (product.state !== 'active') throw new ProductNotActive();
    const bot = await this.calls.open(tenantId, product.botId, 'message');
    await this.posting.requireChannel(bot, wish.chat);
    const caption = wish.caption ?? captionOf(bot, product, wish.language);
    const media = { stars: product.stars, payload: undefined, caption };
    return this.posting.post(bot, wish, (chatId) => this.sender.sendLocked(bot, product, { ...media, chatId }));
  }
}

function captionOf(bot: OpenBot, { id, title, description }: Product, language: string): string {
  const words = bot.words(language, id);
  return words.say('media.caption', { title, description: words.description(description) });
}
