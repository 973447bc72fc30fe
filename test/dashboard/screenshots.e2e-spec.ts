import { mkdirSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { newUuid } from '#libs/kernel';
import { Buyer, eventually, type Starwall, startStarwall } from '../support/starwall.js';
import { DESKTOP, launchBrowser, overhang, PASSWORD, PHONE, signUp, visit } from './browser.js';

/** `npm run screenshots` sets it to the folder for the pictures. */
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
const THEMES = ['light', 'dark'] as const;

/** A workspace with a bot, products and a few orders in all states. */
async function furnish(email: string): Promise<{ order: string; product: string; bot: string }> {
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
  for (const [first_name, product] of [
    ['Mira', verbs],
    ['Kai', endings],
    ['Ines', club],
    ['Oleg', verbs],
  ] as const) {
    const buyer = await Buyer.meets(starwall, bot.telegram_id, 1_000, { first_name });
    await buyer.pays(await buyer.wants(product.id));
    await buyer.wants(endings.id);
  }
  const order = await eventually('deliveries', async () => {
    const { data } = await ask<{ data: { id: string; status: string }[] }>('get', '/v1/orders?payment_state=paid');
    return data.length === 4 && data.every(({ status }) => status === 'delivered') && data[0]?.id;
  });
  await ask('post', `/v1/orders/${order}/refunds`, { reason: 'As the buyer asked.' });
  return { order, product: verbs.id, bot: bot.id };
}

describe('every page', () => {
  it.each(Object.keys(SIZES) as (keyof typeof SIZES)[])('fits a %s, in both themes', async (size) => {
    const email = `${newUuid()}@starwall.example`;
    const { page, problems, close } = await visit(browser, `${starwall.url}/`, SIZES[size]);
    const tooWide: string[] = [];
    const picture = async (name: string) => {
      for (const theme of THEMES) {
        await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
        const over = await overhang(page);
        if (over > 0) tooWide.push(`${name}: ${over} px`);
        if (FOLDER === undefined) continue;
        mkdirSync(FOLDER, { recursive: true });
        await page.screenshot({ path: `${FOLDER}/${name}-${size}-${theme}.png` });
      }
    };
    const open = async (name: string, path: string, ready: string) => {
      await page.goto(`${starwall.url}${path}`);
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

    const { order, product, bot } = await furnish(email);
    await open('home', '/', 'Latest orders');
    await open('orders', '/orders', 'Ines');
    await open('orders-filtered', '/orders?payment_state=refunded', 'Payment');
    await open('order', `/orders/${order}`, 'What happened');
    await open('products', '/products', 'Verbs of motion');
    await open('product', `/products/${product}`, 'The promise');
    await open('product-new', '/products/new', 'The promise');
    await open('bots', `/bots/${bot}`, 'Doctor');
    await page.getByRole('button', { name: 'Add a bot' }).click();
    await page.getByRole('dialog').waitFor();
    await picture('bots-add');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill(order);
    await page.getByRole('option', { name: order }).waitFor();
    await picture('palette');
    expect(tooWide).toEqual([]);
    expect(problems).toEqual([]);
    await close();
  });
});
