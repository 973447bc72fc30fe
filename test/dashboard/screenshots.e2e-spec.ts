import type { Browser, Page } from 'playwright-core';
import { newUuid } from '#libs/kernel';
import { openChat } from '../support/chats.js';
import { Buyer, eventually, type Starwall, startStarwall } from '../support/starwall.js';
import { DESKTOP, launchBrowser, move, PASSWORD, PHONE, pictures, signUp, visit } from './browser.js';

/** The folder for the screenshots, set by `npm run screenshots`. */
const FOLDER = process.env['SCREENSHOTS'];

let starwall: Starwall;
let browser: Browser;
beforeAll(async () => {
  [starwall, browser] = await Promise.all([startStarwall(), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await starwall.stop();
});

const SIZES = { desktop: DESKTOP, phone: PHONE };
/** The time limit in milliseconds for all pages of one size. */
const LONGEST = 180_000;

interface Populated {
  readonly order: string;
  readonly product: string;
  readonly keys: string;
  readonly bot: string;
  readonly buyer: number;
  readonly thread: string;
}

/** Creates a workspace with a bot, products and some orders in all states. */
async function populate(email: string): Promise<Populated> {
  const form = { email, password: PASSWORD };
  const { body: session } = await starwall.http().post('/v1/auth/login').send(form).expect(200);
  const ask = <T>(method: 'get' | 'post', path: string, body?: object): Promise<T> =>
    starwall
      .http()
      [method](path)
      .set('authorization', `Bearer ${session.access_token}`)
      .set('idempotency-key', newUuid())
      .send(body)
      .then((answer) => answer.body as T);
  const bot = await ask<{ id: string; telegram_id: number }>('post', '/v1/sandbox/bots', { name: 'Lantern Lessons' });
  const make = (title: string, stars: number) =>
    ask<{ id: string }>('post', '/v1/products', {
      bot_id: bot.id,
      kind: 'text',
      title,
      description: 'After paying you get a page with forty cards and the sound of every example.',
      stars,
      content: 'the goods',
    });
  const [verbs, endings, club] = [
    await make('Verbs of motion, 40 cards', 150),
    await make('Case endings on one page', 25),
    await make('Lantern Club, 30 days', 350),
  ];
  const keys = await ask<{ id: string }>('post', '/v1/products', {
    bot_id: bot.id,
    kind: 'licence_key',
    title: 'Studio preset key',
    description: 'After paying you get a key for the presets.',
    stars: 90,
  });
  await ask('post', `/v1/products/${keys.id}/keys`, { keys: ['AAAA-1111-BBBB', 'CCCC-2222-DDDD', 'EEEE-3333-FFFF'] });
  let buyer = 0;
  let asker: Buyer | undefined;
  for (const [first_name, product] of [
    ['Mira', verbs],
    ['Kai', endings],
    ['Ines', club],
    ['Oleg', verbs],
  ] as const) {
    asker = await Buyer.meets(starwall, bot.telegram_id, 1_000, { first_name });
    buyer = asker.id;
    await asker.pays(await asker.wants(product.id));
    await asker.wants(endings.id);
  }
  const order = await eventually('deliveries', async () => {
    const { data } = await ask<{ data: { id: string; status: string }[] }>('get', '/v1/orders?payment_state=paid');
    return data.length === 4 && data.every(({ status }) => status === 'delivered') && data[0]?.id;
  });
  await ask('post', `/v1/orders/${order}/refunds`, { reason: 'As the buyer asked.' });
  await asker?.says('/paysupport');
  const menu = await asker?.sees((it) => it.text?.includes('What is it about?') === true, 'the menu');
  if (asker !== undefined) await starwall.telegram.press(asker.chat, menu?.message_id ?? 0, 'support:other');
  await asker?.hears(/in your own words/);
  await asker?.says('Hi! I bought the cards, but the file opens as an empty page. Can you send it once more?');
  const thread = await eventually('the question', async () => {
    const { data } = await ask<{ data: { id: string }[] }>('get', '/v1/support-threads');
    return data[0]?.id;
  });
  await populateDesk(ask, bot);
  await ask('post', `/v1/support-threads/${thread}/messages`, { text: 'Sorry for that. Here it is once more.' });
  return { order, product: verbs.id, keys: keys.id, bot: bot.id, buyer, thread };
}

type Ask = <T>(method: 'get' | 'post', path: string, body?: object) => Promise<T>;

/** Creates a subscription, a chat, a promo code, a key, an endpoint, an invitation and a reconciliation. */
async function populateDesk(ask: Ask, bot: { readonly id: string; readonly telegram_id: number }): Promise<void> {
  const club = await ask<{ id: string }>('post', '/v1/products', {
    bot_id: bot.id,
    kind: 'subscription',
    title: 'Lantern Club, every month',
    description: 'After paying you get new cards every week.',
    stars: 250,
  });
  const member = await Buyer.meets(starwall, bot.telegram_id, 1_000, { first_name: 'Nora' });
  await member.subscribes(club.id);
  await openChat(starwall, { id: bot.id, telegramId: bot.telegram_id, token: '' }, 'supergroup');
  await ask('post', '/v1/promo-codes', { bot_id: bot.id, code: 'AUTUMN', percent_off: 20, max_uses: 100 });
  await ask('post', '/v1/api-keys', { name: 'Warehouse', scopes: ['orders:read', 'products:read'] });
  const url = 'https://hooks.starwall.example/stars';
  const endpoint = await ask<{ id: string }>('post', '/v1/endpoints', { url, description: 'The warehouse' });
  await ask('post', `/v1/endpoints/${endpoint.id}/test`);
  await ask('post', '/v1/invitations', { email: 'kim@starwall.example', role: 'support' });
  await ask('post', `/v1/bots/${bot.id}/reconciliations`, {});
  await eventually('the desk', async () => {
    const { data: subscriptions } = await ask<{ data: unknown[] }>('get', '/v1/subscriptions');
    const { data: chats } = await ask<{ data: unknown[] }>('get', '/v1/chats');
    const path = `/v1/bots/${bot.id}/reconciliations`;
    const { data: compared } = await ask<{ data: { state: string }[] }>('get', path);
    return subscriptions.length > 0 && chats.length > 0 && compared[0]?.state === 'succeeded';
  });
}

/** Opens the link in the email like its recipient. */
async function confirmAddress(page: Page, email: string): Promise<void> {
  const link = await eventually('the email', async () => {
    const answer = await fetch(`${starwall.simulator.url}/control/mails`);
    const mails = (await answer.json()) as { readonly to: string; readonly text: string }[];
    return mails.flatMap(({ to, text }) =>
      to === email ? (/^\S+\/confirm-address#\S+$/m.exec(text)?.[0] ?? []) : [],
    )[0];
  });
  await page.goto(link);
  await page.getByRole('button', { name: 'Confirm the address' }).click();
  await page.getByRole('link', { name: 'Open the dashboard' }).waitFor();
}

describe('every page of the dashboard', () => {
  it.each(Object.keys(SIZES) as (keyof typeof SIZES)[])(
    'fits a %s, in both themes and languages',
    async (size) => {
      const email = `nadia-${size}@starwall.example`;
      const { page, problems, close } = await visit(browser, `${starwall.url}/`, SIZES[size]);
      const tooWide: string[] = [];
      const picture = async (name: string) => {
        tooWide.push(...(await pictures(page, `${name}-${size}`, FOLDER)));
      };
      const open = async (name: string, path: string, ready: string) => {
        await move(page, path);
        await page.getByText(ready).first().waitFor({ state: 'attached' });
        await page.waitForTimeout(FOLDER === undefined ? 0 : 400);
        await picture(name);
      };
      await page.getByRole('heading', { name: 'Welcome back' }).waitFor();
      await picture('sign-in');
      await signUp(page, email);
      await picture('home-new');
      await open('bots-empty', '/bots', 'Your first bot will appear here');
      await open('orders-empty', '/orders', 'Your first order will appear here');

      await confirmAddress(page, email);
      const { order, product, keys, bot, buyer, thread } = await populate(email);
      await open('home', '/', 'Latest orders');
      await open('orders', '/orders', 'Ines');
      await open('orders-filtered', '/orders?payment_state=refunded', 'Payment');
      await open('order', `/orders/${order}`, 'What happened');
      await open('products', '/products', 'Verbs of motion');
      await open('product', `/products/${product}`, 'The promise');
      await open('product-keys', `/products/${keys}`, 'keys to sell');
      await open('buyers', '/buyers', 'Ines');
      await open('buyer', `/buyers/${String(buyer)}`, 'Purchases');
      await open('support', '/support', 'Answered');
      await open('thread', `/support/${thread}`, 'once more');
      await open('products-sort', '/products/sort', 'Drag the products');
      await open('product-new', '/products/new', 'The promise');
      await open('subscriptions', '/subscriptions', 'Lantern Club');
      await open('chats', '/chats', 'VIP');
      await page.getByText('VIP').locator('visible=true').first().click();
      await page.getByText('Who has access').waitFor();
      await picture('chat');
      await open('promo-codes', '/promo-codes', 'AUTUMN');
      await page.getByText('AUTUMN').locator('visible=true').first().click();
      await page.getByText('How buyers use it').waitFor();
      await picture('promo-code');
      await open('money', '/money', 'agree');
      await open('developers-keys', '/developers/keys', 'Warehouse');
      await open('developers-endpoints', '/developers/endpoints', 'endpoint.test');
      await open('developers-events', '/developers/events', 'order.refunded');
      await open('workspace-team', '/workspace/team', 'Open invitations');
      await open('workspace-security', '/workspace/security', 'This device');
      await open('workspace-alerts', '/workspace/alerts', 'Alerts in Telegram');
      await open('workspace-telegram', '/workspace/telegram', 'Your shop in Telegram');
      await open('workspace-plan', '/workspace/plan', 'Orders this month');
      await open('workspace-audit', '/workspace/audit', 'cannot be altered');
      await open('workspace-data', '/workspace/data', 'Download archive');
      await open('bots', `/bots/${bot}`, 'Doctor');
      await open('bot-words', `/bots/${bot}/words`, 'Choose a text');
      await page.goto(`${starwall.url}/bots/imports`);
      const list = { name: 'bots.txt', mimeType: 'text/plain', buffer: Buffer.from('123\n456\n') };
      await page.getByLabel('File with tokens').setInputFiles(list);
      await page.getByRole('button', { name: 'Add the bots' }).click();
      await page.getByText('BotFather').first().waitFor();
      await picture('bots-import');
      await open('bots-imports', '/bots/imports', 'Done');
      await move(page, `/bots/${bot}`);
      await page.getByRole('button', { name: 'Add a bot' }).click();
      await page.getByRole('dialog').waitFor();
      await picture('bots-add');
      await page.keyboard.press('Escape');
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox').fill(order);
      await page.getByRole('option', { name: order }).waitFor();
      await picture('palette');
      expect(tooWide).toEqual([]);
      // The browser logs an answer "not found", because there is no alert chat yet.
      expect(problems.filter((problem) => !problem.includes('404'))).toEqual([]);
      await close();
    },
    LONGEST,
  );
});
