import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { type Composer, InlineKeyboard } from 'grammy';
import { type Clock, parseId, publicId } from '#libs/kernel';
import { CLOCK } from '#libs/runtime';
import { ConsentService } from '#libs/sales';
import type { ShopContext } from './scope.js';
import { tell } from './show.js';

/**
 * The button "I agree": what stands behind `prod_` and the source of what is to be bought then, if anything, and which terms were
 * shown. A button holds 64 bytes (Bot API, callback_data).
 */
export const AGREE_BUTTON = /^ok:([0-9a-z]{26})?:([A-Za-z0-9_-]{4})(?::([A-Za-z0-9_-]{1,28}))?$/;

/** `/terms`, and agreeing to them where a bot asks for it. */
@Injectable()
export class TermsHandlers {
  constructor(
    private readonly consents: ConsentService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  register(bot: Composer<ShopContext>): void {
    bot.chatType('private').command('terms', async (ctx) => {
      const { botId, termsVersion } = ctx.scope.bot;
      const buyerId = ctx.from.id;
      const agreed =
        termsVersion === null ||
        (await ctx.scope.inTenant((tx) => this.consents.hasAgreed(tx, botId, buyerId, termsVersion)));
      if (agreed) await tell(ctx, termsIn(ctx));
      else await this.ask(ctx);
    });
  }

  /** Shows the terms and the button. @param productId what the buyer wanted to buy, by a link with this source */
  async ask(ctx: ShopContext, productId?: string, source?: string): Promise<void> {
    const version = ctx.scope.bot.termsVersion ?? '';
    const product = productId === undefined ? '' : publicId('product', productId).replace('prod_', '');
    const tail = source === undefined ? '' : `:${source}`;
    const keyboard = new InlineKeyboard().text(ctx.words.say('terms.agree'), `ok:${product}:${markOf(version)}${tail}`);
    await tell(ctx, termsIn(ctx));
    await ctx.reply(ctx.words.say('terms.ask'), { reply_markup: keyboard });
  }

  /**
   * The button was pressed: keeps the consent, unless other terms hold by now. Pressed twice it is kept once.
   * @returns the product that the buyer wanted, to go on with; undefined when there is nothing more to do
   */
  async agree(ctx: ShopContext, match: readonly (string | undefined)[]): Promise<string | undefined> {
    const [, product = '', mark, source] = match;
    const { botId, termsVersion: version } = ctx.scope.bot;
    const [productId, buyerId] = [parseId('product', `prod_${product}`), ctx.from?.id];
    if (version !== null && buyerId !== undefined) {
      if (markOf(version) !== mark) {
        await this.ask(ctx, productId, source);
        return undefined;
      }
      const consent = { botId, version, language: ctx.words.language, agreedAt: this.clock.now() };
      await ctx.scope.inTenant((tx) => this.consents.agree(tx, buyerId, termsIn(ctx), consent));
    }
    if (productId === undefined) await ctx.reply(ctx.words.say('terms.agreed'));
    return productId;
  }
}

/** Tells one version from the next; who agreed to what is kept in full. */
const markOf = (version: string) => createHash('sha256').update(version).digest('base64url').slice(0, 4);

/** What the creator says in the buyer's language, else in one for all, else the usual terms. */
function termsIn({ words, scope }: ShopContext): string {
  return words.isOwn('terms') ? words.say('terms') : (scope.bot.termsText ?? words.say('terms'));
}
