import { Inject, Injectable } from '@nestjs/common';
import { type Composer, InlineKeyboard } from 'grammy';
import { type Clock, publicId, stars } from '#libs/kernel';
import { CLOCK } from '#libs/runtime';
import { type PromoEntered, PromoService } from '#libs/sales';
import type { Phrasebook } from '#libs/texts';
import type { ShopContext } from './scope.js';
import { tell } from './show.js';

/** `promo_<code>` as the parameter of a deep link. */
export const PROMO_LINK = /^promo_([A-Za-z0-9_-]{1,58})$/;

/** Promo codes that buyers type, or that are part of a link. */
@Injectable()
export class PromoHandlers {
  constructor(
    private readonly promos: PromoService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  register(bot: Composer<ShopContext>): void {
    const chat = bot.chatType('private');
    chat.command('promo', (ctx) => this.enter(ctx, ctx.match));
    chat.command('start', (ctx, next) => {
      const code = PROMO_LINK.exec(ctx.match)?.[1];
      return code === undefined ? next() : this.enter(ctx, code);
    });
  }

  private async enter(ctx: ShopContext, typed: string): Promise<void> {
    const { bot, inTenant } = ctx.scope;
    const buyerId = ctx.from?.id;
    if (buyerId === undefined) return;
    if (typed.trim() === '') return void (await ctx.reply(ctx.words.say('promo.how')));
    const entered = await inTenant((tx) => this.promos.enter(tx, bot.botId, buyerId, typed, this.clock.now()));
    if (entered.kind !== 'kept') return void (await ctx.reply(ctx.words.say(`promo.${entered.kind}`)));
    const text = keptText(entered, ctx.words);
    const lines = entered.exceptPlans ? [text, ctx.words.say('promo.except_subscriptions')] : [text];
    await tell(ctx, lines.join('\n'), nextButton(entered, ctx.words));
  }
}

type Kept = PromoEntered & { readonly kind: 'kept' };

function keptText({ promo, product: title }: Kept, of: Phrasebook): string {
  const words = of.about(promo.productId);
  const { code, percentOff: percent, starsOff } = promo;
  if (percent === null) {
    const taken = { code, stars: stars(starsOff ?? 0) };
    return title === undefined
      ? words.say('promo.stars', taken)
      : words.say('promo.stars_product', { ...taken, title });
  }
  return title === undefined
    ? words.say('promo.percent', { code, percent })
    : words.say('promo.percent_product', { code, percent, title });
}

const nextButton = ({ promo, product }: Kept, words: Phrasebook) =>
  promo.productId === null || product === undefined
    ? new InlineKeyboard().text(words.say('shop.open'), 'shop:0')
    : new InlineKeyboard().text(
        words.about(promo.productId).title(product),
        `buy:${publicId('product', promo.productId)}`,
      );
