import type { Browser, Page, Route } from 'playwright-core';
import { connectChat } from '../support/chats.js';
import { Buyer, Creator, eventually, type RegisteredBot, type Starwall, startStarwall } from '../support/starwall.js';
import { launchBrowser, openAs } from './browser.js';

let starwall: Starwall;
let browser: Browser;
let creator: Creator;
let bot: RegisteredBot;
let guide: string;
let chat: string;
let order: string;
let buyer: Buyer;
beforeAll(async () => {
  [starwall, browser] = await Promise.all([startStarwall(), launchBrowser()]);
  creator = await Creator.signUp(starwall);
  bot = await creator.registerBot('Lantern Lessons');
  guide = await creator.createProduct(bot.id);
  chat = await connectChat(starwall, creator, bot, 'channel');
  buyer = await Buyer.meets(starwall, bot.telegramId, 1_000, { first_name: 'Mira' });
  await buyer.pays(await buyer.wants(guide));
  order = await eventually('a delivery', async () => {
    const { data } = (await creator.get('/v1/orders?delivery_state=delivered').expect(200)).body;
    return data[0]?.id as string | undefined;
  });
});
afterAll(async () => {
  await browser?.close();
  await starwall.stop();
});

/** The requests of the frame around every page. */
const FRAME = /\/v1\/(?:auth\/|me$|installation$)/;

/** Simulates a bad day of the API, which answers late or not at all. */
class BadDay {
  private readonly held: Route[] = [];
  private mood: 'late' | 'gone' | 'well' = 'well';

  static async over(page: Page): Promise<BadDay> {
    const day = new BadDay();
    await page.context().route('**/v1/**', (route) => day.meet(route));
    return day;
  }

  begin(): void {
    this.mood = 'late';
  }

  /** Aborts the pending requests and all later ones. */
  async drop(): Promise<void> {
    this.mood = 'gone';
    await Promise.all(this.held.splice(0).map((route) => route.abort()));
  }

  end(): void {
    this.mood = 'well';
  }

  private meet(route: Route): Promise<void> {
    if (this.mood === 'well' || FRAME.test(new URL(route.request().url()).pathname)) return route.continue();
    if (this.mood === 'gone') return route.abort();
    this.held.push(route);
    return Promise.resolve();
  }
}

type Place = readonly [path: string, content: string];

/** Pages, each with a text that shows that its content has arrived. */
const PAGES: Readonly<Record<string, () => readonly Place[]>> = {
  'about sales': () => [
    ['/', 'Latest orders'],
    ['/orders', 'Guide'],
    [`/orders/${order}`, 'What happened'],
    ['/buyers', 'Mira'],
    [`/buyers/${buyer.id}`, 'Purchases'],
    ['/products', 'Guide'],
    ['/products/sort', 'Drag the products'],
    [`/products/${guide}`, 'The promise'],
    ['/subscriptions', 'Your first subscription'],
    ['/support', 'No questions'],
  ],
  'about the shop': () => [
    ['/money', 'Earned in this period'],
    [`/bots/${bot.id}`, 'All well'],
    [`/bots/${bot.id}/words`, 'Choose a text'],
    ['/chats', 'VIP'],
    [`/chats/${chat}`, 'Who has access'],
    ['/promo-codes', 'Your first promo code'],
    ['/developers/endpoints', 'No endpoint yet'],
    ['/developers/events', 'order.paid'],
    ['/developers/keys', 'New key'],
    ['/workspace/team', 'Owner'],
    ['/workspace/security', 'This device'],
    ['/workspace/alerts', 'Alerts by email'],
    ['/workspace/telegram', 'Link my account'],
    ['/workspace/plan', 'Orders this month'],
    ['/workspace/audit', 'Created a product'],
  ],
};

it.each(Object.keys(PAGES))(
  'every page %s waits with a skeleton, reports a missing answer, and can try again',
  async (which) => {
    const { page, close } = await openAs(browser, `${starwall.url}/orders`, creator.email);
    await page.getByRole('link', { name: 'Guide' }).first().waitFor();
    const day = await BadDay.over(page);
    await page.clock.install();
    const main = page.locator('main');
    const seen: string[] = [];
    for (const [path, content] of PAGES[which]?.() ?? []) {
      day.begin();
      await page.goto(`${starwall.url}${path}`);
      await main.getByRole('status', { name: 'Loading' }).first().waitFor({ state: 'attached' });
      await day.drop();
      const again = main.getByRole('button', { name: 'Try again' });
      const isSaid = await eventually(`an error at ${path}`, async () => {
        await page.clock.runFor(2_000);
        return again.first().isVisible();
      }).catch(() => false);
      if (!isSaid) seen.push(`${path}: no error`);
      day.end();
      for (const button of isSaid ? await again.all() : [])
        await button.click({ timeout: 2_000 }).catch(() => undefined);
      const isBack = await eventually(`${path} again`, async () => {
        await page.clock.runFor(500);
        return main.getByText(content).locator('visible=true').first().isVisible();
      }).catch(() => false);
      if (!isBack) seen.push(`${path}: not back`);
    }
    expect(seen).toEqual([]);
    await close();
  },
);

it('a form keeps its input when the server cannot be reached', async () => {
  const { page, close } = await openAs(browser, `${starwall.url}/products/new`, creator.email);
  await page.getByLabel(/^Title/).fill('Half a product');
  await page.getByLabel(/^Description/).fill('After paying you get it.');
  await page.getByRole('textbox', { name: 'Stars' }).fill('5');
  await page.getByLabel(/^Text/).fill('Be kind.');
  const day = await BadDay.over(page);
  day.begin();
  const sell = page.getByRole('button', { name: 'Put on sale' }).locator('visible=true');
  await sell.click();
  await page.locator('button[aria-busy=true]').first().waitFor();
  await day.drop();
  await page.getByText('The platform does not respond.').waitFor();
  expect(await page.getByLabel(/^Title/).inputValue()).toBe('Half a product');
  day.end();
  await sell.click();
  await page.getByText('On sale', { exact: true }).first().waitFor();
  await close();
});
