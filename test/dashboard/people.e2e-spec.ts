import type { Browser } from 'playwright-core';
import { Buyer, Creator, eventually, type RegisteredBot, type Starwall, startStarwall } from '../support/starwall.js';
import { axe, launchBrowser, openKept, overhang, PHONE } from './browser.js';

let starwall: Starwall;
let browser: Browser;
let creator: Creator;
let bot: RegisteredBot;
beforeAll(async () => {
  [starwall, browser] = await Promise.all([startStarwall(), launchBrowser()]);
  creator = await Creator.signUp(starwall);
  bot = await creator.registerBot('Lantern Lessons');
});
afterAll(async () => {
  await browser?.close();
  await starwall.stop();
});

const HOSTILE = '<img src=x onerror=alert(1)>';

async function customer(first_name: string): Promise<{ buyer: Buyer; order: string }> {
  const product = await creator.createProduct(bot.id);
  const buyer = await Buyer.meets(starwall, bot.telegramId, 1_000, { first_name });
  await buyer.pays(await buyer.wants(product));
  const order = await eventually('a delivery', async () => {
    const list = await creator.get(`/v1/orders?buyer_telegram_id=${buyer.id}&delivery_state=delivered`).expect(200);
    return list.body.data[0]?.id as string | undefined;
  });
  return { buyer, order };
}

async function asks(buyer: Buyer, order: string, text: string): Promise<void> {
  await buyer.says('/paysupport');
  const menu = await buyer.sees((it) => it.text?.includes('What is it about?') === true, 'the menu');
  await starwall.telegram.press(buyer.chat, menu.message_id, `support:${order}`);
  await buyer.hears(/in your own words/);
  await buyer.says(text);
}

describe.each([
  ['desktop', {}],
  ['phone', PHONE],
] as const)('the dashboard on a %s', (size, options) => {
  it('finds a buyer, grants credits, and erases the buyer', async () => {
    const name = `Mira ${size}`;
    await customer(HOSTILE);
    const { buyer } = await customer(name);
    const { page, problems, close } = await openKept(browser, `${starwall.url}/buyers`, creator.email, options);
    await page.getByText(HOSTILE).locator('visible=true').first().waitFor();
    await page.getByLabel('Search buyers').fill(name.toLowerCase());
    await page.getByText(HOSTILE).locator('visible=true').first().waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Save view' }).click();
    await page.getByRole('dialog').getByLabel(/^Name/).fill(`Only ${size}`);
    await page.getByRole('dialog').getByRole('button', { name: 'Save view' }).click();
    await page.getByRole('link', { name: 'All', exact: true }).click();
    await page.getByText(HOSTILE).locator('visible=true').first().waitFor();
    await page.getByRole('link', { name: `Only ${size}` }).click();
    await page.getByText(HOSTILE).locator('visible=true').first().waitFor({ state: 'detached' });
    await page.getByRole('button', { name: `Share the view Only ${size}` }).click();
    await page.getByText('Every member sees it now.').waitFor();
    expect(await axe(page)).toEqual([]);
    expect(await overhang(page)).toBe(0);
    await page.getByRole('link', { name }).locator('visible=true').click();
    await page.getByText('paid in 1 order.').waitFor();
    expect(await page.locator('img').count()).toBe(0);
    await page.getByRole('button', { name: 'Give credits' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Amount').fill('5');
    await dialog.getByLabel('Unit').fill('scan');
    await dialog.getByRole('button', { name: 'Give credits' }).click();
    await page.getByText('scan', { exact: true }).waitFor();
    expect(await axe(page)).toEqual([]);
    expect(await overhang(page)).toBe(0);

    await page.getByRole('button', { name: 'Erase' }).locator('visible=true').click();
    await dialog.getByText('with a number in place of the person').waitFor();
    await dialog.getByRole('button', { name: 'Erase' }).click();
    await page.waitForURL(/\/buyers$/);
    await creator.get(`/v1/buyers/${buyer.id}/state`).expect(404);
    // A view that searches for the erased buyer is deleted with them.
    expect((await creator.get('/v1/buyer-views').expect(200)).body.data).toEqual([]);
    expect(problems).toEqual([]);
    await close();
  });

  it('answers a question, and closes its thread', async () => {
    const { buyer, order } = await customer(`Vera ${size}`);
    await asks(buyer, order, `The file is empty. ${HOSTILE}`);
    const { page, problems, close } = await openKept(browser, `${starwall.url}/support`, creator.email, options);
    await page.getByRole('link', { name: `Vera ${size}` }).click();
    await page.getByText(`The file is empty. ${HOSTILE}`).locator('visible=true').last().waitFor();
    await page.getByLabel(`Answer to Vera ${size}`).fill('Here it is once more.');
    await page.getByRole('button', { name: 'Save this answer' }).click();
    expect(await axe(page)).toEqual([]);
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await buyer.hears(/Here it is once more/);
    await page.getByRole('log').getByText('Here it is once more.').waitFor();
    expect(await overhang(page)).toBe(0);
    expect(await page.locator('img').count()).toBe(0);
    await page.getByRole('button', { name: 'Close thread' }).click();
    await page.getByText('The thread is closed.').waitFor();
    expect(problems).toEqual([]);
    await close();
  });
});
