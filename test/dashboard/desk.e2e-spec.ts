import type { Browser } from 'playwright-core';
import { SignInLinks, SignInLinksModule } from '../../apps/platform/src/index.js';
import { Buyer, Creator, eventually, type Starwall, startStarwall } from '../support/starwall.js';
import { axe, launchBrowser, move, openKept, overhang, PASSWORD, PHONE, visit } from './browser.js';

let starwall: Starwall;
let browser: Browser;
let creator: Creator;
beforeAll(async () => {
  [starwall, browser] = await Promise.all([startStarwall({}, [SignInLinksModule]), launchBrowser()]);
  creator = await Creator.signUp(starwall);
  const bot = await creator.registerBot('Lantern Lessons');
  const product = await creator.createProduct(bot.id);
  const buyer = await Buyer.meets(starwall, bot.telegramId);
  await buyer.pays(await buyer.wants(product));
  await eventually('a delivery', async () => {
    const { data } = (await creator.get('/v1/orders?delivery_state=delivered').expect(200)).body;
    return data.length === 1;
  });
});
afterAll(async () => {
  await browser?.close();
  await starwall.stop();
});

describe.each([
  ['desktop', {}],
  ['phone', PHONE],
] as const)('the dashboard on a %s', (_, options) => {
  const open = (path: string) => openKept(browser, `${starwall.url}${path}`, creator.email, options);

  it('shows the earnings, and whether they agree with Telegram', async () => {
    const { page, problems, close } = await open('/money');
    await page.locator('.hero').getByText('50').waitFor();
    await page.getByRole('button', { name: 'Compare now' }).click();
    await page.getByText('Our books and Telegram agree').first().waitFor();
    expect(await axe(page)).toEqual([]);
    expect(await overhang(page)).toBe(0);
    expect(problems).toEqual([]);
    await close();
  });

  it('creates a key with a described scope, shows it once, and revokes it', async () => {
    const { page, problems, close } = await open('/developers/keys');
    await page.getByRole('button', { name: 'New key' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel(/^Purpose/).fill('Books');
    await dialog.getByLabel('see credits').check();
    expect(await axe(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Create the key' }).click();
    const key = (await page.locator('code.secret').textContent()) ?? '';
    const asked = () => starwall.http().get('/v1/orders').set('authorization', `Bearer ${key}`);
    await asked().expect(200);
    await page.getByRole('button', { name: 'I have stored it' }).click();
    await page.getByText('see orders and buyers, see credits').first().waitFor();
    await page.getByRole('button', { name: 'Revoke' }).first().click();
    await dialog.getByRole('button', { name: 'Revoke' }).click();
    await page.getByText('Revoked').first().waitFor();
    await eventually('the refusal', async () => (await asked()).status === 401);
    expect(await overhang(page)).toBe(0);
    expect(problems).toEqual([]);
    await close();
  });

  it('adds an endpoint, sends it a sample, and shows its answer', async () => {
    const { page, problems, close } = await open('/developers/endpoints');
    await page.getByRole('button', { name: 'Add endpoint' }).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Address', { exact: true }).fill('https://hooks.starwall.example/stars');
    await dialog.getByRole('button', { name: 'Add endpoint' }).click();
    await page.getByRole('button', { name: 'I have stored it' }).click();
    await page.getByRole('button', { name: 'Send a sample' }).click();
    await page.getByText('endpoint.test').first().waitFor();
    await page
      .getByRole('button', { name: /endpoint\.test/ })
      .first()
      .click();
    await page.getByText(/"type": "endpoint\.test"/).waitFor();
    expect(await axe(page)).toEqual([]);
    expect(await overhang(page)).toBe(0);
    await move(page, '/developers/events');
    await page
      .getByRole('button', { name: /order\.paid/ })
      .first()
      .waitFor();
    expect(await axe(page)).toEqual([]);
    await move(page, '/developers/endpoints');
    await page.getByRole('button', { name: 'Delete' }).click();
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await page.getByText('No endpoint yet').waitFor();
    expect(problems).toEqual([]);
    await close();
  });

  it("shows the workspace's team, sessions, plan, audit log and closing", async () => {
    const { page, problems, close } = await open('/workspace');
    await page.getByRole('button', { name: 'Invite' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Email address').fill('helper@starwall.example');
    await dialog.getByRole('button', { name: 'Invite' }).click();
    await page.getByText('An email with the link is on its way').waitFor();
    await page.getByRole('listitem').getByText('helper@starwall.example').waitFor();
    expect(await axe(page)).toEqual([]);
    await page.getByRole('button', { name: 'Cancel invitation' }).click();
    await page.getByRole('listitem').getByText('helper@starwall.example').waitFor({ state: 'detached' });
    for (const [tab, ready] of [
      ['Security', 'This device'],
      ['Plan', 'Orders this month'],
      ['Audit log', 'Entries cannot be altered'],
      ['Data', 'Download archive'],
    ] as const) {
      await page.getByRole('link', { name: tab }).click();
      await page.getByText(ready).first().waitFor();
      expect(await axe(page)).toEqual([]);
      expect(await overhang(page)).toBe(0);
    }
    expect(problems).toEqual([]);
    await close();
  });
});

describe('a sign-in link', () => {
  it('works once, and leaves no code in the URL', async () => {
    const code = starwall.app.get(SignInLinks, { strict: false }).issue({ email: creator.email, password: PASSWORD });
    const first = await visit(browser, `${starwall.url}/sign-in#link=${code}`);
    await first.page.getByText('Latest orders').waitFor();
    expect(new URL(first.page.url()).href).toBe(`${starwall.url}/`);
    expect(await first.page.evaluate('history.length')).toBeLessThanOrEqual(2);
    expect(first.problems).toEqual([]);
    // In the same browser, a used link leads to the session that it started.
    await first.page.goto(`${starwall.url}/sign-in?again#link=${code}`);
    await first.page.getByText('Latest orders').waitFor();
    await first.close();
    const second = await visit(browser, `${starwall.url}/sign-in#link=${code}`);
    await second.page.getByRole('heading', { name: 'Welcome back' }).waitFor();
    expect(second.page.url()).not.toContain(code);
    await second.close();
  });
});

describe('the second factor', () => {
  it('is turned on with the password and a QR code to scan', async () => {
    const { page, problems, close } = await openKept(browser, `${starwall.url}/workspace/security`, creator.email);
    await page.getByRole('button', { name: 'Turn on' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Current password', { exact: true }).fill(PASSWORD);
    await dialog.getByRole('button', { name: 'Continue' }).click();
    await dialog.getByRole('img', { name: 'Scan this with your authenticator app' }).waitFor();
    expect(await axe(page)).toEqual([]);
    expect(problems).toEqual([]);
    await close();
  });
});
