import type { Browser, Page } from 'playwright-core';
import { connectChat } from '../support/chats.js';
import { Buyer, Creator, eventually, type RegisteredBot, type Starwall, startStarwall } from '../support/starwall.js';
import { axe, launchBrowser, openKept, overhang, PHONE, type Visit } from './browser.js';

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

const PICTURE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR4nGP40CUDRAwQCgAvxgZZIj+u8gAAAABJRU5ErkJggg==',
  'base64',
);
const attach = (page: Page, label: string, name: string, mimeType: string, buffer = PICTURE) =>
  page.getByLabel(label).setInputFiles({ name, mimeType, buffer });

/** By kind: fills in the fields of this kind, and lists the resulting fields in the API. */
const KINDS: Readonly<Record<string, readonly [(page: Page) => Promise<unknown>, object]>> = {
  Text: [(page) => page.getByLabel(/^Text/).fill('Be kind.'), { kind: 'text', content: 'Be kind.' }],
  File: [
    async (page) => {
      await attach(page, 'Choose the file', 'cards.pdf', 'application/pdf', Buffer.from('%PDF-1.4'));
      await page.getByText('cards.pdf').waitFor();
    },
    { kind: 'file', file_id: expect.stringMatching(/^file_/) },
  ],
  'Paid media': [
    async (page) => {
      await attach(page, 'Add a photo or video', 'dawn.png', 'image/png');
      await page.getByText('dawn.png').waitFor();
    },
    { kind: 'paid_media', paid_media: { items: [expect.objectContaining({ type: 'photo' })] } },
  ],
  Credits: [
    async (page) => {
      await page.getByLabel('Credits', { exact: true }).fill('100');
      await page.getByLabel('Unit').fill('lesson');
    },
    { kind: 'credits', credits: { unit: 'lesson', amount: 100, expires_after_days: null } },
  ],
  Subscription: [
    (page) => page.getByLabel('Grace period').selectOption('3 days'),
    {
      kind: 'subscription',
      subscription: expect.objectContaining({ grace_seconds: 259_200, period_seconds: 2_592_000 }),
    },
  ],
  'Chat access': [
    async (page) => {
      await page.getByLabel('Group or channel').selectOption('VIP');
      await page.getByLabel('Access for days').fill('30');
    },
    { kind: 'chat_access', chat_access: { days: 30, grace_seconds: 86_400 } },
  ],
  'Made to order': [
    (page) => page.getByLabel('Address of your server').fill('https://goods.example.com/make'),
    { kind: 'callback', fulfilment_url: 'https://goods.example.com/make', refund_at_deadline: true },
  ],
  'Paid command': [
    async (page) => {
      await page.getByRole('textbox', { name: 'Command' }).fill('scan');
      await page.getByLabel('Address of your server').fill('https://goods.example.com/scan');
    },
    { kind: 'paid_command', paid_command: expect.objectContaining({ command: 'scan' }) },
  ],
};

const visible = (page: Page, name: string) => page.getByRole('button', { name }).locator('visible=true');

async function make(page: Page, kind: string, fill: (page: Page) => Promise<unknown>): Promise<string> {
  await page.getByRole('radio', { name: kind, exact: true }).click();
  await page.getByLabel(/^Title/).fill(`A ${kind}`);
  await page.getByLabel(/^Description/).fill('After paying you get it.');
  await page.getByRole('textbox', { name: 'Stars' }).fill('30');
  await fill(page);
  await visible(page, 'Put on sale').click();
  const kept = page.getByRole('button', { name: 'I have stored it' });
  await kept
    .or(page.getByText('On sale', { exact: true }))
    .first()
    .waitFor();
  if (await kept.isVisible()) {
    expect(await page.locator('code.secret').textContent()).toMatch(/^whsec_/);
    await kept.click();
  }
  await page.waitForURL(/\/products\/prod_/);
  return page.url().split('/').at(-1) ?? '';
}

const open = (path: string, options = {}): Promise<Visit> =>
  openKept(browser, `${starwall.url}${path}`, creator.email, options);

describe('a product in the dashboard', () => {
  it.each(Object.entries(KINDS))('can be created with the kind %s', async (kind, [fill, shown]) => {
    if (kind === 'Chat access') await connectChat(starwall, creator, bot, 'supergroup');
    const { page, problems, close } = await open('/products/new');
    const id = await make(page, kind, fill);
    const { body } = await creator.get(`/v1/products/${id}`).expect(200);
    expect(body).toMatchObject({ state: 'active', stars: 30, ...shown });
    expect(await axe(page)).toEqual([]);
    expect(problems).toEqual([]);
    await close();
  });

  it('receives licence keys by pasting and from a file, each key once', async () => {
    const { page, problems, close } = await open('/products/new', PHONE);
    const id = await make(page, 'Licence key', async () => undefined);
    await page.getByLabel(/^One key per line/).fill('AAAA-1111\nBBBB-2222\n\nAAAA-1111');
    await page.getByText('1 line already listed above: 4.').waitFor();
    await page.getByRole('button', { name: 'Add 2 keys' }).click();
    await page.getByText('2 keys to sell').waitFor();
    const csv = Buffer.from('key\nBBBB-2222\nCCCC-3333\n');
    await page.getByLabel('From a file').setInputFiles({ name: 'keys.csv', mimeType: 'text/csv', buffer: csv });
    await page.getByText('3 keys to sell').waitFor();
    expect((await creator.get(`/v1/products/${id}`).expect(200)).body.stock).toBe(3);
    expect(await overhang(page)).toBe(0);
    expect(await axe(page)).toEqual([]);
    expect(problems).toEqual([]);
    await close();
  });

  it('explains a change, is translated into Russian, shared, and archived with counts', async () => {
    const id = await creator.createProduct(bot.id);
    const buyer = await Buyer.meets(starwall, bot.telegramId);
    await buyer.wants(id);
    const { page, problems, close } = await open(`/products/${id}`);
    await page.getByRole('textbox', { name: 'Stars' }).fill('60');
    await page.getByText('Saving creates version 2.').waitFor();
    await visible(page, 'Save changes').click();
    await page.getByText('Saved.').waitFor();
    expect((await creator.get(`/v1/products/${id}`).expect(200)).body).toMatchObject({ stars: 60, price_version: 2 });

    const words = page.locator('section', { has: page.getByRole('heading', { name: 'In other languages' }) });
    await words.getByLabel(/^Title/).fill('Справочник');
    await words.getByRole('button', { name: 'Save the texts in Русский' }).click();
    await eventually('the words', async () => {
      const { data } = (await creator.get(`/v1/bots/${bot.id}/texts?product_id=${id}`).expect(200)).body;
      return data[0]?.text === 'Справочник';
    });

    await page.getByLabel('Where will you publish it?').fill('november');
    await page.getByText(/start=.*november/).waitFor();
    await page.getByRole('button', { name: 'QR code' }).click();
    await page.getByRole('dialog').getByRole('img').waitFor();
    expect(await axe(page)).toEqual([]);
    await page.keyboard.press('Escape');

    await visible(page, 'Archive').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('1 unpaid invoice will be refused').waitFor();
    await dialog.getByRole('button', { name: 'Archive' }).click();
    await page.getByText('Archived', { exact: true }).waitFor();
    expect(problems).toEqual([]);
    await close();
  });
});
