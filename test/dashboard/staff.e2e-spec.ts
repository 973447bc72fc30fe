import { readdirSync, readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { newUuid, parseId } from '#libs/kernel';
import { StaffAccounts } from '#libs/staff';
import { Backstage } from '../support/backstage.js';
import { codeOf, Staff } from '../support/staff.js';
import { Creator, eventually, type RegisteredBot, type Starwall, startStarwall } from '../support/starwall.js';
import { axe, DESKTOP, launchBrowser, openAs, PHONE, visit } from './browser.js';
import { giveCode, givePassword, openConsole } from './console.js';

let starwall: Starwall;
let browser: Browser;
let backstage: Backstage;
let creator: Creator;
let bot: RegisteredBot;
let tenant: string;
beforeAll(async () => {
  [starwall, browser] = await Promise.all([startStarwall(), launchBrowser()]);
  backstage = await Backstage.open(starwall);
  creator = await Creator.signUp(starwall);
  bot = await creator.registerBot();
  tenant = String((await creator.get('/v1/me').expect(200)).body.tenant.id);
});
afterAll(async () => {
  await browser?.close();
  await backstage.close();
  await starwall.stop();
});

/** Inserts a parked job into the workspace. @returns its subject */
async function park(): Promise<string> {
  const subject = newUuid();
  await backstage.query(
    `insert into jobs (tenant_id, kind, subject, queue, state, attempts, error) values ($1, 'order.deliver', $2, 'delivery', 'parked', 12, 'a bug')`,
    [parseId('tenant', tenant), subject],
  );
  return subject;
}

const stateOf = async () => (await creator.get('/v1/me').expect(200)).body.tenant;

describe('the staff console', () => {
  it('enrols an authenticator at the first sign-in, and shows the recovery codes once', async () => {
    const email = `${newUuid()}@staff.example`;
    const { password } = await starwall.app.get(StaffAccounts, { strict: false }).create(email, 'admin');
    const { page, problems, close } = await visit(browser, `${starwall.url}/staff/plans`);
    await givePassword(page, { email, password });
    await page.getByAltText('QR code for the authenticator').waitFor();
    const seed = await page.locator('code.secret').innerText();
    expect(await axe(page)).toEqual([]);
    await giveCode(page, codeOf(seed));
    await page.getByText('Your recovery codes').waitFor();
    expect(await page.locator('.codes li').count()).toBe(10);
    await page.getByRole('button', { name: 'I have stored it' }).click();
    await page.getByRole('table', { name: 'Plans' }).waitFor();
    await page.reload();
    await page.getByRole('table', { name: 'Plans' }).waitFor();
    expect(page.url()).toBe(`${starwall.url}/staff/plans`);
    expect(await page.evaluate('document.cookie')).toBe('');
    expect(problems).toEqual([]);
    await close();
  });

  it('finds a workspace, restricts it with a reason that its creator can read, and lifts the restriction', async () => {
    const risk = await Staff.with('risk', starwall);
    const { page, problems, close } = await openConsole(browser, starwall, risk, '/staff/tenants', DESKTOP);
    await page.getByLabel('Search workspaces').fill(creator.email);
    await page.getByRole('table').getByRole('link').first().click();
    await page.getByRole('button', { name: 'Restrict…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('No new sales').check();
    await dialog.getByRole('button', { name: 'No new sales' }).click();
    await dialog.getByText('A reason is required.').waitFor();
    await dialog.getByLabel('Reason, for the creator').fill('Buyers complain about fakes.');
    expect(await axe(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'No new sales' }).click();
    await page.getByText('Reason shown to them: “Buyers complain about fakes.”').waitFor();
    expect(await stateOf()).toMatchObject({
      state: 'no_new_sales',
      restriction: { reason: 'Buyers complain about fakes.' },
    });
    await page.getByRole('button', { name: 'Lift' }).click();
    await dialog.getByLabel('Reason, for the creator').fill('They were removed.');
    await dialog.getByRole('button', { name: 'Lift' }).click();
    await page.getByText('Nothing is restricted.').waitFor();
    expect((await stateOf()).state).toBe('active');
    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    await dialog.getByLabel('Reason').fill('It sends spam.');
    await dialog.getByRole('button', { name: 'Stop' }).click();
    await page.getByText('Stopped by staff', { exact: true }).waitFor();
    expect(await axe(page)).toEqual([]);
    expect(problems).toEqual([]);
    await risk.post(`/v1/staff/tenants/${tenant}/bots/${bot.id}/release`, { reason: 'Mended.' }).expect(200);
    await close();
  });

  it('retries stuck work with a reason, on a phone', async () => {
    const support = await Staff.with('support', starwall);
    const subject = await park();
    const path = `/staff/operations?tenant_id=${tenant}`;
    const { page, problems, close } = await openConsole(browser, starwall, support, path, PHONE);
    await page.getByRole('link', { name: 'Parked jobs' }).click();
    await page.getByText(subject).waitFor();
    expect(await axe(page)).toEqual([]);
    await page.getByRole('button', { name: 'Retry' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Reason').fill('The bug is fixed.');
    await dialog.getByRole('button', { name: 'Retry' }).click();
    await page.getByText('None of this kind.').waitFor();
    const { body } = await creator.get('/v1/audit-entries').expect(200);
    expect(body.data[0]).toMatchObject({ action: 'staff_repairs_retry_job', reason: 'The bug is fixed.' });
    await page.goto(`${starwall.url}/staff/tenants/${tenant}`);
    await page.getByText('Restriction', { exact: true }).waitFor();
    expect(await axe(page)).toEqual([]);
    expect(problems).toEqual([]);
    await close();
  });

  it('opens a workspace read-only in a separate tab, whose closing ends the visit', async () => {
    const support = await Staff.with('support', starwall);
    const { page, problems, close } = await openConsole(browser, starwall, support, `/staff/tenants/${tenant}`);
    await page.getByRole('button', { name: 'Look inside for 10 min…' }).click();
    await page.getByRole('dialog').getByLabel('Reason').fill('They asked about a bot.');
    const [tab] = await Promise.all([
      page.waitForEvent('popup'),
      page.getByRole('dialog').getByRole('button', { name: 'Look inside' }).click(),
    ]);
    const complaints: string[] = [];
    tab.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    const addresses: string[] = [];
    tab.on('framenavigated', (frame) => addresses.push(frame.url()));
    await tab.getByText('A shop.').waitFor();
    await tab.getByText(`${support.credentials.email} has read-only access until`).waitFor();
    await tab.getByRole('link', { name: 'Bots' }).first().click();
    await tab.getByText('All well').waitFor();
    expect(await axe(tab)).toEqual([]);
    expect(await tab.getByRole('button', { name: /Pause|Add a bot|Give a gift/ }).count()).toBe(0);
    await tab.reload();
    await tab.getByText('All well').waitFor();
    const kept = await tab.evaluate('JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])');
    expect(`${String(kept)} ${addresses.join(' ')}`).not.toContain('eyJ');
    const { data } = (await creator.get('/v1/audit-entries').expect(200)).body;
    const read = (data as { action: string; reason: string | null }[]).map(({ action, reason }) => reason ?? action);
    expect(read).toContain('They asked about a bot.');
    const endings = async () =>
      (await creator.get('/v1/audit-entries?action=staff_visits_end').expect(200)).body.data as object[];
    // The reload above has not ended the visit.
    expect(await endings()).toEqual([]);
    await tab.close();
    await eventually('the end of the visit whose tab was closed', async () => (await endings()).length === 1);
    const [again] = await Promise.all([
      page.waitForEvent('popup'),
      (async () => {
        await page.getByRole('button', { name: 'Look inside for 10 min…' }).click();
        await page.getByRole('dialog').getByLabel('Reason').fill('Once more.');
        await page.getByRole('dialog').getByRole('button', { name: 'Look inside' }).click();
      })(),
    ]);
    const asked = again.waitForRequest((request) => request.url().includes('/v1/buyers'));
    await again.getByRole('link', { name: 'Buyers' }).first().click();
    const { authorization = '' } = (await asked).headers();
    const ended = again.waitForEvent('close');
    await again.getByRole('button', { name: 'End the visit' }).click();
    await ended;
    await starwall.http().get('/v1/bots').set('authorization', authorization).expect(401);
    const left = { via: 'impersonation', outcome: 'done' };
    expect(await endings()).toMatchObject([left, left]);
    const stranger = await page.context().newPage();
    await stranger.goto(`${starwall.url}/look`);
    await stranger.getByRole('heading', { name: 'The visit is over' }).waitFor();
    expect(await axe(stranger)).toEqual([]);
    expect([...problems, ...complaints]).toEqual([]);
    await close();
  });

  it('shows a viewer no button that the API would refuse', async () => {
    const viewer = await Staff.with('viewer', starwall);
    await park();
    const path = `/staff/tenants/${tenant}`;
    const { page, problems, close } = await openConsole(browser, starwall, viewer, path);
    await page.getByText('Parked jobs').waitFor();
    const buttons = () => page.locator('main').locator('button:not(.id)').locator('visible=true').allInnerTexts();
    expect(await buttons()).toEqual([]);
    await page.getByRole('link', { name: 'Open' }).first().click();
    await page.getByText('a bug').waitFor();
    expect(await buttons()).toEqual([]);
    const nav = page.getByRole('navigation', { name: 'Main' }).first();
    expect(await nav.getByRole('link').allInnerTexts()).toEqual(['Operations', 'Workspaces', 'Plans']);
    expect(problems).toEqual([]);
    await close();
  });

  it('is closed to a creator, who does not load its code', async () => {
    const { page, close } = await openAs(browser, starwall.url, creator.email);
    const loaded: string[] = [];
    page.on('request', (request) => loaded.push(request.url()));
    await page.getByRole('navigation', { name: 'Main' }).first().waitFor();
    const chunks = readdirSync('dist/apps/dashboard/assets').filter((file) => file.endsWith('.js'));
    const own = chunks.filter((file) =>
      readFileSync(`dist/apps/dashboard/assets/${file}`, 'utf8').includes('/v1/staff/'),
    );
    expect(own.length).toBeGreaterThan(0);
    expect(loaded.filter((url) => own.some((file) => url.endsWith(file)))).toEqual([]);
    await page.goto(`${starwall.url}/staff/tenants`);
    await page.getByRole('heading', { name: 'Staff console' }).waitFor();
    await close();
  });
});
