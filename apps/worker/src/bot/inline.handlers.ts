import { Inject, Injectable } from '@nestjs/common';
import type { Composer } from 'grammy';
import type { InlineQueryResultArticle } from 'grammy/types';
import { invoiceDescription, type Product, ProductSearch } from '#libs/catalog';
import { type Clock, publicId } from '#libs/kernel';
import { Quotas } from '#libs/quotas';
import { CLOCK } from '#libs/runtime';
import { offerPayload } from '#libs/sales';
import { judge } from '#libs/telegram';
import type { Phrasebook } from '#libs/texts';
import { isOpen, type ShopContext } from './scope.js';

/** Telegram accepts 50 results (Bot API, answerInlineQuery). */
const PAGE = 20;
/**
 * Seconds for which Telegram may cache a person's results. The payment checks again whether a product can be bought.
 */
const CACHE = 10;
/** The source of such orders in the funnel. */
const SOURCE = 'inline';

/** `@bot query` in any chat: the chosen result becomes an invoice there, which anyone can pay. */
@Injectable()
export class InlineHandlers {
  constructor(
    private readonly search: ProductSearch,
    private readonly quotas: Quotas,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  register(bot: Composer<ShopContext>): void {
    bot.on('inline_query', async (ctx) => {
      const { query, offset } = ctx.inlineQuery;
      const from = /^\d{1,6}$/.test(offset) ? Number(offset) : 0;
      const found = await this.find(ctx, query, from);
      const results = found.slice(0, PAGE).map((product) => resultOf(product, ctx.words.about(product.id)));
      const other = {
        cache_time: CACHE,
        // The texts are in the person's language.
        is_personal: true,
        next_offset: found.length > PAGE ? String(from + PAGE) : '',
        button: { text: ctx.words.say('shop.open'), start_parameter: 'shop' },
      };
      await ctx.answerInlineQuery(results, other).catch(ignoreLateness);
    });
  }

  private async find(ctx: ShopContext, typed: string, offset: number): Promise<Product[]> {
    const { bot, inTenant } = ctx.scope;
    if (!isOpen(bot)) return [];
    const now = this.clock.now();
    return inTenant(async (tx) => {
      const [selling, found] = await Promise.all([
        this.quotas.selling(tx, now),
        this.search.forEverybody(tx, bot.botId, { typed, limit: PAGE + 1, offset, now }),
      ]);
      return selling === 'open' ? found : [];
    });
  }
}

function resultOf(product: Product, words: Phrasebook): InlineQueryResultArticle {
  const { id: productId, stars: price, priceVersion } = product;
  const title = words.title(product.title);
  const description = words.description(product.description);
  return {
    type: 'article',
    id: publicId('product', productId),
    title,
    description: words.say('inline.result', { price, description }),
    input_message_content: {
      title,
      description: invoiceDescription(product, words),
      payload: offerPayload({ productId, priceVersion, source: SOURCE }),
      provider_token: '',
      currency: 'XTR',
      prices: [{ label: title, amount: price }],
    },
  };
}

/** Ignores the error of a late answer: while a person types, each query replaces the last. */
function ignoreLateness(error: unknown): void {
  if (judge(error).kind === 'token_invalid') throw error;
}
