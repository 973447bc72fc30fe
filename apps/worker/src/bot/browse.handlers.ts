import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { type Composer, InlineKeyboard } from 'grammy';
import { cardButton, cardText, type CardText, creditsOf, type Product, ProductService, sellable } from '#libs/catalog';
import { MediaSender } from '#libs/delivery';
import { type Clock, parseId, publicId, type Stars } from '#libs/kernel';
import { Quotas } from '#libs/quotas';
import { CLOCK } from '#libs/runtime';
import { CheckoutService, type Quote } from '#libs/sales';
import type { Phrasebook } from '#libs/texts';
import { judge, TelegramRefused } from '#libs/telegram';
import { isOpen, type ShopContext } from './scope.js';
import { replaced, show } from './show.js';

const PAGE = 8;
/** `card_<product>` with an optional `-<source>`: at most 64 characters of A-Z a-z 0-9 _ - (Bot API, deep linking). */
const CARD_LINK = /^card_(prod_[0-9a-z]{26})(?:-([A-Za-z0-9_-]{1,27}))?$/;

type ListedProduct = Pick<Product, 'id' | 'title' | 'stars' | 'stock'>;

interface Label {
  readonly title: string;
  readonly price: Stars;
  readonly stock: number | null;
}

/** A page of the shop's list: of all products, or of one category. */
interface Place {
  readonly page: number;
  readonly tag: string | undefined;
}

/**
 * Browsing in the shop: one message that changes as its buttons are pressed. Register it after {@link ShopHandlers}.
 */
@Injectable()
export class BrowseHandlers {
  constructor(
    private readonly products: ProductService,
    private readonly checkout: CheckoutService,
    private readonly quotas: Quotas,
    private readonly media: MediaSender,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  register(bot: Composer<ShopContext>): void {
    const chat = bot.chatType('private');
    chat.command('start', async (ctx, next) => {
      const link = CARD_LINK.exec(ctx.match);
      return link?.[1] === undefined ? next() : this.showCard(ctx, link[1], 'shop:0', link[2]);
    });
    chat.command(['shop', 'buy'], (ctx) => this.showShop(ctx, 0, undefined));
    chat.callbackQuery(/^shop:(\d{1,4})(?::([0-9a-f]{8}))?$/, (ctx) =>
      this.showShop(ctx, Number(ctx.match[1]), ctx.match[2]),
    );
    chat.callbackQuery(/^card:(prod_[0-9a-z]{26}):(\d{1,4}(?::[0-9a-f]{8})?)$/, (ctx) =>
      this.showCard(ctx, String(ctx.match[1]), `shop:${ctx.match[2]}`, undefined),
    );
  }

  private async showShop(ctx: ShopContext, page: number, tagKey: string | undefined): Promise<void> {
    const { bot, inTenant } = ctx.scope;
    if (!isOpen(bot)) return show(ctx, ctx.words.say('shop.closed'));
    const now = this.clock.now();
    const [selling, tags] = await inTenant((tx) =>
      Promise.all([this.quotas.selling(tx, now), this.products.tagsInShop(tx, bot.botId, now)]),
    );
    if (selling !== 'open')
      return show(ctx, ctx.words.say(selling === 'closing' ? 'shop.closed' : 'shop.month_used_up'));
    const tag = tags.find((one) => keyOf(one) === tagKey);
    const listed = await inTenant((tx) =>
      this.products.listForShop(tx, bot.botId, { limit: PAGE + 1, offset: page * PAGE, tag, now }),
    );
    if (listed.length === 0 && page > 0) return this.showShop(ctx, 0, tagKey);
    if (listed.length === 0) return show(ctx, ctx.words.say('shop.empty'));
    await show(ctx, ctx.words.say('shop.heading'), listKeyboard(ctx.words, listed, { page, tag }, tags));
  }

  private async showCard(ctx: ShopContext, product: string, back: string, source: string | undefined): Promise<void> {
    const { bot, inTenant } = ctx.scope;
    const [productId, buyerId, now] = [parseId('product', product), ctx.from?.id, this.clock.now()];
    const words = ctx.words.about(productId ?? null);
    if (productId === undefined || buyerId === undefined) return show(ctx, words.say('shop.gone'));
    if (!isOpen(bot)) return show(ctx, words.say('shop.closed'));
    const quote = await inTenant(async (tx) => {
      const one = await this.checkout.quote(tx, { botId: bot.botId, buyerId, productId }, now);
      if (one?.product.state !== 'active') return undefined;
      await this.products.recordView(tx, productId, buyerId, source, now);
      return one;
    });
    if (quote === undefined) return show(ctx, words.say('shop.gone'));
    const keyboard = buttonsOf(quote, words, source, now).text(words.say('shop.back'), back);
    await this.showProduct(ctx, buyerId, quote.product, card(words, quote, now), keyboard);
  }

  /** Includes the photo, if there is one; if Telegram refuses it, the card is sent without it. */
  private async showProduct(
    ctx: ShopContext,
    chatId: number,
    { photoFileId, photoUrl }: Product,
    shown: CardText,
    keyboard: InlineKeyboard,
  ): Promise<void> {
    if (photoFileId === null) return show(ctx, shown, keyboard, photoUrl);
    try {
      await this.media.sendPhoto(ctx.scope.bot, chatId, photoFileId, {
        caption: shown.text,
        caption_entities: [...shown.entities],
        reply_markup: keyboard,
      });
    } catch (error) {
      if (!(error instanceof TelegramRefused) || judge(error).kind !== 'refused') throw error;
      return show(ctx, shown, keyboard);
    }
    await replaced(ctx);
  }
}

function listKeyboard(words: Phrasebook, listed: readonly ListedProduct[], place: Place, tags: readonly string[]) {
  const keyboard = new InlineKeyboard();
  const here = (page: number) => `${page}${place.tag === undefined ? '' : `:${keyOf(place.tag)}`}`;
  for (const { id, title, stars: price, stock } of listed.slice(0, PAGE)) {
    keyboard
      .text(labelOf(words.about(id), { title, price, stock }), `card:${publicId('product', id)}:${here(place.page)}`)
      .row();
  }
  if (place.page > 0) keyboard.text(words.say('shop.back'), `shop:${here(place.page - 1)}`);
  if (listed.length > PAGE) keyboard.text(words.say('shop.more'), `shop:${here(place.page + 1)}`);
  keyboard.row();
  if (place.tag !== undefined) return keyboard.text(words.say('shop.all'), 'shop:0');
  tags.forEach((tag, n) => {
    keyboard.text(tag, `shop:0:${keyOf(tag)}`);
    if (n % 3 === 2) keyboard.row();
  });
  return keyboard;
}

function labelOf(words: Phrasebook, { title, price, stock }: Label): string {
  if (stock === 0) return words.say('shop.sold_out', { title });
  return price > 0 ? words.say('shop.product', { title, price }) : words.say('shop.product_credits', { title });
}

/** The credits have already been sold, so they can be used even when the shop is closed for new sales. */
function buttonsOf({ product, stars, refusal }: Quote, words: Phrasebook, source: string | undefined, now: Date) {
  const [keyboard, id, credits] = [new InlineKeyboard(), publicId('product', product.id), creditsOf(product)];
  if (product.terms.paid_command?.needsArguments === true) return keyboard;
  if (credits !== undefined && sellable(product, now) === undefined && refusal !== 'limit_reached') {
    keyboard.text(words.say('card.use', { credits }), `use:${id}`).row();
  }
  if (refusal === undefined && stars > 0) {
    const tail = source === undefined ? '' : `-${source}`;
    keyboard.text(cardButton({ ...product, stars }, words), `buy:${id}${tail}`).row();
    keyboard.text(words.say('stars.how'), `stars:${id}`).row();
  }
  if (refusal === 'not_yet') keyboard.text(words.say('stars.how'), `stars:${id}`).row();
  return keyboard;
}

/** Includes the price for this buyer, and the reason if they cannot buy it. */
function card(words: Phrasebook, { product, stars, listStars, refusal }: Quote, now: Date): CardText {
  const { stock, saleStartsAt, saleEndsAt } = product;
  const why = product.stars === 0 ? sellable(product, now) : refusal;
  const { text, entities } = cardText({ ...product, stars }, words, listStars);
  const lines = [
    text,
    ...(stock === null || stock === 0 ? [] : [words.say('card.stock', { count: stock })]),
    ...(saleEndsAt === null ? [] : [words.say('card.until', { until: saleEndsAt })]),
    ...(why === undefined ? [] : [words.say(`checkout.${why}`)]),
    ...(why === 'not_yet' && saleStartsAt !== null ? [words.say('card.from', { from: saleStartsAt })] : []),
  ];
  return { text: lines.join('\n'), entities };
}

/** The abbreviation of a category for a button, which can contain at most 64 bytes (Bot API, callback_data). */
const keyOf = (tag: string) => createHash('sha256').update(tag).digest('hex').slice(0, 8);
