import type { Browser } from 'playwright-core';
import {
  button,
  chooseFromShop,
  HOSTILE,
  isFocused,
  launchBrowser,
  openShopPage,
  overhang,
  screenshot,
  SOLD_OUT,
  speak,
  visit,
} from './chat-page.js';

let browser: Browser;
let shop: Awaited<ReturnType<typeof openShopPage>>;

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser?.close());
beforeEach(async () => {
  shop = await openShopPage();
});
afterEach(() => shop.close());

describe('a buyer on the chat page', () => {
  it('starts a bot, chooses, pays, and receives a receipt', async () => {
    const { page, problems, close } = await visit(browser, shop.url, { colorScheme: 'light' });
    await chooseFromShop(page, 'Guide');
    const card = page.getByRole('article').filter({ hasText: 'Guide, for you' });
    await button(card, /^Pay/).click();

    const sheet = page.getByRole('dialog', { name: 'Pay with Stars' });
    await sheet.getByText('Do you want to buy Guide from Star Shop for 50 Stars?').waitFor();
    await screenshot(page, 'desktop-pay-sheet');
    await button(sheet, /^Confirm and pay/).click();
    await sheet.getByText('You paid 50 Stars to Star Shop for “Guide”.').waitFor();
    await button(sheet, 'Done').click();
    await sheet.waitFor({ state: 'detached' });

    await page.getByText('Thank you', { exact: true }).last().waitFor();
    await button(card, 'Receipt').waitFor();
    await button(page, 'Balance 10 Stars. Top up').waitFor();
    await screenshot(page, 'desktop-receipt');
    await button(page, /^You paid .+ to Star Shop/).click();
    const [charge] = (await shop.client.transactions(shop.chat.botId)).transactions;
    await page
      .getByRole('dialog', { name: 'Receipt' })
      .getByText(charge?.id ?? 'no charge')
      .waitFor();
    expect(await shop.balance()).toBe(10);
    expect(problems).toEqual([]);
    await close();
  });

  it("sees the bot's refusal verbatim, and keeps the Stars", async () => {
    const { page, problems, close } = await visit(browser, shop.url);
    await chooseFromShop(page, 'Signed print');
    await button(page, /^Pay/).click();
    await button(page, /^Confirm and pay/).click();
    const refusal = page.getByRole('alert');
    await refusal.getByText(SOLD_OUT).waitFor();
    expect(await refusal.textContent()).toContain('The bot did not accept this order');
    expect(await shop.balance()).toBe(60);
    expect(problems).toEqual([]);
    await close();
  });

  it('gets more Stars and pays in the same sheet', async () => {
    const { page, problems, close } = await visit(browser, shop.url);
    await chooseFromShop(page, 'Course');
    await button(page, /^Pay/).click();
    await page.getByText('You need 440 more Stars for this.').waitFor();
    await button(page, 'Get Stars').click();
    await button(page.getByRole('dialog', { name: 'Top up' }), /^\D*500 /).click();
    await button(page, /^Confirm and pay/).click();
    await page.getByRole('heading', { name: 'Payment done' }).waitFor();
    expect(await shop.balance()).toBe(60);
    expect(problems).toEqual([]);
    await close();
  });

  it("sees a bot's message as plain text, whatever it contains", async () => {
    const { page, problems, close } = await visit(browser, shop.url);
    await button(page, 'Start').click();
    await page.getByText('Welcome to Star Shop & friends').last().waitFor();
    await speak(page);
    const messages = page.getByRole('log', { name: 'Messages' });
    await messages.getByText(HOSTILE, { exact: true }).waitFor();
    expect(await messages.locator('script, img').count()).toBe(0);
    expect(await messages.locator('b, strong').allTextContents()).toEqual(['Star Shop']);
    expect(await page.title()).toBe('Telegram simulator');
    expect(problems).toEqual([]);
    await close();
  });

  it('can pay without a mouse', async () => {
    const { page, problems, close } = await visit(browser, shop.url);
    await chooseFromShop(page, 'Guide');
    const pay = button(page, /^Pay/);
    const sheet = page.getByRole('dialog', { name: 'Pay with Stars' });
    const confirm = button(sheet, /^Confirm and pay/);

    await pay.focus();
    await page.keyboard.press('Enter');
    await confirm.waitFor();
    expect(await isFocused(confirm)).toBe(true);
    await page.keyboard.press('Escape');
    await sheet.waitFor({ state: 'detached' });
    expect(await shop.balance()).toBe(60);
    expect(await isFocused(pay)).toBe(true);

    await page.keyboard.press('Enter');
    await page.keyboard.press('Shift+Tab');
    expect(await isFocused(button(sheet, 'Close'))).toBe(true);
    await page.keyboard.press('Tab');
    expect(await isFocused(confirm)).toBe(true);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Payment done' }).waitFor();
    expect(await isFocused(button(sheet, 'Done'))).toBe(true);
    await page.keyboard.press('Enter');
    await sheet.waitFor({ state: 'detached' });
    expect(await shop.balance()).toBe(10);
    expect(problems).toEqual([]);
    await close();
  });

  it('sees everything without sideways scrolling on a phone', async () => {
    const phone = {
      viewport: { width: 360, height: 740 },
      colorScheme: 'dark',
      hasTouch: true,
      isMobile: true,
    } as const;
    const { page, problems, close } = await visit(browser, shop.url, phone);
    await chooseFromShop(page, 'Guide');
    await screenshot(page, 'phone-chat');
    await speak(page);
    await page.getByText(HOSTILE, { exact: true }).last().waitFor();
    const chat = await overhang(page);
    await button(page, /^Pay/).tap();
    const confirm = button(page, /^Confirm and pay/);
    await confirm.waitFor();
    await screenshot(page, 'phone-pay-sheet');
    const sheet = await overhang(page);
    await confirm.tap();
    await button(page, 'Done').tap();
    await button(page, 'Back to the chats').tap();
    await button(page, 'New bot').waitFor();
    expect([chat, sheet, await overhang(page)]).toEqual([0, 0, 0]);
    expect(await shop.balance()).toBe(10);
    expect(problems).toEqual([]);
    await close();
  });
});
