import { Inject, Injectable } from '@nestjs/common';
import { type Composer, InlineKeyboard } from 'grammy';
import { creditsOf, howToUse, MAX_ARGUMENTS, PaidCommandReader, type Product, ProductService } from '#libs/catalog';
import { type Clock, parseId, publicId } from '#libs/kernel';
import { InsufficientCredits } from '#libs/ledger';
import { CLOCK } from '#libs/runtime';
import { CheckoutService, CreditUseService, NotForSale } from '#libs/sales';
import { CAN } from '#libs/tenants';
import { argumentsProblem, commandIn } from './command.js';
import { Offers } from './offers.js';
import { isOpen, type ShopContext } from './scope.js';
import { tell } from './show.js';
import { TermsHandlers } from './terms.handlers.js';

/** Number of packs offered when credits are missing; the shop lists them all. */
const PACKS = 5;

/** A product that a buyer wants to use, with the text after its command. */
interface Wish {
  readonly buyerId: number;
  readonly product: Product;
  readonly arguments: string | null;
}

/** Paid commands: with credits if the buyer has enough, else with Stars. Register it after all other commands. */
@Injectable()
export class CommandHandlers {
  constructor(
    private readonly commands: PaidCommandReader,
    private readonly products: ProductService,
    private readonly uses: CreditUseService,
    private readonly checkout: CheckoutService,
    private readonly offers: Offers,
    private readonly terms: TermsHandlers,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  register(bot: Composer<ShopContext>): void {
    const chat = bot.chatType('private');
    chat.on('message:text', async (ctx, next) => {
      const { bot: open, inTenant } = ctx.scope;
      const typed = commandIn(ctx.message, open.username);
      const product = typed && (await inTenant((tx) => this.commands.find(tx, open.botId, typed.name)));
      if (product === undefined) return next();
      await this.run(ctx, { buyerId: ctx.from.id, product, arguments: typed?.arguments ?? null });
    });
    chat.callbackQuery(/^use:(prod_[0-9a-z]{26})$/, async (ctx) => {
      const productId = parseId('product', String(ctx.match[1]));
      const { bot: open, inTenant } = ctx.scope;
      const product = productId && (await inTenant((tx) => this.products.forSale(tx, productId)));
      if (!product || product.botId !== open.botId) await ctx.reply(ctx.words.say('shop.gone'));
      else await this.run(ctx, { buyerId: ctx.from.id, product, arguments: null });
      await ctx.answerCallbackQuery().catch(() => undefined);
    });
  }

  private async run(ctx: ShopContext, wish: Wish): Promise<void> {
    const { product, arguments: typed } = wish;
    const words = ctx.words.about(product.id);
    const problem = argumentsProblem(typed, product.terms.paid_command?.needsArguments ?? false);
    if (problem === 'how') return void (await ctx.reply(howToUse(product, words)));
    if (problem === 'too_long') return void (await ctx.reply(words.say('use.too_long', { max: MAX_ARGUMENTS })));
    if (creditsOf(product) === undefined) return this.offer(ctx, wish);
    const { bot } = ctx.scope;
    // The credits have already been sold, so it does not matter whether the shop is closed for new sales.
    if (bot.state !== 'active' || !CAN[bot.tenantState].deliver)
      return void (await ctx.reply(words.say('shop.closed')));
    const available = await this.spend(ctx, wish);
    if (available !== undefined) await this.tooFew(ctx, wish, available);
  }

  /** @returns the buyer's credits when they are too few; undefined when there is nothing more to say */
  private async spend(ctx: ShopContext, wish: Wish): Promise<number | undefined> {
    const { bot, update, settle } = ctx.scope;
    const use = { ...wish, botId: bot.botId, updateId: update.updateId };
    try {
      await settle(async (tx) => {
        const order = await this.uses.use(tx, use, this.clock.now());
        return { result: order, orderId: order.id };
      });
    } catch (error) {
      if (error instanceof InsufficientCredits) return error.available;
      if (!(error instanceof NotForSale)) throw error;
      await ctx.reply(ctx.words.about(wish.product.id).say(`checkout.${error.reason}`));
      return undefined;
    }
    return undefined;
  }

  private async tooFew(ctx: ShopContext, wish: Wish, available: number): Promise<void> {
    const { bot, inTenant } = ctx.scope;
    const { product } = wish;
    const [price, words] = [creditsOf(product), ctx.words.about(product.id)];
    if (price === undefined) return;
    const packs = await inTenant((tx) => this.commands.packs(tx, bot.botId, price.unit, PACKS, this.clock.now()));
    const forStars = product.stars > 0 && isOpen(bot);
    const lines = [
      words.say('use.too_few', { price, balance: { amount: available, unit: price.unit } }),
      ...(packs.length === 0 ? [] : [words.say('use.too_few_packs')]),
      ...(forStars ? [words.say('use.too_few_stars', { stars: product.stars })] : []),
      ...(packs.length === 0 && !forStars ? [words.say('use.too_few_none')] : []),
    ];
    const keyboard = new InlineKeyboard();
    for (const { id, title, stars } of packs) {
      keyboard
        .text(ctx.words.about(id).say('shop.product', { title, price: stars }), `buy:${publicId('product', id)}`)
        .row();
    }
    await tell(ctx, lines.join('\n'), packs.length === 0 ? undefined : keyboard);
    if (forStars) await this.offer(ctx, wish);
  }

  /** Sends an invoice for a single use. */
  private async offer(ctx: ShopContext, { buyerId, product, arguments: typed }: Wish): Promise<void> {
    const { bot, update, inTenant } = ctx.scope;
    const words = ctx.words.about(product.id);
    if (!isOpen(bot)) return void (await ctx.reply(words.say('shop.closed')));
    const ids = { botId: bot.botId, buyerId, productId: product.id, updateId: update.updateId };
    try {
      const placed = await inTenant((tx) => this.checkout.place(tx, { ...ids, arguments: typed }, this.clock.now()));
      await this.offers.send(ctx, buyerId, placed);
    } catch (error) {
      if (!(error instanceof NotForSale)) throw error;
      // The text does not fit into a button, so the buyer has to send the command again.
      if (error.reason === 'terms') return this.terms.ask(ctx);
      return void (await ctx.reply(words.say(`checkout.${error.reason}`)));
    }
  }
}
