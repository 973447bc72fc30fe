import { launchBrowser } from '../../scripts/chromium.mjs';
import { cpuSince, noteCpu } from '../support/cpu.mjs';
import { FEW, fillShop } from './many-orders.mjs';

const PATIENCE_MS = 180_000;
/** Orders that are loaded into one list, and pixels that it is scrolled by in each frame. */
const LISTED = 10_000;
const SCROLL = { frames: 240, pixels: 400 };

/** Pages of the dashboard in Chromium, with many orders in the shop and with few: until the content is there, from a new tab. */
export const deskMillion = {
  names: ['desk-million'],
  onlyByName: true,

  async run({ starwall, settings, tell }) {
    await starwall.start({ redis: false });
    const browser = await launchBrowser();
    try {
      const [small, large] = await starwall.openShops(2);
      await fillShop(starwall, small, FEW);
      await fillShop(starwall, large, settings.orders);
      tell(`${settings.orders} orders are in the shop`);
      const desks = {
        theirs: await openDesk(browser, starwall, small),
        ours: await openDesk(browser, starwall, large),
      };
      const rows = [];
      for (const [name, visit] of Object.entries(VISITS)) {
        const times = { ours: [], theirs: [] };
        const cpu = { ours: [], theirs: [] };
        // The first visit may be cold.
        for (let run = 0; run <= settings.runs; run += 1) {
          for (const side of ['theirs', 'ours']) {
            const took = await measured(starwall, desks[side], visit);
            if (run > 0) times[side].push(took.ms);
            if (run > 0) cpu[side].push(took.cpu);
          }
        }
        const against = `with ${FEW}`;
        const row = `${name} with ${settings.orders} orders`;
        rows.push({ name: `desk-million ${name}`, row: `${row}, ms to content`, ...times, against });
        rows.push({ name: `desk-million ${name} cpu`, row: `${row}, ms of CPU on the server`, ...cpu, against });
        tell(`${name}: ${times.ours.map(Math.round).join(', ')} ms, CPU ${cpu.ours.map(Math.round).join(', ')} ms`);
      }
      const frames = await framesPerSecond(desks.ours, tell);
      return [
        ...rows,
        { name: 'desk-million scroll', row: `frames a second in a list of ${LISTED} orders`, ours: frames },
      ];
    } finally {
      await browser.close();
      await starwall.stop();
    }
  },
};

/** Pages by name. Each opens one and waits for its content. */
const VISITS = {
  home: async (page, { url }) => {
    await page.goto(`${url}/`);
    await page.getByRole('heading', { name: 'Latest orders' }).waitFor();
    await page.locator('.facts dd b').first().waitFor();
    await page.locator('main a[href^="/orders/"]').first().waitFor();
    await page.locator('main .sk').first().waitFor({ state: 'detached' });
  },
  orders: async (page, { url }) => {
    await page.goto(`${url}/orders`);
    await page.locator('tbody tr td').first().waitFor();
  },
  'orders, refunded': async (page, { url }) => {
    await page.goto(`${url}/orders?payment_state=refunded`);
    await page.locator('.empty').waitFor();
  },
  'orders of a buyer': async (page, { url }) => {
    await page.goto(`${url}/orders?buyer_telegram_id=7`);
    await page.locator('tbody tr td').first().waitFor();
  },
  'search by id': async (page, { orderId }) => {
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').getByRole('combobox').fill(orderId);
    await page.getByRole('option', { name: orderId }).waitFor();
    await page.keyboard.press('Escape');
  },
  money: async (page, { url, botId }) => {
    await page.goto(`${url}/money?bot=${botId}`);
    await page.locator('.hero').waitFor();
  },
  buyers: async (page, { url }) => {
    await page.goto(`${url}/buyers`);
    await page.locator('tbody tr td').first().waitFor();
  },
  'search for a buyer': async (page, { url }) => {
    await page.goto(`${url}/buyers?search=Buyer`);
    await page.locator('tbody tr td').first().waitFor();
  },
};

/** Loads a long list and scrolls through it. */
async function framesPerSecond({ page, shop }, tell) {
  await VISITS.orders(page, shop);
  const more = page.getByRole('button', { name: 'Show more' });
  const rowCount = () => page.evaluate(`Number(document.querySelector('table').ariaRowCount ?? 0)`);
  while ((await rowCount()) <= LISTED) {
    await more.click();
    await page.locator('[aria-busy="true"]').waitFor({ state: 'detached' });
  }
  tell(`${await rowCount()} lines are in the list`);
  const once = () =>
    page.evaluate(async ({ frames, pixels }) => {
      const { scrollTo, requestAnimationFrame } = globalThis;
      scrollTo(0, 0);
      const frame = () => new Promise((resolve) => void requestAnimationFrame(resolve));
      await frame();
      const began = performance.now();
      for (let n = 1; n <= frames; n += 1) {
        scrollTo(0, n * pixels);
        await frame();
      }
      return (frames / (performance.now() - began)) * 1_000;
    }, SCROLL);
  return [await once(), await once(), await once()];
}

/** Signs in, in a browser of its own. */
async function openDesk(browser, { apiUrl: url }, { creator, botId, orderId }) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  await page.goto(`${url}/sign-in`);
  await page.getByLabel('Email address').fill(creator.email);
  await page.getByLabel('Password', { exact: true }).fill(creator.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Latest orders' }).waitFor();
  return { page, shop: { url, botId, orderId } };
}

/** @returns milliseconds until the content is there, and of CPU that platform and database used meanwhile */
async function measured({ pids }, { page, shop }, visit) {
  const { postgres, platform } = pids;
  const before = noteCpu({ postgres, platform });
  const began = performance.now();
  await visit(page, shop);
  const ms = performance.now() - began;
  return { ms, cpu: cpuSince(before, { postgres, platform }).sum * 1_000 };
}
