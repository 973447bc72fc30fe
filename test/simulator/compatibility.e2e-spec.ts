import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Bot as GrammyBot, InlineKeyboard, webhookCallback } from 'grammy';
import { Telegraf } from 'telegraf';
import { type Simulator, SimulatorClient, startSimulator } from '../../apps/simulator/src/index.js';
import { eventually } from './support.js';

interface Sold {
  chargeId?: string;
  refunded?: boolean;
  /** For each payment of the subscription: whether it was the first. */
  readonly months: boolean[];
  readonly states: string[];
}

const PERIOD = 2_592_000;
const GUIDE = { title: 'Guide', description: 'A guide', payload: 'shared', currency: 'XTR' } as const;
const PRICES = [{ label: 'Guide', amount: 50 }];
const SHARED = {
  type: 'article',
  id: 'guide',
  title: 'Guide',
  input_message_content: { ...GUIDE, provider_token: '', prices: PRICES },
} as const;

let simulator: Simulator;
let client: SimulatorClient;

beforeEach(async () => {
  simulator = await startSimulator();
  client = new SimulatorClient(simulator.url);
});
afterEach(() => simulator.close());

/** Performs a buyer's steps with either bot: press Start and Buy, pay the invoice, get a refund. */
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

/** Requests a subscription, pays for it twice, and cancels it. */
async function subscribe(botId: number, sold: Sold): Promise<void> {
  const buyer = await client.createUser({ first_name: 'Ben' });
  const chat = { botId, userId: buyer.id };
  await client.topUp(buyer.id, 20);
  await client.sendText(chat, '/pro');
  const messages = await eventually(
    async () => (await client.chat(chat)).messages,
    (all) => all.some(({ text }) => text?.startsWith('https://t.me/$')),
  );
  const link = messages.find(({ text }) => text?.startsWith('https://t.me/$'))?.text ?? '';
  expect(await client.payLink(buyer.id, link)).toMatchObject({ status: 'paid' });
  const paid = (times: number) =>
    eventually(
      () => Promise.resolve(sold.months),
      (months) => months.length === times,
    );
  // By then the subscription message is a month old.
  await paid(1);
  await client.advance(PERIOD);
  await paid(2);
  expect(sold.months).toEqual([true, false]);
  const [subscription] = await client.subscriptions(buyer.id);
  await client.cancelSubscription(subscription?.id ?? '');
  await eventually(
    () => Promise.resolve(sold.states),
    (states) => states.length === 1,
  );
  expect(sold.states).toEqual(['canceled']);
}

/** Types `@bot` in a group, picks the invoice, and lets a friend pay it. */
async function shareInline(botId: number): Promise<void> {
  const [ada, bob] = [await client.createUser({ first_name: 'Cy' }), await client.createUser({ first_name: 'Dee' })];
  const group = await client.createSharedChat({ type: 'group', title: 'Friends', ownerId: ada.id });
  await client.setUpBot(botId, { inline: true });
  await client.topUp(bob.id, 50);
  const answer = await client.inlineQuery({ botId, userId: ada.id, query: 'guide', chatType: 'group' });
  expect(answer).toMatchObject({ status: 'answered', results: [{ title: 'Guide' }] });
  await client.pick(answer.queryId, { resultId: 'guide', to: { chatId: group.id } });
  const [message] = (await client.sharedChat(group.id)).messages;
  expect(await client.payIn(group.id, bob.id, message?.message_id ?? 0)).toMatchObject({ status: 'paid' });
}

describe('a grammY bot with a webhook', () => {
  let server: Server;
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  it('completes a sale, a subscription and an inline sale', async () => {
    const { id, token } = await client.createBot({ username: 'grammy_shop_bot', name: 'grammY Shop' });
    const sold: Sold = { months: [], states: [] };
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
      const payment = ctx.message.successful_payment;
      if (payment.is_recurring) sold.months.push(payment.is_first_recurring === true);
      sold.chargeId = payment.telegram_payment_charge_id;
      await ctx.reply('Thank you');
    });
    bot.command('pro', async (ctx) => {
      const month = [{ label: 'Pro', amount: 10 }];
      const more = { subscription_period: PERIOD };
      await ctx.reply(await ctx.api.createInvoiceLink('Pro', 'A month', `pro-${ctx.chat.id}`, '', 'XTR', month, more));
    });
    bot.on('inline_query', (ctx) => ctx.answerInlineQuery([SHARED]));
    bot.use((ctx, next) => {
      if (ctx.update.subscription) sold.states.push(ctx.update.subscription.state);
      return next();
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
      allowed_updates: ['message', 'callback_query', 'pre_checkout_query', 'inline_query', 'subscription'],
    });

    await buyAndRefund(id, sold);
    const page = await bot.api.getStarTransactions({ offset: 0, limit: 10 });
    expect(page.transactions.map(({ source, receiver }) => (source ? 'in' : receiver ? 'out' : ''))).toEqual([
      'in',
      'out',
    ]);
    await subscribe(id, sold);
    await shareInline(id);
    expect(await client.deliveries(id)).toEqual(expect.not.arrayContaining([expect.objectContaining({ status: 500 })]));
  });
});

describe('a Telegraf bot with long polling', () => {
  it('completes a sale, a subscription and an inline sale', async () => {
    const { id, token } = await client.createBot({ username: 'telegraf_shop_bot', name: 'Telegraf Shop' });
    const sold: Sold = { months: [], states: [] };
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
      const payment: object = ctx.message.successful_payment;
      if ('is_recurring' in payment) sold.months.push('is_first_recurring' in payment);
      sold.chargeId = ctx.message.successful_payment.telegram_payment_charge_id;
      await ctx.reply('Thank you');
    });
    bot.command('pro', async (ctx) => {
      const month = { title: 'Pro', description: 'A month', payload: `pro-${ctx.chat.id}`, currency: 'XTR' };
      const terms = {
        ...month,
        provider_token: '',
        prices: [{ label: 'Pro', amount: 10 }],
        subscription_period: PERIOD,
      };
      await ctx.reply(await ctx.telegram.createInvoiceLink(terms));
    });
    bot.on('inline_query', (ctx) => ctx.answerInlineQuery([SHARED]));
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
      const { subscription } = ctx.update as { readonly subscription?: { readonly state: string } };
      if (subscription) sold.states.push(subscription.state);
      return next();
    });
    const polling = bot.launch();

    await buyAndRefund(id, sold);
    await subscribe(id, sold);
    await shareInline(id);
    bot.stop();
    await polling;
  });
});
