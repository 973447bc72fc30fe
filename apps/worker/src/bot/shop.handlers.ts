import { Inject, Injectable } from '@nestjs/common';
import { type Composer, InlineKeyboard } from 'grammy';
import { howToUse, PaidCommandReader } from '#libs/catalog';
import { type Clock, NotFound, parseId, publicId } from '#libs/kernel';
import { CLOCK } from '#libs/runtime';
import { CheckoutService, NotForSale, OrderService, type Purchase, UsedByCommand } from '#libs/sales';
import { CAN } from '#libs/tenants';
import type { Phrasebook } from '#libs/texts';
import { Offers } from './offers.js';
import { PROMO_LINK } from './promo.handlers.js';
import { isOpen, type ShopContext } from './scope.js';
import { show, tell } from './show.js';
import { AGREE_BUTTON, TermsHandlers } from './terms.handlers.js';

/** Purchases per page. */
const PAGE = 8;
/**
 * `buy_<product>` with an optional `-<source>` (Bot API: a start parameter has at most 64 characters of A-Z a-z 0-9 _
 * -). People can type more by hand.
 */
const BUY_LINK = /^buy_(prod_[0-9a-z]{26})(?:-([A-Za-z0-9_-]{1,28}))?$/;
/** The button that creates an invoice, with the same parts as the link. */
const BUY_BUTTON = /^buy:(prod_[0-9a-z]{26})(?:-([A-Za-z0-9_-]{1,28}))?$/;

/** A buyer's actions in the chat: browsing, buying, viewing purchases. Handlers translate; the libraries decide. */
@Injectable()
export class ShopHandlers {
  constructor(
    private readonly checkout: CheckoutService,
    private readonly commands: PaidCommandReader,
    private readonly orders: OrderService,
    private readonly offers: Offers,
    private readonly terms: TermsHandlers,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  register(bot: Composer<ShopContext>): void {
    const chat = bot.chatType('private');
    chat.command('start', async (ctx, next) => {
      if (PROMO_LINK.test(ctx.match) || ctx.match.startsWith('card_')) return next();
      const link = BUY_LINK.exec(ctx.match);
      if (link?.[1] !== undefined) return this.buy(ctx, link[1], link[2]);
      const keyboard = new InlineKeyboard().text(ctx.words.say('shop.open'), 'shop:0');
      // Records the buyer first, because a creator's server may grant credits as soon as it learns of the new buyer.
      await ctx.scope.inTenant(async () => undefined);
      await ctx.reply(ctx.words.say('shop.welcome', { shop: ctx.scope.bot.info.first_name }), {
        reply_markup: keyboard,
      });
    });
    chat.command('orders', (ctx) => this.showOrders(ctx, 0));
    chat.callbackQuery(/^orders:(\d{1,4})$/, (ctx) => this.showOrders(ctx, Number(ctx.match[1])));
    chat.callbackQuery(/^stars:(prod_[0-9a-z]{26})$/, (ctx) => {
      const productId = parseId('product', String(ctx.match[1])) ?? null;
      return this.say(ctx, ctx.words.about(productId).say('stars.help'));
    });
    chat.command('privacy', (ctx) => ctx.reply(ctx.words.say('privacy')));
    chat.command('help', (ctx) => this.help(ctx));
    chat.callbackQuery(AGREE_BUTTON, (ctx) => this.agree(ctx, ctx.match));
    chat.callbackQuery(BUY_BUTTON, (ctx) => this.buy(ctx, String(ctx.match[1]), ctx.match[2]));
    chat.callbackQuery(/^again:(.+)$/, (ctx) => this.again(ctx, String(ctx.match[1])));
  }

  /** Answers /help, with the shop's own commands first. */
  private async help(ctx: ShopContext): Promise<void> {
    const { bot, inTenant } = ctx.scope;
    const own = await inTenant((tx) => this.commands.list(tx, bot.botId));
    const lines = own.map(({ command, productId, title }) => {
      const words = ctx.words.about(productId);
      return words.say('help_own', { command: `/${command}`, about: words.say('command.paid', { title }) });
    });
    await tell(ctx, [...lines, ctx.words.say('help')].join('\n'));
  }

  private async agree(ctx: ShopContext, match: string | RegExpMatchArray): Promise<void> {
    const parts = typeof match === 'string' ? [] : match;
    const productId = await this.terms.agree(ctx, parts);
    if (productId !== undefined) return this.buy(ctx, publicId('product', productId), parts[3]);
    await this.stopSpinner(ctx);
  }

  private async buy(ctx: ShopContext, product: string, source: string | undefined): Promise<void> {
    const { bot, update, inTenant } = ctx.scope;
    const [productId, buyerId] = [parseId('product', product), ctx.from?.id];
    if (productId === undefined || buyerId === undefined) return this.say(ctx, ctx.words.say('shop.gone'));
    if (!isOpen(bot)) return this.say(ctx, ctx.words.say('shop.closed'));
    const placing = { botId: bot.botId, buyerId, productId, updateId: update.updateId, source };
    try {
      const placed = await inTenant((tx) => this.checkout.place(tx, placing, this.clock.now()));
      await this.offers.send(ctx, buyerId, placed);
    } catch (error) {
      if (error instanceof NotForSale && error.reason === 'terms') {
        await this.terms.ask(ctx, productId, source);
        return this.stopSpinner(ctx);
      }
      if (error instanceof NotForSale) return this.say(ctx, ctx.words.about(productId).say(`checkout.${error.reason}`));
      if (error instanceof UsedByCommand) return this.say(ctx, howToUse(error.product, ctx.words.about(productId)));
      if (error instanceof NotFound) return this.say(ctx, ctx.words.say('shop.gone'));
      throw error;
    }
    await this.stopSpinner(ctx);
  }

  private async showOrders(ctx: ShopContext, page: number): Promise<void> {
    const { bot, inTenant } = ctx.scope;
    const buyerId = ctx.from?.id;
    if (buyerId === undefined) return;
    const found = await inTenant((tx) => this.orders.purchases(tx, bot.botId, buyerId, PAGE + 1, page * PAGE));
    const bought = found.slice(0, PAGE);
    if (bought.length === 0) return this.say(ctx, ctx.words.say('orders.empty'));
    const keyboard = new InlineKeyboard();
    const lines = bought.map((order, place) => {
      const id = publicId('order', order.id);
      const words = ctx.words.about(order.productId);
      const number = page * PAGE + place + 1;
      if (order.state === 'paid') keyboard.text(`${number}. ${words.title(order.title)}`, `again:${id}`).row();
      const state = ctx.words.say(`orders.state.${order.state === 'refunded' ? 'revoked' : order.delivery}`);
      return `${number}. ${orderLine(words, order, { state, order: id })}`;
    });
    if (page > 0) keyboard.text(ctx.words.say('shop.back'), `orders:${page - 1}`);
    if (found.length > PAGE) keyboard.text(ctx.words.say('shop.more'), `orders:${page + 1}`);
    await show(ctx, `${ctx.words.say('orders.heading')}\n\n${lines.join('\n\n')}`, keyboard);
  }

  private async again(ctx: ShopContext, order: string): Promise<void> {
    const { bot, inTenant } = ctx.scope;
    const [orderId, buyerId] = [parseId('order', order), ctx.from?.id];
    if (orderId === undefined || buyerId === undefined) return this.say(ctx, ctx.words.say('shop.gone'));
    try {
      const given = await inTenant((tx) =>
        this.orders.handOverAgain(tx, bot.botId, buyerId, orderId, this.clock.now()),
      );
      if (given === 'unmade') return this.say(ctx, ctx.words.say('goods.unmade'));
    } catch (error) {
      if (error instanceof NotFound) return this.say(ctx, ctx.words.say('orders.empty'));
      throw error;
    }
    if (!CAN[bot.tenantState].deliver) return this.say(ctx, ctx.words.say('goods.later'));
    await this.stopSpinner(ctx, ctx.words.say('goods.again'));
  }

  private async say(ctx: ShopContext, text: string, keyboard?: InlineKeyboard): Promise<void> {
    await ctx.reply(text, keyboard === undefined ? {} : { reply_markup: keyboard });
    await this.stopSpinner(ctx);
  }

  /** Ends the spinner that a pressed button shows until it is answered. Late answers do no harm. */
  private async stopSpinner(ctx: ShopContext, text?: string): Promise<void> {
    if (ctx.callbackQuery === undefined) return;
    await ctx.answerCallbackQuery(text === undefined ? {} : { text }).catch(() => undefined);
  }
}

function orderLine(
  words: Phrasebook,
  order: Purchase,
  { state, order: id }: { readonly state: string; readonly order: string },
) {
  const { createdAt: date, title, stars: price, creditUnit: unit, creditAmount: amount } = order;
  return unit === null || amount === null
    ? words.say('orders.line', { date, title, price, state, order: id })
    : words.say('orders.line_credits', { date, title, credits: { unit, amount }, state, order: id });
}
