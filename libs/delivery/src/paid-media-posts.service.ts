import { Injectable } from '@nestjs/common';
import { type Product, ProductService } from '#libs/catalog';
import { Database } from '#libs/database';
import { BotCalls, type OpenBot, TelegramSaidNo } from '#libs/tenants';
import { ChannelUnusable, NoPaidMedia, type PostedMedia, whyNotPost } from './paid-media-post.js';
import { MediaSender } from './media.sender.js';

/** Puts paid media into channels. What is paid there goes to the channel, and no bot is told of it (Bot API, sendPaidMedia). */
@Injectable()
export class PaidMediaPosts {
  constructor(
    private readonly db: Database,
    private readonly products: ProductService,
    private readonly calls: BotCalls,
    private readonly sender: MediaSender,
  ) {}

  /**
   * Posts at today's price. Done twice it is posted twice.
   * @param channel its id or `@name`
   * @param caption the title and the description of the product when left out
   * @throws NotFound, NoPaidMedia, ChannelUnusable, TenantRestricted, and what {@link BotCalls.act} throws
   */
  async post(tenantId: string, productId: string, channel: number | string, caption?: string): Promise<PostedMedia> {
    const product = await this.db.inTenant(tenantId, (tx) => this.products.get(tx, productId));
    if (product.kind !== 'paid_media') throw new NoPaidMedia();
    const bot = await this.calls.open(tenantId, product.botId, 'message');
    const { id, title, username } = await this.channelOf(bot, channel);
    const media = { chatId: id, stars: product.stars, payload: undefined, caption: caption ?? captionOf(bot, product) };
    const messageId = await this.calls.act(bot, () => this.sender.sendLocked(bot, product, media));
    return { product, channel: { id, title, username: username ?? null }, messageId };
  }

  private async channelOf(bot: OpenBot, channel: number | string) {
    const chat = await this.calls
      .ask(bot, (api) => api.getChat(channel))
      .catch(unusable('the bot knows no such channel'));
    if (chat.type !== 'channel') throw new ChannelUnusable('it is not a channel');
    const member = await this.calls
      .ask(bot, (api) => api.getChatMember(chat.id, bot.telegramId))
      .catch(unusable('the bot is not an administrator of the channel'));
    const why = whyNotPost(chat, member);
    if (why !== undefined) throw new ChannelUnusable(why);
    return chat;
  }
}

const unusable = (because: string) => (error: unknown) => {
  throw error instanceof TelegramSaidNo ? new ChannelUnusable(because) : error;
};

const captionOf = (bot: OpenBot, { id, title, description }: Product) =>
  bot.words(undefined, id).say('media.caption', { title, description });
