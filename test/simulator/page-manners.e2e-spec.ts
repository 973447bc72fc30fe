import type { Browser, Page } from 'playwright-core';
import { button, chooseFromShop, isFocused, launchBrowser, openShopPage, visit } from './chat-page.js';
import { eventually } from './support.js';

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

/** Returns the number of pixels between the newest message and the end of the visible part. */
const fromEnd = (page: Page): Promise<number> =>
  page.getByRole('log').evaluate((list) => list.scrollHeight - list.scrollTop - list.clientHeight);

/** Returns the texts whose contrast with their background is less than 4.5:1 (WCAG 2.2, 1.4.3), with the ratio. */
const faintTexts = (page: Page): Promise<readonly string[]> =>
  page.evaluate<readonly string[]>(`(() => {
    const parse = (text) => {
      const [r, g, b, a = 1] = text.match(/[\\d.]+/g).map(Number);
      return { r, g, b, a };
    };
    const over = (top, under) =>
      Object.fromEntries(['r', 'g', 'b'].map((c) => [c, top[c] * top.a + under[c] * (1 - top.a)]).concat([['a', 1]]));
    const light = ({ r, g, b }) => {
      const [x, y, z] = [r, g, b].map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
      return 0.2126 * x + 0.7152 * y + 0.0722 * z;
    };
    const ratio = (a, b) => {
      const [high, low] = [light(a), light(b)].sort((x, y) => y - x);
      return (high + 0.05) / (low + 0.05);
    };
    // All possible backgrounds: each colour of a gradient counts.
    const behind = (node) => {
      if (node === null) return [{ r: 255, g: 255, b: 255, a: 1 }];
      const style = getComputedStyle(node);
      const drawn = style.backgroundImage.match(/rgba?\\([^)]*\\)/g) ?? [];
      const layers = [parse(style.backgroundColor), ...drawn.map(parse)].filter(({ a }) => a > 0);
      const solid = layers.filter(({ a }) => a === 1);
      if (solid.length > 0 && solid.length === layers.length) return drawn.length > 0 ? drawn.map(parse) : solid;
      const under = behind(node.parentElement);
      return layers.length === 0 ? under : layers.flatMap((top) => under.map((one) => over(top, one)));
    };
    const faint = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const { parentElement, textContent } = walker.currentNode;
      if (textContent.trim() === '' || !parentElement.checkVisibility() || parentElement.closest('.unseen, noscript')) continue;
      const colour = parse(getComputedStyle(parentElement).color);
      const worst = Math.min(...behind(parentElement).map((one) => ratio(over(colour, one), one)));
      if (worst < 4.5) faint.push(worst.toFixed(2) + ' ' + textContent.trim().slice(0, 40));
    }
    return faint;
  })()`);

describe('the chat page', () => {
  it('draws its Star without a font or a picture', async () => {
    const { page, close } = await visit(browser, shop.url);
    await chooseFromShop(page, 'Guide');
    expect(await page.getByRole('img', { name: 'Star' }).count()).toBeGreaterThan(2);
    expect(await page.locator('img[src*="star"]').count()).toBe(0);
    expect(await page.locator('body').textContent()).not.toContain('⭐');
    await close();
  });

  it('keeps the newest message visible while a picture loads slowly', async () => {
    const { page, close } = await visit(browser, shop.url);
    await chooseFromShop(page, 'Guide');
    let show = (): void => undefined;
    const shown = new Promise<void>((resolve) => {
      show = resolve;
    });
    await page.route('**/control/files/**', async (route) => {
      await shown;
      await route.continue();
    });
    const { simulator } = shop;
    const bytes = Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR4nGP40CUDRAwQCgAvxgZZIj+u8gAAAABJRU5ErkJggg==',
      'base64',
    );
    const upload = { name: 'a.png', mimeType: 'image/png', bytes };
    const { file_id } = simulator.world.files.store('photo', shop.chat.botId, upload).ref;
    await shop.bot.api.sendPhoto(shop.chat.userId, file_id);
    await shop.bot.api.sendMessage(shop.chat.userId, 'the newest');
    await page.getByText('the newest', { exact: true }).last().waitFor();
    show();
    await eventually(
      () => page.evaluate<boolean>('[...document.querySelectorAll(".photo img")].every((img) => img.complete)'),
      Boolean,
    );
    await eventually(
      () => fromEnd(page),
      (pixels) => pixels < 2,
    );
    await close();
  });

  it('lets a person reply to a message', async () => {
    const { page, close } = await visit(browser, shop.url);
    await chooseFromShop(page, 'Guide');
    const card = page.getByRole('article').filter({ hasText: 'Guide, for you' });
    await card.hover();
    await button(card, 'Reply').click();
    const input = page.getByRole('textbox', { name: 'Message' });
    expect(await isFocused(input)).toBe(true);
    await input.fill('Is it signed?');
    await page.keyboard.press('Enter');
    const { messages } = await eventually(
      () => shop.client.chat(shop.chat),
      (view) => view.messages.some(({ text }) => text === 'Is it signed?'),
    );
    expect(messages.find(({ text }) => text === 'Is it signed?')?.reply_to_message?.invoice?.title).toBe('Guide');
    await page.getByRole('article').filter({ hasText: 'Is it signed?' }).getByText('Invoice: Guide').waitFor();
    await close();
  });

  it('keeps the focus when a message arrives', async () => {
    const { page, close } = await visit(browser, shop.url);
    await button(page, 'Start').click();
    const guide = button(page, 'Guide');
    await guide.focus();
    await shop.bot.api.sendMessage(shop.chat.userId, 'by the way');
    await page.getByText('by the way', { exact: true }).last().waitFor();
    expect(await isFocused(guide)).toBe(true);
    const row = page.getByRole('navigation', { name: 'Chats' }).getByRole('button', { name: /Star Shop/ });
    await row.focus();
    await shop.bot.api.sendMessage(shop.chat.userId, 'and another thing');
    await row.getByText('and another thing').waitFor();
    expect(await isFocused(row)).toBe(true);
    await close();
  });

  it.each(['light', 'dark'] as const)('has sufficient contrast for every text in the %s theme', async (colorScheme) => {
    const { page, close } = await visit(browser, shop.url, { colorScheme });
    await chooseFromShop(page, 'Guide');
    await page.getByRole('textbox', { name: 'Message' }).fill('thanks, https://example.com');
    await page.keyboard.press('Enter');
    await page.getByText('thanks,').last().waitFor();
    expect(await faintTexts(page)).toEqual([]);
    await button(page, /^Pay/).click();
    await page.getByRole('dialog', { name: 'Pay with Stars' }).waitFor();
    expect(await faintTexts(page)).toEqual([]);
    await close();
  });

  it('has one first-level heading, and short alternative texts', async () => {
    const { page, close } = await visit(browser, shop.url);
    await chooseFromShop(page, 'Guide');
    expect(await page.locator('h1').allTextContents()).toEqual(['Telegram simulator']);
    const words = await page.locator('img').evaluateAll((all) => all.map((img) => img.getAttribute('alt') ?? ''));
    expect(words.filter((alt) => alt === '' || alt.length > 40)).toEqual([]);
    await close();
  });
});
