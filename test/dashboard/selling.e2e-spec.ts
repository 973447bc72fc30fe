import type { Browser } from 'playwright-core';
import { connectChat } from '../support/chats.js';
import { Buyer, Creator, eventually, type Starwall, startStarwall } from '../support/starwall.js';
import { axe, launchBrowser, move, openKept, overhang, PHONE } from './browser.js';

let starwall: Starwall;
let browser: Browser;
let creator: Creator;
let chat: string;
beforeAll(async () => {
  [starwall, browser] = await Promise.all([startStarwall(), launchBrowser()]);
  creator = await Creator.signUp(starwall);
  const bot = await creator.registerBot('Lantern Lessons');
  chat = await connectChat(starwall, creator, bot, 'channel');
  const plan = { kind: 'subscription', title: 'Lantern Club', content: undefined, stars: 100 };
  const access = { kind: 'chat_access', title: 'The channel', content: undefined, chat_id: chat };
  const [club, channel] = [await creator.createProduct(bot.id, plan), await creator.createProduct(bot.id, access)];
  for (const _ of [1, 2]) await (await Buyer.meets(starwall, bot.telegramId)).subscribes(club);
  const guest = await Buyer.meets(starwall, bot.telegramId);
  await guest.pays(await guest.wants(channel));
  await eventually('what was bought', async () => {
    const { data } = (await creator.get('/v1/subscriptions').expect(200)).body;
    const { data: guests } = (await creator.get(`/v1/chats/${chat}/members`).expect(200)).body;
    return data.length === 2 && guests.length === 1;
  });
});
afterAll(async () => {
  await browser?.close();
  await starwall.stop();
});

describe.each([
  ['desktop', 'SPRING', {}],
  ['phone', 'SUMMER', PHONE],
] as const)('the dashboard on a %s', (_, code, options) => {
  const open = (path: string) => openKept(browser, `${starwall.url}${path}`, creator.email, options);

  it('creates a promo code, limits it and ends it', async () => {
    const { page, problems, close } = await open('/promo-codes');
    await page.getByRole('button', { name: 'New promo code' }).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel(/^Code/).fill(code);
    await dialog.getByLabel('Discount').fill('120');
    await dialog.getByRole('button', { name: 'Create the code' }).click();
    await dialog.getByText('Enter a whole number from 1 to 100.').waitFor();
    expect(await axe(page)).toEqual([]);
    await dialog.getByLabel('Discount').fill('20');
    await dialog.getByRole('button', { name: 'Create the code' }).click();
    await page.getByRole('heading', { name: code }).waitFor();
    await page.getByText(`/promo ${code}`).waitFor();
    await page.getByLabel('Total uses').fill('3');
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByText('0 of 3').waitFor();
    expect(await axe(page)).toEqual([]);
    expect(await overhang(page)).toBe(0);
    await page.locator('.toast').waitFor();
    await page.getByRole('button', { name: 'End the code' }).click();
    await dialog.waitFor();
    // On a phone it would cover the buttons.
    expect(await page.locator('.toast').count()).toBe(0);
    await dialog.getByRole('button', { name: 'End the code' }).click();
    await page.getByText('Archived').first().waitFor();
    await move(page, '/promo-codes');
    await page.getByText(code).locator('visible=true').first().waitFor();
    expect(await axe(page)).toEqual([]);
    expect(await overhang(page)).toBe(0);
    expect(problems).toEqual([]);
    await close();
  });

  it('stops the renewal of a subscription', async () => {
    const { page, problems, close } = await open('/subscriptions?state=active');
    await page.getByText('Lantern Club').locator('visible=true').first().waitFor();
    expect(await axe(page)).toEqual([]);
    expect(await overhang(page)).toBe(0);
    await page.getByText('Lantern Club').locator('visible=true').first().click();
    await page.getByText('It renews automatically.').waitFor();
    await page.getByRole('button', { name: 'Stop renewal' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Stop renewal' }).click();
    await page.getByText('It does not renew.').waitFor();
    expect(await axe(page)).toEqual([]);
    expect(await overhang(page)).toBe(0);
    expect(problems).toEqual([]);
    await close();
  });

  it('shows who has access to a chat, and checks the chat', async () => {
    const { page, problems, close } = await open('/chats');
    await page.getByText('VIP').locator('visible=true').first().click();
    await page.getByText('forever').first().waitFor();
    await page.getByRole('button', { name: 'Check now' }).click();
    await page.getByText('The bot has all rights that it needs.').waitFor();
    expect(await axe(page)).toEqual([]);
    expect(await overhang(page)).toBe(0);
    expect(problems).toEqual([]);
    await close();
  });
});
