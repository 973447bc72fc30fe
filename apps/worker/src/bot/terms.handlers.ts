import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { type Composer, InlineKeyboard } from 'grammy';
import { type Clock, parseId, publicId } from '#libs/kernel';
import { CLOCK } from '#libs/runtime';
import { ConsentService } from '#libs/sales';
import type { ShopContext } from './scope.js';
import { tell } from './show.js';

/**
 * The button "I agree": the part after `prod_` of the product to buy next, if any; the version of the terms that was
 * shown; and the source. A button can contain 64 bytes (Bot API, callback_data).
 */
export const AGREE_BUTTON = /^ok:([0-9a-z]{26})?:([A-Za-z0-9_-]{4})(?::([A-Za-z0-9_-]{1,28}))?$/;

/** `/terms`, and consent to them for bots that require it. */
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

  /**
   * Shows the terms and the button.
   * @param productId the product that the buyer wanted to buy, by a link with this source
   */
  async ask(ctx: ShopContext, productId?: string, source?: string): Promise<void> {
    const version = ctx.scope.bot.termsVersion ?? '';
    const product = productId === undefined ? '' : publicId('product', productId).replace('prod_', '');
    const tail = source === undefined ? '' : `:${source}`;
    const keyboard = new InlineKeyboard().text(ctx.words.say('terms.agree'), `ok:${product}:${markOf(version)}${tail}`);
    await tell(ctx, termsIn(ctx));
    await ctx.reply(ctx.words.say('terms.ask'), { reply_markup: keyboard });
  }

  /**
   * Stores the consent, unless the terms have changed since. Idempotent.
   * @returns the product that the buyer wanted, to continue with; undefined when there is nothing more to do
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

/** Distinguishes one version from the next; the full version is stored with each consent. */
const markOf = (version: string) => createHash('sha256').update(version).digest('base64url').slice(0, 4);

/** The creator's terms in the buyer's language, else in all languages, else the default terms. */
function termsIn({ words, scope }: ShopContext): string {
  return words.isOwn('terms') ? words.say('terms') : (scope.bot.termsText ?? words.say('terms'));
}
