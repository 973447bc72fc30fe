import type { Browser, Page } from 'playwright-core';
import { newUuid } from '#libs/kernel';
import { Buyer, type Starwall, startStarwall } from '../support/starwall.js';
import { axe, DESKTOP, launchBrowser, move, overhang, PASSWORD, PHONE, signUp, visit } from './browser.js';

let starwall: Starwall;
let browser: Browser;
beforeAll(async () => {
  [starwall, browser] = await Promise.all([startStarwall(), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await starwall.stop();
});

const TITLE = '<img src=x onerror=alert(1)>';

async function makeProduct(page: Page): Promise<void> {
  await page.getByLabel(/^Title/).fill(TITLE);
  await page.getByLabel(/^Description/).fill('After paying you get one good sentence.');
  await page.getByRole('textbox', { name: 'Stars' }).fill('30');
  await page.getByLabel(/^Text/).fill('Be kind.');
  await page.getByRole('button', { name: 'Put on sale' }).locator('visible=true').click();
  await page.getByText('On sale', { exact: true }).first().waitFor();
}

describe.each([
  ['desktop', DESKTOP],
  ['phone', PHONE],
] as const)('a new creator on a %s', (_, size) => {
  it('makes a first sale and its refund in the dashboard', async () => {
    const email = `${newUuid()}@starwall.example`;
    const { page, problems, close } = await visit(browser, `${starwall.url}/`, size);
    await signUp(page, email);
    await page.getByRole('button', { name: 'Create a bot' }).click();
    await page.getByRole('link', { name: 'Create a product' }).click();
    await makeProduct(page);
    const productId = page.url().split('/').at(-1) ?? '';

    await page.getByRole('link', { name: 'Home' }).locator('visible=true').click();
    await page.getByText('Waiting for your order').waitFor();
    expect(await page.getByRole('link', { name: 'Open as a buyer' }).getAttribute('href')).toContain(
      starwall.simulator.url,
    );
    const bot = (await starwall.telegram.bots()).at(-1);
    const buyer = await Buyer.meets(starwall, bot?.id ?? 0, 100, { first_name: 'Mira' });
    await buyer.pays(await buyer.wants(productId));
    // The order appears without a reload.
    await page.getByRole('heading', { name: 'Latest orders' }).waitFor({ timeout: 20_000 });

    await page.getByRole('link', { name: 'Orders' }).locator('visible=true').first().click();
    await page.getByText('Delivered').locator('visible=true').first().waitFor();
    await page.getByRole('link', { name: TITLE }).locator('visible=true').click();
    await page.getByText('The goods are with the buyer.').waitFor();
    expect(await page.locator('img').count()).toBe(0);
    await page.getByRole('button', { name: 'Refund' }).locator('visible=true').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Keep the order' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(await buyer.balance()).toBe(70);
    await page.getByRole('button', { name: 'Refund' }).locator('visible=true').click();
    await dialog.getByRole('button', { name: 'Refund' }).click();
    await page.getByText('The Stars are back with the buyer.').waitFor({ timeout: 20_000 });
    expect(await buyer.balance()).toBe(100);

    expect(await overhang(page)).toBe(0);
    expect(problems).toEqual([]);
    await close();
  });
});

describe('the dashboard', () => {
  it('has no accessibility problems in either theme', async () => {
    const { page, close } = await visit(browser, `${starwall.url}/`);
    const found: string[] = [];
    const look = async (name: string) => {
      for (const one of await axe(page)) found.push(`${name}: ${one}`);
    };
    await page.getByRole('heading', { name: 'Welcome back' }).waitFor();
    await look('sign-in');
    await signUp(page, `${newUuid()}@starwall.example`);
    await look('home');
    await page.getByRole('button', { name: 'Create a bot' }).click();
    await page.getByRole('link', { name: 'Create a product' }).click();
    await makeProduct(page);
    await look('product');
    for (const [path, ready] of [
      ['/products', TITLE],
      ['/bots', 'All well'],
      ['/orders', 'Your first order'],
    ] as const) {
      await move(page, path);
      await page.getByText(ready).first().waitFor({ state: 'attached' });
      await look(path);
    }
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').waitFor();
    await look('palette');
    expect(found).toEqual([]);
    await close();
  });

  it('can be used without a mouse, and in Russian', async () => {
    const { page, close } = await visit(browser, `${starwall.url}/`);
    await signUp(page, `${newUuid()}@starwall.example`);
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill('ord');
    await page.keyboard.press('Enter');
    await page.getByText('Your first order will appear here').waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('b');
    await page.getByText('Your first bot will appear here').waitFor();
    await page.getByRole('button', { name: 'Owner' }).click();
    await page.getByRole('menuitemradio', { name: 'Русский' }).click();
    await page.getByText('Здесь появится первый бот').waitFor();
    await page.reload();
    await page.getByText('Здесь появится первый бот').waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('ru');
    await close();
  });
});

describe('a session in the dashboard', () => {
  it('continues after a reload and in another tab, and ends in both by signing out', async () => {
    const { page, close } = await visit(browser, `${starwall.url}/`);
    await signUp(page, `${newUuid()}@starwall.example`);
    const other = await page.context().newPage();
    await Promise.all([page.reload(), other.goto(`${starwall.url}/bots`)]);
    await other.getByText('Your first bot will appear here').waitFor();
    await page.getByRole('heading', { name: 'Add a bot' }).waitFor();
    await page.getByRole('button', { name: 'Owner' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Welcome back' }).waitFor();
    await other.getByRole('heading', { name: 'Welcome back' }).waitFor();
    await close();
  });

  it('loses no input when it ends while a form is being filled in', async () => {
    const email = `${newUuid()}@starwall.example`;
    const { page, close } = await visit(browser, `${starwall.url}/`);
    await signUp(page, email);
    await page.getByRole('button', { name: 'Create a bot' }).click();
    await page.getByRole('link', { name: 'Create a product' }).click();
    await page.getByLabel(/^Title/).fill('Half a product');
    const { body } = await starwall.http().post('/v1/auth/login').send({ email, password: PASSWORD }).expect(200);
    await starwall
      .http()
      .post('/v1/sessions/revoke-others')
      .set('authorization', `Bearer ${body.access_token}`)
      .expect(200);
    await page.getByLabel(/^Description/).fill('After paying you get it.');
    await page.getByRole('textbox', { name: 'Stars' }).fill('5');
    await page.getByLabel(/^Text/).fill('Be kind.');
    await page.getByRole('button', { name: 'Put on sale' }).locator('visible=true').click();
    const dialog = page.getByRole('dialog', { name: 'Your session has ended' });
    await dialog.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await dialog.getByRole('button', { name: 'Sign in' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(await page.getByLabel(/^Title/).inputValue()).toBe('Half a product');
    await page.getByRole('button', { name: 'Put on sale' }).locator('visible=true').click();
    await page.getByText('On sale', { exact: true }).first().waitFor();
    await close();
  });
});
