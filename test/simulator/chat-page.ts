import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Bot as GrammyBot, InlineKeyboard, InputFile } from 'grammy';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { SimulatorClient, startSimulator } from '../../apps/simulator/src/index.js';

export { launchBrowser } from '../../scripts/chromium.mjs';

/** A text that must not become markup when a bot sends it. */
export const HOSTILE = `<script>document.title = "taken over"</script> <img src=x onerror=alert(1)> &lt;b&gt; ${'x'.repeat(300)}`;
export const SOLD_OUT = 'Somebody was faster: <b>sold out</b>.';

const GOODS = [
  { id: 'guide', title: 'Guide', stars: 50 },
  { id: 'print', title: 'Signed print', stars: 20 },
  { id: 'course', title: 'Course', stars: 500 },
] as const;

/** Monochrome pictures. */
const PICTURES = [
  'iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR4nGP40CUDRAwQCgAvxgZZIj+u8gAAAABJRU5ErkJggg==',
  'iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR4nGPQWxYDRAwQCgAglgTBk6KXiwAAAABJRU5ErkJggg==',
  'iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR4nGPQr30IRAwQCgAosgY1LSo6PwAAAABJRU5ErkJggg==',
].map((text) => Buffer.from(text, 'base64'));

/**
 * Opens a page for a buyer with 60 Stars and a bot that sells a guide (50), a print that is sold out at payment (20),
 * and a course (500).
 */
export async function openShopPage() {
  const simulator = await startSimulator();
  const client = new SimulatorClient(simulator.url);
  const { id: botId, token } = await client.createBot({ username: 'star_shop_bot', name: 'Star Shop' });
  const { id: userId } = await client.createUser({ first_name: 'Ada', username: 'ada_buys' });
  await client.topUp(userId, 60);
  const bot = sellingBot(token, simulator.url);
  await bot.api.setMyCommands([{ command: 'start', description: 'See what is sold' }]);
  const polling = bot.start();
  return {
    simulator,
    client,
    chat: { botId, userId },
    bot,
    url: `${simulator.url}/#/star_shop_bot`,
    balance: async () => (await client.user(userId)).balance,
    async close() {
      await bot.stop();
      await polling;
      await simulator.close();
    },
  };
}

function sellingBot(token: string, apiRoot: string): GrammyBot {
  const bot = new GrammyBot(token, { client: { apiRoot } });
  const keyboard = InlineKeyboard.from(GOODS.map(({ id, title }) => [InlineKeyboard.text(title, id)]));
  bot.command('start', (ctx) =>
    ctx.reply('Welcome to <b>Star Shop</b> &amp; friends', { parse_mode: 'HTML', reply_markup: keyboard }),
  );
  bot.hears('Speak', (ctx) => ctx.reply(HOSTILE));
  for (const { id, title, stars } of GOODS) {
    bot.callbackQuery(id, async (ctx) => {
      await ctx.answerCallbackQuery();
      await ctx.replyWithInvoice(title, `${title}, for you`, id, 'XTR', [{ label: title, amount: stars }]);
    });
  }
  bot.command('pro', async (ctx) => {
    const month = [{ label: 'Pro', amount: 25 }];
    const link = await ctx.api.createInvoiceLink('Pro', 'Everything, for a month', 'pro', '', 'XTR', month, {
      subscription_period: 2_592_000,
    });
    await ctx.reply('Be a pro', { reply_markup: new InlineKeyboard().url('Subscribe', link) });
  });
  bot.command('gallery', (ctx) => {
    const media = PICTURES.map((bytes) => ({ type: 'photo' as const, media: new InputFile(bytes, 'p.png') }));
    return ctx.replyWithPaidMedia(20, media, { payload: 'gallery', caption: 'Three pictures' });
  });
  bot.on('inline_query', (ctx) =>
    ctx.answerInlineQuery(
      GOODS.map(({ id, title, stars }) => {
        const invoice = { title, description: `${title}, for you`, payload: id, currency: 'XTR' };
        const content = { ...invoice, prices: [{ label: title, amount: stars }], provider_token: '' };
        return { type: 'article', id, title, description: `${title}, for you`, input_message_content: content };
      }),
    ),
  );
  bot.on('chat_join_request', (ctx) => ctx.api.sendMessage(ctx.chatJoinRequest.user_chat_id, 'A moment, please'));
  bot.on('pre_checkout_query', (ctx) =>
    ctx.preCheckoutQuery.invoice_payload === 'print'
      ? ctx.answerPreCheckoutQuery(false, SOLD_OUT)
      : ctx.answerPreCheckoutQuery(true),
  );
  bot.on('message:successful_payment', (ctx) => ctx.reply('Thank you'));
  return bot;
}

/** Opens the page in a new context; `problems` collects the errors reported by the browser. */
export async function visit(browser: Browser, url: string, options: BrowserContextOptions = {}) {
  const context = await browser.newContext({ viewport: { width: 1200, height: 800 }, locale: 'en-GB', ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const problems: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('requestfailed', (request) => problems.push(`${request.url()}: ${request.failure()?.errorText ?? ''}`));
  await page.goto(url);
  return { page, problems, close: () => context.close() };
}

export const button = (within: Page | Locator, name: string | RegExp): Locator =>
  within.getByRole('button', { name }).last();

/** Presses Start and chooses a product, as far as its invoice. */
export async function chooseFromShop(page: Page, title: string): Promise<void> {
  await button(page, 'Start').click();
  await button(page, title).click();
  await page.getByRole('heading', { name: title }).waitFor();
}

/** Makes the bot send the hostile text. */
export async function speak(page: Page): Promise<void> {
  await page.getByRole('textbox', { name: 'Message' }).fill('Speak');
  await page.keyboard.press('Enter');
}

export const isFocused = (locator: Locator): Promise<boolean> =>
  locator.evaluate((node) => node === node.ownerDocument.activeElement);

/** Returns the number of pixels by which the page, or any element except a row of tabs, can be scrolled sideways. */
export const overhang = (page: Page): Promise<number> =>
  page.evaluate<number>(`Math.max(
    ...[...document.querySelectorAll('*:not(.views)')]
      .filter((node) => node === document.documentElement || getComputedStyle(node).overflowX.match(/auto|scroll/))
      .map((node) => node.scrollWidth - node.clientWidth),
  )`);

/** Saves a screenshot for people in the system's temporary directory. */
export async function screenshot(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(tmpdir(), 'starwall-chat-page', `${name}.png`), animations: 'disabled' });
}
