import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { Buyer, Creator, eventually, type RegisteredBot, type Starwall, startStarwall } from '../support/starwall.js';
import { axe, launchBrowser, openAs, overhang, PHONE } from './browser.js';

let starwall: Starwall;
let browser: Browser;
let creator: Creator;
let bot: RegisteredBot;
let guide: string;
beforeAll(async () => {
  [starwall, browser] = await Promise.all([startStarwall(), launchBrowser()]);
  creator = await Creator.signUp(starwall);
  bot = await creator.registerBot('Lantern Lessons');
  guide = await creator.createProduct(bot.id);
});
afterAll(async () => {
  await browser?.close();
  await starwall.stop();
});

const HOSTILE = '=HYPERLINK("x"),<b>';

async function sell(product: string, person: object): Promise<{ buyer: Buyer; order: string }> {
  const buyer = await Buyer.meets(starwall, bot.telegramId, 1_000, person);
  await buyer.pays(await buyer.wants(product));
  const order = await eventually('the order', async () => {
    const list = await creator.get(`/v1/orders?buyer_telegram_id=${buyer.id}&payment_state=paid`).expect(200);
    return list.body.data[0]?.id as string | undefined;
  });
  return { buyer, order };
}

const visible = (page: Page, name: string) => page.getByRole('button', { name }).locator('visible=true');

describe('the page of an order', () => {
  it('delivers goods manually when the server does not answer, and delivers them again', async () => {
    const report = await creator.createProduct(bot.id, {
      title: 'Report',
      kind: 'callback',
      content: null,
      fulfilment_url: 'https://goods.starwall.example/make',
    });
    const { buyer, order } = await sell(report, { first_name: 'Mira', language_code: 'ru' });
    const { page, problems, close } = await openAs(browser, `${starwall.url}/orders/${order}`, creator.email, PHONE);
    await visible(page, 'Send the goods yourself').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Goods', { exact: true }).fill('Your report: all is well.');
    expect(await axe(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Send the goods yourself' }).click();
    await buyer.hears(/all is well/);
    await page.getByText('The goods are with the buyer.').waitFor();
    // The receipt is in the buyer's language.
    await page.getByText('Чек: Report').waitFor();

    await visible(page, 'Deliver again').click();
    await dialog.getByLabel(/^Reason/).fill('Lost the phone.');
    await dialog.getByRole('button', { name: 'Deliver again' }).click();
    await eventually(
      'the goods again',
      async () => (await buyer.heard()).filter((text) => /all is well/.test(text)).length > 1,
    );
    expect(await overhang(page)).toBe(0);
    expect(problems).toEqual([]);
    await close();
  });
});

describe('the list of orders', () => {
  it('can be filtered, saved as a view, and exported with names that no spreadsheet executes', async () => {
    const { order } = await sell(guide, { first_name: HOSTILE });
    const { page, problems, close } = await openAs(browser, `${starwall.url}/orders`, creator.email);
    await page.locator('label.fb.add select').selectOption({ label: 'Guide' });
    await page.waitForURL(/product_id=prod_/);
    await page.getByRole('button', { name: 'Save view' }).click();
    await page.getByRole('dialog').getByLabel(/^Name/).fill('Guides');
    await page.getByLabel('Share it with the workspace').check();
    await page.getByRole('dialog').getByRole('button', { name: 'Save view' }).click();
    await page.getByRole('link', { name: 'All' }).first().click();
    await page.getByRole('link', { name: 'Guides' }).click();
    await page.getByText(HOSTILE).first().waitFor();
    expect(await axe(page)).toEqual([]);

    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export' }).click(),
    ]);
    const csv = await readFile(await download.path(), 'utf8');
    expect(csv.split('\r\n')[0]).toContain('buyer_first_name');
    expect(csv).toContain(order);
    expect(csv).toContain(`"'=HYPERLINK(""x""),<b>"`);
    const viewer = await creator.invites('viewer');
    const theirs = await openAs(browser, `${starwall.url}/orders`, viewer.email, PHONE);
    await theirs.page.getByRole('link', { name: 'Guides (shared)' }).click();
    await theirs.page.waitForURL(/product_id=prod_/);
    expect(await theirs.page.getByRole('button', { name: /the view Guides/ }).count()).toBe(0);
    expect(await axe(theirs.page)).toEqual([]);
    expect(await overhang(theirs.page)).toBe(0);
    expect(theirs.problems).toEqual([]);
    await theirs.close();
    await page.getByRole('button', { name: 'Stop sharing the view Guides' }).click();
    await page.getByText('Only you see it now.').waitFor();
    expect((await viewer.get('/v1/order-views').expect(200)).body.data).toEqual([]);
    await page.getByRole('button', { name: 'Remove the view Guides' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('link', { name: 'Guides' }).waitFor({ state: 'detached' });
    expect(problems).toEqual([]);
    await close();
  });

  it('is available as a file through the API, with its filters, for one workspace only', async () => {
    const { order } = await sell(guide, { first_name: 'Kai' });
    const file = async (who: Creator, query: string) => (await who.get(`/v1/orders.csv?${query}`).expect(200)).text;
    expect(await file(creator, 'payment_state=paid')).toContain(order);
    expect(await file(creator, 'payment_state=refunded')).not.toContain(order);
    expect((await file(await Creator.signUp(starwall), '')).split('\r\n')).toHaveLength(2);
    await creator.get('/v1/orders.csv?payment_state=stolen').expect(400);
  });
});
