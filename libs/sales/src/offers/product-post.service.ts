import { Injectable } from '@nestjs/common';
import { InlineKeyboard } from 'grammy';
import type { Message } from 'grammy/types';
import { cardButton, invoiceDescription, postText, type Product, ProductService } from '#libs/catalog';
import { type Cursor, Database, seekOptions, type TenantTx } from '#libs/database';
import { newUuid } from '#libs/kernel';
import { judge, photoPreview, Telegram, TelegramRefused, withPhoto } from '#libs/telegram';
import { BotCalls, type OpenBot, TelegramOutcomeUnknown, telegramRefusal } from '#libs/tenants';
import { deepLink } from './deep-link.js';
import { isForEverybody, NotForEverybody, offerPayload, ProductNotActive } from './offer.js';
import { chatProblem, type PostWish, requestOf } from './product-post.js';
import { ProductPostRow } from './product-post.entity.js';

type Outcome = Partial<Pick<ProductPostRow, 'chatId' | 'chatTitle' | 'messageId' | 'failure'>> &
  Pick<ProductPostRow, 'state'>;

/** Posts of products in groups and channels. What is asked for is stored before Telegram is, so that nothing is posted twice. */
@Injectable()
export class ProductPostService {
  constructor(
    private readonly db: Database,
    private readonly products: ProductService,
    private readonly bots: BotCalls,
    private readonly telegram: Telegram,
  ) {}

  /**
   * Posts a product where its bot may post. The same wish again answers what was posted; one that Telegram refused is tried anew.
   * @throws NotFound, ProductNotActive, NotForEverybody, BotNotInChat, BotMayNotPost, BotNotInState,
   * TenantRestricted, TelegramSaidNo;
   * TelegramUnavailable when Telegram asks to wait; TelegramOutcomeUnknown when it may have been posted, now or by an earlier request
   */
  async post(tenantId: string, wish: PostWish, now: Date): Promise<ProductPostRow> {
    const product = await this.db.inTenant(tenantId, (tx) => this.products.get(tx, wish.productId));
    if (product.state !== 'active') throw new ProductNotActive();
    if (wish.way === 'invoice' && !isForEverybody(product)) throw new NotForEverybody();
    const bot = await this.bots.open(tenantId, product.botId, 'message');
    const post = await this.db.inTenant(tenantId, (tx) => this.begin(tx, product, wish, now));
    if (post.state === 'posted') return post;
    const { outcome, error } = await this.send(bot, product, post);
    const after = await this.db.inTenant(tenantId, (tx) => this.conclude(tx, post, outcome, now));
    if (error !== undefined) throw error;
    return after;
  }

  /** Newest first. @throws NotFound when the tenant has no such product */
  async list(tx: TenantTx, productId: string, { limit, ...cursor }: Cursor & { readonly limit: number }) {
    await this.products.get(tx, productId);
    const { where, order } = seekOptions(cursor);
    return tx.manager.find(ProductPostRow, {
      where: { tenantId: tx.tenantId, productId, ...where },
      order,
      take: limit,
    });
  }

  /** Stores the intent. @throws TelegramOutcomeUnknown when an earlier one was cut off */
  private async begin(tx: TenantTx, { botId }: Product, wish: PostWish, now: Date): Promise<ProductPostRow> {
    const { productId, chat, way, source = null, language } = wish;
    const request = requestOf(wish);
    const inserted = await tx.query(
      `insert into product_posts (tenant_id, id, bot_id, product_id, chat, way, source, language, request, state, created_at, updated_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'sending', $10, $10)
       on conflict (tenant_id, request) do nothing returning 1`,
      [tx.tenantId, newUuid(now.getTime()), botId, productId, chat, way, source, language, request, now],
    );
    const where = { tenantId: tx.tenantId, request };
    const post = await tx.manager.findOneOrFail(ProductPostRow, { where, lock: { mode: 'for_no_key_update' } });
    if (inserted.length > 0 || post.state === 'posted') return post;
    if (post.state !== 'refused') throw new TelegramOutcomeUnknown();
    return this.conclude(tx, post, { state: 'sending', failure: null }, now);
  }

  private async conclude(tx: TenantTx, post: ProductPostRow, outcome: Outcome, now: Date): Promise<ProductPostRow> {
    const changes = { ...outcome, updatedAt: now };
    await tx.manager.update(ProductPostRow, { tenantId: tx.tenantId, id: post.id }, changes);
    return { ...post, ...changes };
  }

  private async send(
    bot: OpenBot,
    product: Product,
    post: ProductPostRow,
  ): Promise<{ outcome: Outcome; error?: Error }> {
    try {
      const { chat, message_id: messageId } = await this.say(bot, product, post);
      const chatTitle = chat.title ?? null;
      return { outcome: { state: 'posted', messageId, chatId: chat.id, chatTitle, failure: null } };
    } catch (thrown) {
      if (judge(thrown).kind === 'unknown')
        return { outcome: { state: 'unknown', failure: String(thrown) }, error: new TelegramOutcomeUnknown() };
      const { code, description } = thrown as TelegramRefused;
      const error = chatProblem(code, description) ?? telegramRefusal(thrown, new TelegramOutcomeUnknown());
      return { outcome: { state: 'refused', failure: description }, error };
    }
  }

  private say(bot: OpenBot, product: Product, post: ProductPostRow): Promise<Message> {
    const { id: productId, title, stars: price, priceVersion } = product;
    const [api, words] = [this.telegram.api(bot.token), bot.words(post.language, productId)];
    const source = post.source ?? undefined;
    if (post.way === 'button') {
      const text = postText(product, words, bot.username);
      const link = deepLink(bot.username, 'buy', productId, source);
      const reply_markup = new InlineKeyboard().url(cardButton(product, words), link);
      return api.sendMessage(post.chat, text, { reply_markup, link_preview_options: photoPreview(product.photoUrl) });
    }
    const payload = offerPayload({ productId, priceVersion, source });
    const prices = [{ label: title, amount: price }];
    // Without a start parameter a forwarded copy can be paid as well.
    return withPhoto(product.photoUrl, (photo) =>
      api.sendInvoice(post.chat, title, invoiceDescription(product, words), payload, 'XTR', prices, {
        provider_token: '',
        ...photo,
      }),
    );
  }
}
