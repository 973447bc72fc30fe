import { InlineKeyboard } from 'grammy';
import { DESCRIPTION, invoiceDescription, type Product } from '#libs/catalog';
import { publicId } from '#libs/kernel';
import type { Placed } from '#libs/sales';
import { withPhoto } from '#libs/telegram';
import type { Phrasebook } from '#libs/texts';
import type { ShopContext } from './scope.js';

/** Asks a buyer to pay an order. A subscription is paid by a link and never by a message (Bot API, createInvoiceLink). */
export async function sendInvoice(ctx: ShopContext, buyerId: number, placed: Placed): Promise<void> {
  const { order, product } = placed;
  const words = ctx.words.about(product.id);
  const title = words.title(product.title);
  const description = describe(placed, words);
  const [payload, prices] = [publicId('order', order.id), [{ label: title, amount: order.stars }]];
  const period = periodOf(product);
  if (period === undefined) {
    const start = `buy_${publicId('product', product.id)}`;
    const keyboard = new InlineKeyboard()
      .pay(words.say('invoice.pay', { price: order.stars }))
      .row()
      .text(words.say('stars.how'), `stars:${publicId('product', product.id)}`);
    const other = { provider_token: '', start_parameter: start, reply_markup: keyboard };
    await withPhoto(product.photoUrl, (photo) =>
      ctx.api.sendInvoice(buyerId, title, description, payload, 'XTR', prices, { ...other, ...photo }),
    );
    return;
  }
  const link = await withPhoto(product.photoUrl, (photo) =>
    ctx.api.createInvoiceLink(title, description, payload, '', 'XTR', prices, {
      subscription_period: period,
      ...photo,
    }),
  );
  const button = words.say('subscription.subscribe', { price: order.stars, period });
  await ctx.api.sendMessage(buyerId, words.say('subscription.offer', { title, description }), {
    reply_markup: new InlineKeyboard()
      .url(button, link)
      .row()
      .text(words.say('stars.how'), `stars:${publicId('product', product.id)}`),
    link_preview_options: { is_disabled: true },
  });
}

const periodOf = ({ terms }: Product): number | undefined => terms.subscription?.periodSeconds;

/** What the invoice says; what a promo code takes off is left out where there is no room for it, for the price says it, too. */
function describe({ order, product, promoCode: code }: Placed, words: Phrasebook): string {
  const text = invoiceDescription(product, words);
  if (code === undefined || order.listStars === null) return text;
  const longer = `${text}\n${words.say('invoice.promo', { code, price: order.stars, list: order.listStars })}`;
  return [...longer].length > DESCRIPTION.max ? text : longer;
}
