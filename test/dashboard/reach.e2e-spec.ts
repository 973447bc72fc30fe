import type { Browser, Page } from 'playwright-core';
import { newUuid, parseId } from '#libs/kernel';
import { Backstage } from '../support/backstage.js';
import { Buyer, Creator, eventually, type RegisteredBot, type Starwall, startStarwall } from '../support/starwall.js';
import { axe, launchBrowser, move, openKept, overhang, PASSWORD, PHONE, speak, type Visit } from './browser.js';

/** A one-pixel picture. */
const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const BEAR = '5170233102089322756';

let starwall: Starwall;
let browser: Browser;
let creator: Creator;
let bot: RegisteredBot;
let guide: string;
let fan: Buyer;
beforeAll(async () => {
  [starwall, browser] = await Promise.all([startStarwall(), launchBrowser()]);
  creator = await Creator.signUp(starwall);
  bot = await creator.registerBot('Lantern Lessons');
  guide = await creator.createProduct(bot.id, { stars: 500 });
  fan = await Buyer.meets(starwall, bot.telegramId, 10_000, { first_name: 'Mira' });
  await fan.pays(await fan.wants(guide));
  await fan.hears(/^Receipt/);
});
afterAll(async () => {
  await browser?.close();
  await starwall.stop();
});

/** The browser logs an answer "not found", which the page expects. */
const EXPECTED = /404 \(Not Found\)/;

async function ends({ page, problems, close }: Visit): Promise<void> {
  expect(await axe(page)).toEqual([]);
  expect(await overhang(page)).toBe(0);
  expect(problems.filter((problem) => !EXPECTED.test(problem))).toEqual([]);
  await close();
}

const showsTheCurrentTab = (page: Page) =>
  eventually('the current tab on the screen', async () => {
    const tab = await page.locator('nav.views [aria-current]').boundingBox();
    return tab !== null && tab.x >= 0 && tab.x + tab.width <= PHONE.viewport.width;
  });

/** Inserts copies of a product before it, in the order of their numbers. */
async function copy(product: string, count: number): Promise<void> {
  const backstage = await Backstage.open(starwall);
  await backstage.query(
    `insert into products select (jsonb_populate_record(p, jsonb_build_object(
       'id', gen_random_uuid(), 'title', 'Copy ' || n, 'position', n - 1000, 'tenant_id', p.tenant_id))).*
     from products p cross join generate_series(1, $2::int) n where p.id = $1`,
    [parseId('product', product), count],
  );
  await backstage.close();
}

const openOn =
  (size: object) =>
  (path: string, email = creator.email) =>
    openKept(browser, `${starwall.url}${path}`, email, size);

// The screenshots of every page cover both sizes.
describe('the dashboard on a phone', () => {
  const open = openOn(PHONE);
  it('turns on alerts to sales in Telegram and to problems by email, and turns them off', async () => {
    const visit = await open('/workspace/alerts');
    const { page } = visit;
    await page.getByRole('button', { name: 'Get alerts' }).click();
    await page.getByText('Press Start in the bot, then choose yourself below.').waitFor();
    await page.getByRole('button', { name: 'Mira' }).click();
    await page.getByLabel('Sales').last().check();
    expect(await axe(page)).toEqual([]);
    await page.getByRole('button', { name: 'Get alerts' }).click();
    await page.getByText('Your bot will write to you from now on.').waitFor();
    expect((await creator.get('/v1/alerts').expect(200)).body).toMatchObject({ telegram_id: fan.id, sales: true });
    await page.getByRole('button', { name: 'Stop alerts' }).click();
    await page.getByRole('button', { name: 'Get alerts' }).waitFor();
    await creator.get('/v1/alerts').expect(404);
    await page.getByLabel('What stops sales or loses Stars').uncheck();
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByText('Saved.').waitFor();
    for (const language of ['ru', 'en'] as const) {
      await speak(page, language);
      await page
        .getByRole('heading', { name: language === 'ru' ? 'Оповещения по почте' : 'Alerts by email' })
        .waitFor();
      expect(await axe(page)).toEqual([]);
      expect(await overhang(page)).toBe(0);
      const tabs = await page.locator('nav.views').boundingBox();
      expect(tabs?.height).toBeLessThan(60);
      await showsTheCurrentTab(page);
    }
    for (const tab of ['data', 'team']) {
      await move(page, `/workspace/${tab}`);
      await showsTheCurrentTab(page);
    }
    expect((await creator.get('/v1/alerts/mail').expect(200)).body).toMatchObject({ failures: true, warnings: false });
    await ends(visit);
  });

  it("links a member's Telegram account, so that they can run the shop there, and unlinks it", async () => {
    const visit = await open('/workspace/telegram');
    const { page } = visit;
    await page.getByRole('button', { name: 'Link my account' }).click();
    const url = await page.getByRole('link', { name: 'Open Telegram' }).getAttribute('href');
    expect(await axe(page)).toEqual([]);
    await starwall.telegram.start(fan.chat, /start=([\w-]+)/.exec(url ?? '')?.[1] ?? '');
    await page.getByText('Your account is linked.').waitFor();
    await page.getByRole('button', { name: 'Unlink' }).click();
    await page.getByRole('button', { name: 'Link my account' }).waitFor();
    await ends(visit);
  });

  it('changes an email address with the password', async () => {
    const visit = await open('/workspace/security');
    const { page } = visit;
    const email = `${newUuid()}@starwall.example`;
    const form = page.locator('section', { has: page.getByRole('heading', { name: 'Your address' }) });
    await form.getByLabel('New address').fill(email);
    await form.getByLabel('Current password', { exact: true }).fill(PASSWORD);
    await form.getByRole('button', { name: 'Change the address' }).click();
    await page.getByText(`Open the link that we sent to ${email}.`).waitFor();
    await ends(visit);
  });

  it('transfers Stars and converts a gift of a business account', async () => {
    const owner = await Buyer.meets(starwall, bot.telegramId, 1_000);
    await starwall.telegram.giveGift({ fromUserId: fan.id, toUserId: owner.id, giftId: BEAR });
    await starwall.telegram.setUpBot(bot.telegramId, { business: true });
    const rights = ['can_view_gifts_and_stars', 'can_convert_gifts_to_stars', 'can_transfer_stars'] as const;
    const visit = await open(`/bots/${bot.id}`);
    const { page } = visit;
    await page.getByRole('heading', { name: 'Business accounts' }).waitFor();
    await starwall.telegram.connectBusiness(owner.chat, { rights: [...rights] });
    await page.getByText(`Account ${owner.id}`).click();
    await page.locator('.hero').getByText('1,000').waitFor();
    await page.getByRole('button', { name: 'Move Stars to the bot…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Stars' }).fill('2000');
    await dialog.getByRole('button', { name: 'Move' }).click();
    await dialog.getByText('Enter a whole number from 1 to 1000.').waitFor();
    await dialog.getByRole('textbox', { name: 'Stars' }).fill('400');
    expect(await axe(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Move' }).click();
    await page.locator('.hero').getByText('600').waitFor();
    await page.getByRole('button', { name: 'Convert…' }).click();
    await dialog.getByRole('button', { name: 'Convert…' }).click();
    await page.getByText('The account has no gifts.').waitFor();
    await ends(visit);
  });

  it("changes a bot's texts, and restores their defaults", async () => {
    const visit = await open(`/bots/${bot.id}/words`);
    const { page } = visit;
    await page.getByLabel('Search the texts').fill('receipt.heading');
    const line = page.getByRole('listitem').filter({ hasText: 'receipt.heading' });
    await line.click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel(/^English/).fill('Thanks!');
    await dialog.getByRole('button', { name: 'Save the text' }).click();
    await dialog.waitFor({ state: 'detached' });
    await line.getByText('Your words').waitFor();
    expect(await axe(page)).toEqual([]);
    await line.click();
    await dialog.getByLabel(/^English/).fill('');
    await dialog.getByRole('button', { name: 'Save the text' }).click();
    await line.getByText('Your words').waitFor({ state: 'detached' });
    await ends(visit);
  });

  it('cancels an unpaid order', async () => {
    await fan.wants(guide);
    const [order] = (await creator.get('/v1/orders?payment_state=placed').expect(200)).body.data;
    const visit = await open(`/orders/${order.id}`);
    const { page } = visit;
    await page.getByRole('button', { name: 'Cancel the order' }).locator('visible=true').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel the order' }).click();
    await page.getByText('Cancelled').locator('visible=true').first().waitFor();
    await ends(visit);
  });

  it("shows a product's sources, and creates an invoice that anyone can pay", async () => {
    const visit = await open(`/products/${guide}`);
    const { page } = visit;
    await page.getByText('Without a tag').waitFor();
    await page.getByRole('button', { name: 'Invoice that anyone can pay' }).click();
    await page.getByText('It opens the invoice anywhere in Telegram.').waitFor();
    await ends(visit);
  });
});

describe('the dashboard on a desktop', () => {
  const open = openOn({});

  it('sends a buyer a gift once', async () => {
    const visit = await open(`/buyers/${fan.id}`);
    const { page } = visit;
    const before = (await starwall.telegram.account(fan.id)).gifts.length;
    await page.getByRole('button', { name: 'Give a gift…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Gift', { exact: true }).selectOption(BEAR);
    await dialog.getByLabel(/^Message/).fill('Thank you');
    expect(await axe(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Give for' }).click();
    await page.getByText('The gift is on its way.').waitFor();
    expect((await starwall.telegram.account(fan.id)).gifts).toHaveLength(before + 1);
    await ends(visit);
  });

  it('answers a question with a picture and a short text', async () => {
    await fan.says('/paysupport');
    const menu = await fan.sees((it) => it.text?.includes('What is it about?') === true, 'the menu');
    await starwall.telegram.press(fan.chat, menu.message_id, 'support:other');
    await fan.hears(/in your own words/);
    await fan.says('How does it look?');
    const thread = await eventually('the question', async () => {
      const { data } = (await creator.get('/v1/support-threads').expect(200)).body;
      return data[0]?.id as string | undefined;
    });
    const visit = await open(`/support/${thread}`);
    const { page } = visit;
    await page.getByText('How does it look?').first().waitFor();
    await page.locator('input[type=file]').setInputFiles({
      name: 'look.png',
      mimeType: 'image/png',
      buffer: Buffer.from(PIXEL, 'base64'),
    });
    await page.getByText('look.png').waitFor();
    await page.getByLabel('Answer to Mira').fill('Like this.');
    expect(await axe(page)).toEqual([]);
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByText('Like this.').first().waitFor();
    await page.getByRole('button', { name: 'Remove the file' }).waitFor({ state: 'detached' });
    await ends(visit);
  });

  it('sorts products by dragging and by arrow keys', async () => {
    const shop = await Creator.signUp(starwall);
    const { id } = await shop.registerBot();
    for (const title of ['First', 'Second', 'Third']) await shop.createProduct(id, { title });
    const visit = await open('/products', shop.email);
    const { page } = visit;
    await page.getByRole('link', { name: 'Sort' }).click();
    const inShop = async (limit = 100) => {
      const { data } = (await shop.get(`/v1/bots/${id}/products?limit=${String(limit)}`).expect(200)).body;
      return (data as { title: string }[]).map(({ title }) => title);
    };
    const becomes = (...names: string[]) =>
      eventually(names.join(), async () => {
        const shown = await page.getByRole('listitem').locator('.m').allInnerTexts();
        return shown.join() === names.join() && (await inShop()).join() === names.join();
      });
    const handle = (name: string) => page.getByRole('button', { name: `Move ${name}`, exact: true });
    await handle('First').press('End');
    await becomes('Second', 'Third', 'First');
    const [from, to] = await Promise.all(['First', 'Second'].map((name) => handle(name).boundingBox()));
    await page.mouse.move((from?.x ?? 0) + 10, (from?.y ?? 0) + 10);
    await page.mouse.down();
    await page.mouse.move((to?.x ?? 0) + 10, (to?.y ?? 0) - 4, { steps: 6 });
    await page.mouse.up();
    await becomes('First', 'Second', 'Third');
    await handle('Third').focus();
    // The second key comes before the first move is shown.
    await page.evaluate(`
      for (let n = 0; n < 2; n += 1)
        document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowUp', bubbles: true }));
    `);
    await becomes('Third', 'First', 'Second');
    expect(await handle('Third').evaluate((it) => it === it.ownerDocument.activeElement)).toBe(true);
    await page.getByRole('button', { name: '1: give Third another place' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Place').fill('2');
    expect(await axe(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Move', exact: true }).click();
    await becomes('First', 'Third', 'Second');
    await ends(visit);
  });

  it('reaches a product beyond the first hundred by its number, and moves it to the front', async () => {
    const shop = await Creator.signUp(starwall);
    const { id } = await shop.registerBot();
    const product = await shop.createProduct(id, { title: 'Last of all' });
    await copy(product, 220);
    const visit = await open('/products/sort', shop.email);
    const { page } = visit;
    await page.getByRole('listitem').nth(99).waitFor();
    await page.getByRole('button', { name: '1: give Copy 1 another place' }).click();
    await page.getByRole('dialog').getByLabel('Place').fill('999');
    await page.getByRole('dialog').getByRole('button', { name: 'Move', exact: true }).click();
    await page.getByRole('button', { name: '221: give Copy 1 another place' }).waitFor();
    await page.getByRole('button', { name: '220: give Last of all another place' }).click();
    await page.getByRole('dialog').getByLabel('Place').fill('1');
    await page.getByRole('dialog').getByRole('button', { name: 'Move', exact: true }).click();
    await eventually('the order', async () => {
      const { data } = (await shop.get(`/v1/bots/${id}/products?limit=2`).expect(200)).body;
      return (data as { title: string }[]).map(({ title }) => title).join() === 'Last of all,Copy 2';
    });
    await ends(visit);
  });

  it("shows the history of a buyer's credits, and checks a bot's webhook", async () => {
    const grant = { amount: 3, reason: 'A welcome' };
    await creator.post(`/v1/buyers/${fan.id}/credits/scan/grants`, grant).set('idempotency-key', newUuid()).expect(201);
    const visit = await open(`/buyers/${fan.id}`);
    const { page } = visit;
    await page.getByRole('button', { name: 'History' }).first().click();
    await page.getByRole('dialog').getByText('A welcome').waitFor();
    expect(await axe(page)).toEqual([]);
    await move(page, `/bots/${bot.id}`);
    await page.getByRole('button', { name: 'Ask Telegram now' }).click();
    await page.getByText('arrive here').waitFor();
    await ends(visit);
  });

  it('lets a person switch between two workspaces', async () => {
    const [host, guest] = [await Creator.signUp(starwall), await Creator.signUp(starwall)];
    await guest.createProduct((await guest.registerBot()).id);
    const { body } = await host.post('/v1/invitations', { email: guest.email, role: 'admin' }).expect(201);
    const accepted = { token: body.token, password: PASSWORD };
    await starwall.http().post('/v1/invitations/accept').send(accepted).expect(200);
    const visit = await open('/products', guest.email);
    const { page } = visit;
    await page.getByText('Your first product will appear here').waitFor();
    await page.getByRole('button', { name: guest.email }).locator('visible=true').click();
    await page.getByRole('menuitemradio', { name: 'A shop', checked: false }).click();
    await page.getByText('Waiting for your order').waitFor();
    await ends(visit);
  });
});
