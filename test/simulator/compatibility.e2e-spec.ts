import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Bot as GrammyBot, InlineKeyboard, webhookCallback } from 'grammy';
import { Telegraf } from 'telegraf';
import { type Simulator, SimulatorClient, startSimulator } from '../../apps/simulator/src/index.js';
import { eventually } from './support.js';

interface Sold {
  chargeId?: string;
  refunded?: boolean;
}

let simulator: Simulator;
let client: SimulatorClient;

beforeEach(async () => {
  simulator = await startSimulator();
  client = new SimulatorClient(simulator.url);
});
afterEach(() => simulator.close());

/** Start, press Buy, pay the invoice, have it refunded: what a buyer does with either bot. */
async function buyAndRefund(botId: number, sold: Sold): Promise<void> {
  const buyer = await client.createUser({ first_name: 'Ada' });
  const chat = { botId, userId: buyer.id };
  const messages = async () => (await client.chat(chat)).messages;
  await client.topUp(buyer.id, 60);

  await client.start(chat, 'from_ad');
  const welcome = await eventually(messages, (all) => all.length === 2);
  expect(welcome[1]).toMatchObject({
    text: 'Hello Ada, you came from_ad',
    entities: [{ type: 'bold', offset: 6, length: 3 }],
  });
  await client.press(chat, welcome[1]?.message_id ?? 0, 'buy');
  const offered = await eventually(messages, (all) => all.some((message) => message.invoice !== undefined));
  const invoice = offered.find((message) => message.invoice !== undefined);

  const outcome = await client.payMessage(chat, invoice?.message_id ?? 0);
  expect(outcome).toMatchObject({ status: 'paid' });
  await eventually(messages, (all) => all.at(-1)?.text === 'Thank you');
  expect(await client.user(buyer.id)).toMatchObject({ balance: 10 });
  expect(sold.chargeId).toMatch(/^stx[\w-]{107,128}$/);

  await client.sendText(chat, '/refund');
  await eventually(
    () => client.user(buyer.id),
    (user) => user.balance === 60,
  );
  await eventually(
    () => Promise.resolve(sold),
    (state) => state.refunded === true,
  );
  const { balance, transactions } = await client.transactions(botId);
  expect(balance).toBe(0);
  expect(transactions.map(({ id }) => id)).toEqual([sold.chargeId, sold.chargeId]);
}

describe('a bot written with grammY, by webhook', () => {
  let server: Server;
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  it('completes a sale', async () => {
    const { id, token } = await client.createBot({ username: 'grammy_shop_bot', name: 'grammY Shop' });
    const sold: Sold = {};
    const bot = new GrammyBot(token, { client: { apiRoot: simulator.url } });
    bot.command('start', (ctx) =>
      ctx.reply(`Hello <b>${ctx.from?.first_name}</b>, you came ${ctx.match}`, {
        parse_mode: 'HTML',
        reply_markup: new InlineKeyboard().text('Buy', 'buy'),
      }),
    );
    bot.callbackQuery('buy', async (ctx) => {
      await ctx.answerCallbackQuery();
      await ctx.replyWithInvoice('Guide', 'A guide', 'order-1', 'XTR', [{ label: 'Guide', amount: 50 }]);
    });
    bot.on('pre_checkout_query', (ctx) => ctx.answerPreCheckoutQuery(true));
    bot.on('message:successful_payment', async (ctx) => {
      sold.chargeId = ctx.message.successful_payment.telegram_payment_charge_id;
      await ctx.reply('Thank you');
    });
    bot.command('refund', (ctx) => ctx.api.refundStarPayment(ctx.chat.id, sold.chargeId ?? ''));
    bot.on('message:refunded_payment', () => {
      sold.refunded = true;
    });

    const handle = webhookCallback(bot, 'http', { secretToken: 'hush' });
    server = createServer((request, response) => void handle(request, response));
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    await bot.api.setWebhook(url, {
      secret_token: 'hush',
      allowed_updates: ['message', 'callback_query', 'pre_checkout_query'],
    });

    await buyAndRefund(id, sold);
    const page = await bot.api.getStarTransactions({ offset: 0, limit: 10 });
    expect(page.transactions.map(({ source, receiver }) => (source ? 'in' : receiver ? 'out' : ''))).toEqual([
      'in',
      'out',
    ]);
    expect(await client.deliveries(id)).toEqual(expect.not.arrayContaining([expect.objectContaining({ status: 500 })]));
  });
});

describe('a bot written with Telegraf, by long polling', () => {
  it('completes a sale', async () => {
    const { id, token } = await client.createBot({ username: 'telegraf_shop_bot', name: 'Telegraf Shop' });
    const sold: Sold = {};
    const bot = new Telegraf(token, { telegram: { apiRoot: simulator.url } });
    bot.start((ctx) =>
      ctx.replyWithHTML(`Hello <b>${ctx.from.first_name}</b>, you came ${ctx.payload}`, {
        reply_markup: { inline_keyboard: [[{ text: 'Buy', callback_data: 'buy' }]] },
      }),
    );
    bot.action('buy', async (ctx) => {
      await ctx.answerCbQuery();
      const prices = [{ label: 'Guide', amount: 50 }];
      await ctx.replyWithInvoice({
        title: 'Guide',
        description: 'A guide',
        payload: 'o',
        provider_token: '',
        currency: 'XTR',
        prices,
      });
    });
    bot.on('pre_checkout_query', (ctx) => ctx.answerPreCheckoutQuery(true));
    bot.on('successful_payment', async (ctx) => {
      sold.chargeId = ctx.message.successful_payment.telegram_payment_charge_id;
      await ctx.reply('Thank you');
    });
    bot.command('refund', (ctx) =>
      ctx.telegram.callApi(
        'refundStarPayment' as never,
        {
          user_id: ctx.from.id,
          telegram_payment_charge_id: sold.chargeId,
        } as never,
      ),
    );
    bot.use((ctx, next) => {
      if ('message' in ctx.update && 'refunded_payment' in ctx.update.message) sold.refunded = true;
      return next();
    });
    const polling = bot.launch();

    await buyAndRefund(id, sold);
    bot.stop();
    await polling;
  });
});
