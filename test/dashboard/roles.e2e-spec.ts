import type { Browser, Page } from 'playwright-core';
import { newUuid } from '#libs/kernel';
import { Buyer, Creator, eventually, type Starwall, startStarwall } from '../support/starwall.js';
import { launchBrowser, move, openAs, PASSWORD } from './browser.js';

let starwall: Starwall;
let browser: Browser;
let owner: Creator;
let order: string;
let product: string;
beforeAll(async () => {
  [starwall, browser] = await Promise.all([startStarwall(), launchBrowser()]);
  owner = await Creator.signUp(starwall);
  const bot = await owner.registerBot();
  product = await owner.createProduct(bot.id);
  const buyer = await Buyer.meets(starwall, bot.telegramId);
  await buyer.pays(await buyer.wants(product));
  order = await eventually('a delivery', async () => {
    const { data } = (await owner.get('/v1/orders?delivery_state=delivered').expect(200)).body;
    return data[0]?.id;
  });
});
afterAll(async () => {
  await browser?.close();
  await starwall.stop();
});

async function join(role: 'support' | 'viewer'): Promise<string> {
  const email = `${newUuid()}@starwall.example`;
  const { body } = await owner.post('/v1/invitations', { email, role }).expect(201);
  const accepted = { token: body.token, password: PASSWORD };
  await starwall.http().post('/v1/invitations/accept').send(accepted).expect(200);
  return email;
}

const buttons = (page: Page) => page.locator('main').locator('button, a.btn').locator('visible=true').allInnerTexts();

describe('the dashboard', () => {
  it('shows a viewer no action that the API would refuse', async () => {
    const { page, problems, close } = await openAs(browser, `${starwall.url}/orders/${order}`, await join('viewer'));
    await page.getByText('The goods are with the buyer.').waitFor();
    expect(await buttons(page)).not.toContain('Refund');
    for (const [path, ready] of [
      ['/products', 'Guide'],
      ['/bots', 'All well'],
      ['/money', 'Earned in this period'],
      ['/developers/endpoints', 'No endpoint yet'],
      ['/developers/events', 'order.paid'],
      ['/promo-codes', 'Your first promo code will appear here'],
      ['/workspace', 'This device'],
      ['/workspace/plan', 'Orders this month'],
    ] as const) {
      await move(page, path);
      await page.locator('main').getByText(ready).locator('visible=true').first().waitFor();
      const found = (await buttons(page)).join();
      expect(found).not.toMatch(/New|Add|Pause|Compare|Send|Invite|Save|Remove/);
    }
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill(order);
    await page.getByText('Nothing matches that name or id.').waitFor();
    expect(problems).toEqual([]);
    await close();
  });

  it('shows support the refund, but no change of a product', async () => {
    const { page, problems, close } = await openAs(browser, `${starwall.url}/orders/${order}`, await join('support'));
    await page.getByRole('button', { name: 'Refund' }).locator('visible=true').waitFor();
    expect(problems).toEqual([]);
    await close();
  });

  it('shows the owner all actions', async () => {
    const { page, close } = await openAs(browser, `${starwall.url}/products/${product}`, owner.email);
    await page.getByRole('button', { name: 'Archive' }).locator('visible=true').waitFor();
    await close();
  });
});
