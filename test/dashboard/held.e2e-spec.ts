import type { Browser } from 'playwright-core';
import { inherited } from '../support/held.js';
import { eventually, type Starwall, startStarwall } from '../support/starwall.js';
import { axe, launchBrowser, openAs, overhang, PHONE } from './browser.js';

let starwall: Starwall;
let browser: Browser;
beforeAll(async () => {
  [starwall, browser] = await Promise.all([startStarwall(), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await starwall.stop();
});

it.each([
  ['desktop', {}],
  ['phone', PHONE],
] as const)('a held payment can be delivered on a %s, and counts as earned from then on', async (_, size) => {
  const { creator, bot, person } = await inherited(starwall);
  const { page, problems, close } = await openAs(browser, `${starwall.url}/money?bot=${bot.id}`, creator.email, size);
  await page.getByRole('heading', { name: 'Payments without an order' }).waitFor();
  await page.getByRole('button', { name: 'Deliver…' }).click();
  const dialog = page.getByRole('dialog');
  // Neither the payload nor an order names a product, so the page does not send a request that the API would refuse.
  await dialog.getByRole('button', { name: 'Deliver' }).click();
  await dialog.getByText('Choose a product').last().waitFor();
  expect((await creator.get('/v1/orders').expect(200)).body.data).toEqual([]);
  expect(await axe(page)).toEqual([]);
  expect(await overhang(page)).toBe(0);
  await dialog.getByLabel('Product').selectOption({ label: 'Guide' });
  await dialog.getByRole('button', { name: 'Deliver' }).click();
  await page.getByText('The goods are on their way.').waitFor();
  await person.hears(/the goods once more/);
  await page.getByRole('heading', { name: 'Payments without an order' }).waitFor({ state: 'detached' });
  const days = [new Date(), new Date(Date.now() + 864e5)].map((day) => day.toISOString().slice(0, 10));
  const path = `/v1/bots/${bot.id}/statement`;
  const period = `?from=${days[0]}&to=${days[1]}`;
  expect((await creator.get(`${path}${period}`).expect(200)).body).toMatchObject({ earned: 50, held: 0 });
  const { text } = await creator.get(`${path}.csv${period}`).expect(200);
  expect(text).toContain(',charge,earned,50,');
  await eventually('the sale on the page', async () => (await page.locator('.hero').textContent())?.includes('50'));
  expect(problems).toEqual([]);
  await close();
});
