import { InlineKeyboard } from 'grammy';
import type { InlineKeyboardButton } from 'grammy/types';
import { DESCRIPTION, invoiceDescription, type Product } from '#libs/catalog';
import { publicId } from '#libs/kernel';
import type { Placed } from '#libs/sales';
import { judge, TelegramRefused, withPhoto } from '#libs/telegram';
import type { Phrasebook } from '#libs/texts';
import type { ShopContext } from './scope.js';

/** Asks a buyer to pay an order. A subscription needs a link instead of a message (Bot API, createInvoiceLink). */
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
  if (await becomesLink(ctx, { text: button, url: link }, words)) return;
  await ctx.api.sendMessage(buyerId, words.say('subscription.offer', { title, description }), {
    reply_markup: new InlineKeyboard()
      .url(button, link)
      .row()
      .text(words.say('stars.how'), `stars:${publicId('product', product.id)}`),
    link_preview_options: { is_disabled: true },
  });
}

/**
 * Turns the pressed button into one that leads to the payment, because its message already describes the product.
 * @returns false when there is no such message, or it can no longer be changed
 */
async function becomesLink(
  ctx: ShopContext,
  link: { readonly text: string; readonly url: string },
  words: Phrasebook,
): Promise<boolean> {
  const { data, message } = ctx.callbackQuery ?? {};
  if (data?.startsWith('buy:') !== true || message?.date === undefined || message.date === 0) return false;
  const rows = message.reply_markup?.inline_keyboard ?? [];
  const isPressed = (button: InlineKeyboardButton) => 'callback_data' in button && button.callback_data === data;
  if (!rows.flat().some(isPressed)) return false;
  const keyboard = rows.map((row) => row.map((button) => (isPressed(button) ? { ...link } : button)));
  try {
    await ctx.editMessageReplyMarkup({ reply_markup: { inline_keyboard: keyboard } });
  } catch (error) {
    if (!(error instanceof TelegramRefused) || judge(error).kind !== 'refused') throw error;
    return false;
  }
  await ctx.answerCallbackQuery({ text: words.say('subscription.pay_now') }).catch(() => undefined);
  return true;
}

const periodOf = ({ terms }: Product): number | undefined => terms.subscription?.periodSeconds;

/**
 * Returns the invoice's description. The promo code's discount is omitted if there is no room: the price also shows it.
 */
function describe({ order, product, promoCode: code }: Placed, words: Phrasebook): string {
  const text = invoiceDescription(product, words);
  if (code === undefined || order.listStars === null) return text;
  const longer = `${text}\n${words.say('invoice.promo', { code, price: order.stars, list: order.listStars })}`;
  return [...longer].length > DESCRIPTION.max ? text : longer;
}
