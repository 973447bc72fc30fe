import type { Browser, Page, Request, Route } from 'playwright-core';
import { Buyer, Creator, eventually, type RegisteredBot, type Starwall, startStarwall } from '../support/starwall.js';
import { axe, launchBrowser, openAs } from './browser.js';

const STREAM = '**/v1/events/stream';
const REFUSAL = JSON.stringify({ code: 'forbidden', status: 403, detail: 'No.', remedy: 'None.' });

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
  await sell('Ada');
});
afterAll(async () => {
  await browser?.close();
  await starwall.stop();
});

async function sell(first_name: string): Promise<{ readonly buyer: Buyer; readonly order: string }> {
  const buyer = await Buyer.meets(starwall, bot.telegramId, 1_000, { first_name });
  await buyer.pays(await buyer.wants(guide));
  const order = await eventually('a delivery', async () => {
    const list = await creator.get(`/v1/orders?buyer_telegram_id=${buyer.id}&delivery_state=delivered`).expect(200);
    return list.body.data[0]?.id as string | undefined;
  });
  return { buyer, order };
}

const open = (path: string) => openAs(browser, `${starwall.url}${path}`, creator.email);
const isLive = (page: Page) => page.locator('.live:not(.off)').waitFor();
const seen = (page: Page, text: string) => page.getByText(text).locator('visible=true').first().waitFor();

/** Runs the page's clock until the page shows a text. */
const later = (page: Page, text: string) =>
  eventually(text, async () => {
    await page.clock.runFor(1_000);
    return page.getByText(text).locator('visible=true').first().isVisible();
  });

/**
 * Follows a page's requests from now on.
 * @returns a function that waits until no request is pending or starts within a second of the page's clock
 */
function traffic(page: Page): () => Promise<unknown> {
  const onTheirWay = new Set<Request>();
  const begun = vi.fn((request: Request) => onTheirWay.add(request));
  const over = (request: Request) => onTheirWay.delete(request);
  page.on('request', begun).on('requestfinished', over).on('requestfailed', over);
  return () =>
    eventually('silence', async () => {
      const before = begun.mock.calls.length;
      await page.clock.runFor(1_000);
      return begun.mock.calls.length === before && onTheirWay.size === 0;
    });
}

/** Makes a page appear hidden or visible to its own scripts. */
const show = (page: Page, visibility: 'hidden' | 'visible') =>
  page.evaluate(`
    Object.defineProperty(document, 'visibilityState', { configurable: true, value: '${visibility}' });
    document.dispatchEvent(new Event('visibilitychange'));
  `);

describe('the dashboard without a reload', () => {
  it('shows a new order on Home and in the list of orders, and its refund on its page', async () => {
    const { page, problems, close } = await open('/');
    await isLive(page);
    await seen(page, 'Latest orders');
    await sell('Mira');
    await seen(page, 'Mira');
    await page.getByRole('link', { name: 'Orders' }).first().click();
    await isLive(page);
    const { order } = await sell('Noor');
    await seen(page, 'Noor');
    await page.goto(`${starwall.url}/orders/${order}`);
    await seen(page, 'The goods are with the buyer.');
    await creator.post(`/v1/orders/${order}/refunds`, { reason: 'Wrong book' }).expect(202);
    await seen(page, 'The Stars are back with the buyer.');
    expect(problems).toEqual([]);
    await close();
  });

  it('shows a new question in Support, and the state of a bot in the list of bots', async () => {
    const { buyer, order } = await sell('Ivo');
    const { page, close } = await open('/support');
    await isLive(page);
    await buyer.says('/paysupport');
    const menu = await buyer.sees((it) => it.text?.includes('What is it about?') === true, 'the menu');
    await starwall.telegram.press(buyer.chat, menu.message_id, `support:${order}`);
    await buyer.hears(/in your own words/);
    await buyer.says('The second page is blank.');
    await page.getByText('The second page is blank.').first().click();
    await buyer.says('The third one, too.');
    await page.getByText('The third one, too.').nth(1).waitFor();
    await page.goto(`${starwall.url}/bots`);
    await page.getByRole('button', { name: 'Pause' }).waitFor();
    await creator.post(`/v1/bots/${bot.id}/pause`).expect(200);
    await page.getByRole('button', { name: 'Resume' }).waitFor();
    await creator.post(`/v1/bots/${bot.id}/resume`).expect(200);
    await page.getByRole('button', { name: 'Pause' }).waitFor();
    await close();
  });
});

describe('the event stream', () => {
  it('is shared by all tabs of a browser, and continues in another tab when its tab is closed', async () => {
    const { page, close } = await open('/orders');
    await isLive(page);
    const asked: (string | undefined)[] = [];
    page.context().on('request', (request) => {
      if (request.url().endsWith('/events/stream')) asked.push(request.headers()['last-event-id']);
    });
    const other = await page.context().newPage();
    await other.goto(`${starwall.url}/orders`);
    await isLive(other);
    await sell('Lena');
    await Promise.all([seen(page, 'Lena'), seen(other, 'Lena')]);
    expect(asked).toEqual([]);
    await page.close();
    await eventually('a new connection', async () => Promise.resolve(asked.length === 1));
    expect(asked[0]).toMatch(/^evt_/);
    await sell('Marek');
    await seen(other, 'Marek');
    await close();
  });

  it.each([
    [
      'refused',
      (route: Route) => route.fulfill({ status: 403, contentType: 'application/problem+json', body: REFUSAL }),
    ],
    ['lost', (route: Route) => route.abort()],
  ] as const)('is replaced by polling when it is %s, and recovers', async (how, answer) => {
    const { page, close } = await open('/orders');
    await isLive(page);
    await page.context().route(STREAM, answer);
    await page.clock.install();
    await page.reload();
    await later(page, 'Connection lost at');
    await sell(`Olga ${how}`);
    await later(page, `Olga ${how}`);
    await page.context().unrouteAll();
    await later(page, 'Live');
    await close();
  });

  it('ends while the page is hidden for long, and resumes with the missed events', async () => {
    const { page, close } = await open('/orders');
    await isLive(page);
    const silence = traffic(page);
    // Timers that the page has set before do not follow the clock.
    await page.clock.install();
    await page.reload();
    await later(page, 'Live');
    const ended = page.waitForEvent('requestfailed', (request) => request.url().endsWith('/events/stream'));
    await show(page, 'hidden');
    await page.clock.runFor(61_000);
    await ended;
    await silence();
    await sell('Petra');
    expect(await page.getByText('Petra').count()).toBe(0);
    await show(page, 'visible');
    await later(page, 'Petra');
    await close();
  });
});

describe('the dashboard while a service is slow', () => {
  it('names the service above every page, links to the status page, and removes the notice after recovery', async () => {
    const { page, problems, close } = await open('/orders');
    await isLive(page);
    let telegram = 'slow';
    await page.route('**/v1/status', async (route) => {
      const answer = await route.fetch();
      const body = await answer.json();
      return route.fulfill({ response: answer, json: { ...body, telegram: { ...body.telegram, status: telegram } } });
    });
    await page.clock.install();
    await page.reload();
    await later(page, 'Telegram responds slowly or not at all.');
    await seen(page, 'Slow now.');
    telegram = 'ok';
    await eventually('the line to go', async () => {
      await page.clock.runFor(10_000);
      return !(await page.getByText('Slow now.').isVisible());
    });
    telegram = 'down';
    await later(page, 'Not working now.');
    await page.getByRole('link', { name: 'Status' }).click();
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/status');
    expect(await axe(page)).toEqual([]);
    expect(problems).toEqual([]);
    await close();
  });
});
