import type { Browser } from 'playwright-core';
import { newUuid, parseId } from '#libs/kernel';
import { StaffAccounts } from '#libs/staff';
import { Backstage } from '../support/backstage.js';
import { codeOf, Staff } from '../support/staff.js';
import { Buyer, Creator, eventually, type Starwall, startStarwall } from '../support/starwall.js';
import { DESKTOP, launchBrowser, move, PHONE, pictures, visit } from './browser.js';
import { giveCode, givePassword } from './console.js';

/** The folder for the screenshots, set by `npm run screenshots`. */
const FOLDER = process.env['SCREENSHOTS'];

let starwall: Starwall;
let browser: Browser;
let backstage: Backstage;
let tenant: string;
beforeAll(async () => {
  [starwall, browser] = await Promise.all([startStarwall(), launchBrowser()]);
  backstage = await Backstage.open(starwall);
  tenant = await populate();
});
afterAll(async () => {
  await browser?.close();
  await backstage.close();
  await starwall.stop();
});

const SIZES = { desktop: DESKTOP, phone: PHONE };

/** Creates a creator whose workspace has this name. */
async function signUp(workspace: string): Promise<Creator> {
  const creator = await Creator.signUp(starwall);
  const { id } = (await creator.get('/v1/me').expect(200)).body.tenant;
  await backstage.query('update tenants set name = $2 where id = $1', [parseId('tenant', id), workspace]);
  return creator;
}

/** Creates some workspaces; one of them sells, is warned, and has stuck work. @returns the id of that one */
async function populate(): Promise<string> {
  for (const workspace of ['Quiet Presets', 'Garden of Maps', 'Tea and Verbs']) await signUp(workspace);
  const creator = await signUp('Paper Lantern');
  const bot = await creator.registerBot();
  const product = await creator.createProduct(bot.id);
  const buyer = await Buyer.meets(starwall, bot.telegramId, 1_000);
  await buyer.pays(await buyer.wants(product));
  await buyer.pays(await buyer.wants(product));
  await eventually('deliveries', async () => {
    const { data } = (await creator.get('/v1/orders?delivery_state=delivered').expect(200)).body;
    return data.length === 2;
  });
  const id = String((await creator.get('/v1/me').expect(200)).body.tenant.id);
  for (const kind of ['order.deliver', 'refund.notify'])
    await backstage.query(
      `insert into jobs (tenant_id, kind, subject, queue, state, attempts, error)
       values ($1, $2, $3, 'delivery', 'parked', 12, 'Bad Request: the file is too big')`,
      [parseId('tenant', id), kind, newUuid()],
    );
  const email = 'nadia@staff.example';
  const { password } = await starwall.app.get(StaffAccounts, { strict: false }).create(email, 'risk');
  const risk = await Staff.enrols(starwall, email, password);
  const reason = 'Two products promise a refund that did not come within 48 hours.';
  const review_at = '2027-01-08T12:00:00Z';
  const note = 'Three buyers wrote on Monday; Ada talks to the owner.';
  await risk.post(`/v1/staff/tenants/${id}/restrict`, { state: 'warned', reason, review_at, note }).expect(200);
  await risk.post(`/v1/staff/tenants/${id}/bots/${bot.id}/stop`, { reason: 'It sends spam.' }).expect(200);
  return id;
}

describe('every page of the staff console', () => {
  it.each(Object.keys(SIZES) as (keyof typeof SIZES)[])('fits a %s, in both themes and languages', async (size) => {
    const { page, problems, close } = await visit(browser, `${starwall.url}/staff`, SIZES[size]);
    const tooWide: string[] = [];
    const picture = async (name: string, fullPage = true) => {
      tooWide.push(...(await pictures(page, `staff-${name}-${size}`, FOLDER, fullPage)));
    };
    const open = async (name: string, path: string, ready: string) => {
      await move(page, `/staff${path}`);
      await page.getByText(ready).first().waitFor({ state: 'attached' });
      await page.waitForTimeout(FOLDER === undefined ? 0 : 400);
      await picture(name);
    };
    const ask = async (name: string, button: string) => {
      await page.getByRole('button', { name: button, exact: true }).locator('visible=true').first().click();
      await page.getByRole('dialog').waitFor();
      await page.waitForTimeout(FOLDER === undefined ? 0 : 300);
      await picture(name, false);
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    };

    const email = `ada.${size}@staff.example`;
    const { password } = await starwall.app.get(StaffAccounts, { strict: false }).create(email, 'admin');
    await page.getByRole('heading', { name: 'Staff console' }).waitFor();
    await picture('sign-in');
    await givePassword(page, { email, password });
    await page.getByAltText('QR code for the authenticator').waitFor();
    await picture('enrol');
    await giveCode(page, codeOf(await page.locator('code.secret').innerText()));
    await page.getByText('Your recovery codes').waitFor();
    await picture('recovery-codes');
    await page.getByRole('button', { name: 'I have stored it' }).click();
    await page.getByRole('heading', { name: 'Operations' }).waitFor();

    await open('operations', '/operations', 'Parked jobs');
    await open('operations-kind', '/operations?kind=parked_jobs', 'the file is too big');
    await ask('operations-retry', 'Retry');
    await open('tenants', '/tenants', 'Workspaces');
    await open('tenants-none', '/tenants?query=nobody', 'No workspace matches');
    await open('tenant', `/tenants/${tenant}`, 'Plan:');
    await ask('tenant-restrict', 'Change the degree…');
    await ask('tenant-lift', 'Lift');
    await ask('tenant-close', 'Close the workspace…');
    await ask('tenant-erase', 'Erase a buyer…');
    await ask('tenant-plan', 'Change');
    await ask('tenant-limit', 'Exception');
    await ask('tenant-look', 'Look inside for 10 min…');
    await open('accounts', '/accounts', 'What the roles may do');
    await ask('accounts-add', 'Add a person');
    await open('plans', '/plans', 'Requests per minute');
    await open('audit', '/audit', 'Signed in');
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').getByRole('combobox').fill('op');
    await page.getByRole('option', { name: 'Operations' }).waitFor();
    await picture('palette', false);
    expect(tooWide).toEqual([]);
    expect(problems).toEqual([]);
    await close();
  });
});
