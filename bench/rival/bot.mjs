import { Bot } from 'grammy';
import { inTransaction, run } from './store.mjs';

/** Milliseconds for which an approval blocks another attempt at the same order. */
const APPROVAL_HOLD_MS = 3_000;
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A shop that sells texts for Stars: what one creator would write with grammY. */
export function createBot({ token, apiRoot, pool }) {
  const bot = new Bot(token, { client: { apiRoot } });

  bot.command('start', async (ctx) => {
    const product = /^buy_(\d{1,9})$/.exec(ctx.match)?.[1];
    if (product === undefined) return ctx.reply('Welcome! Open a product by its link.');
    const { id, first_name: firstName, username = null, language_code: language = null } = ctx.from;
    await run(pool, 'meet', [id, firstName, username, language]);
    const { rows } = await run(pool, 'place', [product, id]);
    const [order] = rows;
    if (order === undefined) return ctx.reply('This is not for sale.');
    return ctx.replyWithInvoice(order.title, order.description, order.id, 'XTR', [
      { label: order.title, amount: order.stars },
    ]);
  });

  bot.on('pre_checkout_query', async (ctx) => {
    const refusal = await approve(pool, ctx.preCheckoutQuery);
    if (refusal === undefined) await ctx.answerPreCheckoutQuery(true);
    else await ctx.answerPreCheckoutQuery(false, { error_message: refusal });
  });

  bot.on('message:successful_payment', async (ctx) => {
    const paid = ctx.message.successful_payment;
    const charge = paid.telegram_payment_charge_id;
    if (await record(pool, ctx.from.id, paid)) return deliver(pool, bot.api, paid.invoice_payload);
    // The order was already paid with another charge.
    await bot.api.refundStarPayment(ctx.from.id, charge);
    return ctx.reply('You have already paid for this, so your Stars were sent back.');
  });

  return bot;
}

/** @returns the reason for a refusal, or undefined */
function approve(pool, { from, currency, total_amount: amount, invoice_payload: orderId }) {
  if (!ID.test(orderId)) return 'This invoice is unknown.';
  return inTransaction(pool, async (client) => {
    const [order] = (await run(client, 'lock', [orderId])).rows;
    if (order === undefined || order.buyerId !== String(from.id)) return 'This invoice is not yours.';
    if (order.state === 'paid') return 'You have already paid for this.';
    if (order.expiresAt <= new Date()) return 'This invoice has expired.';
    if (order.state === 'approved' && Date.now() - order.approvedAt.getTime() < APPROVAL_HOLD_MS)
      return 'This is being paid right now.';
    if (currency !== 'XTR' || amount !== order.stars || order.price !== order.stars) return 'The price has changed.';
    if (!order.onSale) return 'This is not for sale any more.';
    if (order.limit !== null) {
      const [{ n }] = (await run(client, 'bought', [from.id, order.productId])).rows;
      if (n >= order.limit) return 'You cannot buy more of this.';
    }
    await run(client, 'approve', [orderId]);
    return undefined;
  });
}

/** Idempotent: the same charge again changes nothing. @returns false when another charge has already paid the order */
function record(pool, buyerId, { telegram_payment_charge_id: charge, invoice_payload: orderId, total_amount: stars }) {
  return inTransaction(pool, async (client) => {
    await run(client, 'charge', [charge, orderId, buyerId, stars]);
    return (await run(client, 'pay', [orderId, charge])).count === 1;
  });
}

/** Sends the goods and the receipt. After a crash in between it sends both again. */
export async function deliver(pool, api, orderId) {
  const [order] = (await run(pool, 'goods', [orderId])).rows;
  if (order === undefined || order.deliveredAt !== null) return;
  await api.sendMessage(order.buyerId, order.content);
  const receipt = `Receipt: ${order.title}\n${order.stars} Stars, ${order.paidAt.toISOString()}\nOrder ${order.id}`;
  await api.sendMessage(order.buyerId, receipt);
  await run(pool, 'delivered', [order.id]);
}

/** Delivers orders that a crash has interrupted. */
export async function deliverLeftOver(pool, api) {
  for (const { id } of (await run(pool, 'undelivered')).rows) await deliver(pool, api, id);
}
