import { Injectable } from '@nestjs/common';
import { InlineKeyboard } from 'grammy';
import type { Message } from 'grammy/types';
import {
  cardButton,
  invoiceDescription,
  postText,
  type Product,
  ProductNotActive,
  ProductService,
} from '#libs/catalog';
import { Posting, ProductPostRow, type PostWish } from '#libs/chats';
import { type Cursor, Database, seekOptions, type TenantTx } from '#libs/database';
import { photoPreview, Telegram, withPhoto } from '#libs/telegram';
import { BotCalls, type OpenBot } from '#libs/tenants';
import { deepLink } from './deep-link.js';
import { offerPayload } from '../charges/offer-payload.js';
import { isForEverybody, NotForEverybody } from './offer.js';

/** Posts of products in groups and channels, with a button to the bot or an invoice. */
@Injectable()
export class ProductPostService {
  constructor(
    private readonly db: Database,
    private readonly products: ProductService,
    private readonly bots: BotCalls,
    private readonly telegram: Telegram,
    private readonly posting: Posting,
  ) {}

  /** @throws NotFound, ProductNotActive, NotForEverybody, TenantRestricted, and the errors of {@link Posting.post} */
  async post(tenantId: string, wish: PostWish): Promise<ProductPostRow> {
    const product = await this.db.inTenant(tenantId, (tx) => this.products.get(tx, wish.productId));
    if (product.state !== 'active') throw new ProductNotActive();
    if (wish.way === 'invoice' && !isForEverybody(product)) throw new NotForEverybody();
    const bot = await this.bots.open(tenantId, product.botId, 'message');
    return this.posting.post(bot, wish, (chat) => this.send(bot, product, { ...wish, chat }));
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

  private send(bot: OpenBot, product: Product, wish: PostWish): Promise<Message> {
    const { id: productId, stars: price, priceVersion } = product;
    const api = this.telegram.api(bot.token);
    const words = bot.words(wish.language, productId);
    const title = words.title(product.title);
    const { chat, source } = wish;
    if (wish.way === 'button') {
      const text = postText(product, words, bot.username);
      const link = deepLink(bot.username, 'buy', productId, source);
      const reply_markup = new InlineKeyboard().url(cardButton(product, words), link);
      return api.sendMessage(chat, text, { reply_markup, link_preview_options: photoPreview(product.photoUrl) });
    }
    const payload = offerPayload({ productId, priceVersion, source });
    const prices = [{ label: title, amount: price }];
    // Without a start parameter a forwarded copy can be paid as well.
    return withPhoto(product.photoUrl, (photo) =>
      api.sendInvoice(chat, title, invoiceDescription(product, words), payload, 'XTR', prices, {
        provider_token: '',
        ...photo,
      }),
    );
  }
}
