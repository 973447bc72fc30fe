import type { Browser, Page } from 'playwright-core';
import { Backstage } from '../support/backstage.js';
import { Buyer, Creator, type Starwall, startStarwall } from '../support/starwall.js';
import { axe, DESKTOP, launchBrowser, openAs, overhang, PHONE } from './browser.js';

/** More than a list has in the page as a whole (see `parts/windowed.ts`). */
const ORDERS = 400;
/** Lines near the screen. */
const MOST = 100;

let starwall: Starwall;
let backstage: Backstage;
let browser: Browser;
let creator: Creator;
beforeAll(async () => {
  [starwall, browser] = await Promise.all([startStarwall(), launchBrowser()]);
  backstage = await Backstage.open(starwall);
  creator = await Creator.signUp(starwall);
  const bot = await creator.registerBot();
  const buyer = await Buyer.meets(starwall, bot.telegramId, 0, { first_name: 'Mira' });
  await buyer.wants(await creator.createProduct(bot.id));
  await backstage.query(
    `insert into orders select (jsonb_populate_record(o, jsonb_build_object('id', gen_random_uuid(), 'placed_by_update', 1000 + n))).*
     from orders o, generate_series(1, $1::int) n`,
    [ORDERS - 1],
  );
});
afterAll(async () => {
  await browser?.close();
  await backstage.close();
  await starwall.stop();
});

/** Loads the whole list. */
async function loadAll(page: Page): Promise<void> {
  const more = page.getByRole('button', { name: 'Show more' });
  await more.waitFor();
  while ((await more.count()) > 0) {
    const answer = page.waitForResponse(/\/v1\/orders\?/);
    await more.click();
    await answer;
    await page.locator('[aria-busy="true"]').waitFor({ state: 'detached' });
  }
}

describe('a list of hundreds of orders', () => {
  it.each([
    { screen: 'as a table', options: DESKTOP, lines: 'tbody tr[data-index]' },
    { screen: 'as cards on a phone', options: PHONE, lines: '.cards > [data-index]' },
  ])('has only the lines near the screen in the page, $screen', async ({ options, lines }) => {
    const { page, problems, close } = await openAs(browser, `${starwall.url}/orders`, creator.email, options);
    await loadAll(page);
    const last = page.locator(`${lines}[data-index="${ORDERS}"]`);
    const indexes = () =>
      page.locator(lines).evaluateAll((found) => found.map((line) => Number(line.dataset['index'])));
    for (const end of ['bottom', 'top'] as const) {
      await page.evaluate(`scrollTo(0, ${end === 'top' ? 0 : 'document.body.scrollHeight'})`);
      await (end === 'top' ? page.locator(`${lines}[data-index="1"]`) : last).waitFor();
      const shown = await indexes();
      expect(shown.length).toBeLessThan(MOST);
      expect(shown).toEqual(Array.from(shown, (_, n) => (shown[0] ?? 0) + n));
      expect(await overhang(page)).toBe(0);
    }
    expect(await axe(page)).toEqual([]);
    expect(problems).toEqual([]);
    await close();
  });
});
