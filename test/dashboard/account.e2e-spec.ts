import type { Browser } from 'playwright-core';
import { newUuid } from '#libs/kernel';
import { openAsOwner } from '../support/database.js';
import { waiting, whileHeld } from '../support/locks.js';
import { Creator, eventually, type Starwall, startStarwall } from '../support/starwall.js';
import { axe, DESKTOP, launchBrowser, openAs, overhang, PHONE, visit } from './browser.js';

let starwall: Starwall;
let browser: Browser;
beforeAll(async () => {
  [starwall, browser] = await Promise.all([startStarwall(), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await starwall.stop();
});

const NEXT = 'another horse battery';

/** Returns the link to a page in the newest email to an address. */
const linkFor = (email: string, page: string) =>
  eventually(`a letter with a link to ${page}`, async () => {
    const answer = await fetch(`${starwall.simulator.url}/control/mails`);
    const mails = (await answer.json()) as { readonly to: string; readonly text: string }[];
    const texts = mails.filter(({ to }) => to === email).map(({ text }) => text);
    return texts.flatMap((text) => new RegExp(`^${starwall.url}/${page}#\\S+$`, 'm').exec(text)?.[0] ?? [])[0];
  });

describe.each(Object.entries({ desktop: DESKTOP, phone: PHONE }))('the dashboard on a %s', (_, size) => {
  it('replaces a forgotten password by the link in an email', async () => {
    const { email } = await Creator.signUp(starwall);
    const { page, problems, close } = await visit(browser, `${starwall.url}/sign-in`, size);
    await page.getByRole('link', { name: 'Forgot your password?' }).click();
    // The previous page has a field of this name, too.
    const send = page.getByRole('button', { name: 'Send the link' });
    await send.waitFor();
    await page.getByLabel('Email address').fill(email);
    expect(await axe(page)).toEqual([]);
    await send.click();
    await page.getByRole('heading', { name: 'Check your inbox' }).waitFor();

    await page.goto(await linkFor(email, 'reset-password'));
    await page.getByLabel('New password').fill(NEXT);
    expect(page.url()).toBe(`${starwall.url}/reset-password`);
    expect([await axe(page), await overhang(page)]).toEqual([[], 0]);
    await page.getByRole('button', { name: 'Set the password' }).click();
    await page.getByRole('link', { name: 'Sign in' }).click();
    await page.getByLabel('Email address').fill(email);
    await page.getByLabel('Password', { exact: true }).fill(NEXT);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Add a bot' }).waitFor();
    expect(problems).toEqual([]);
    await close();
  });
});

it('the home page asks to confirm the email address until its link has been used', async () => {
  const { email } = await Creator.signUp(starwall);
  const { page, problems, close } = await openAs(browser, `${starwall.url}/sign-in`, email, PHONE);
  const notice = page.getByText('Confirm your address:');
  await notice.waitFor();
  expect([await axe(page), await overhang(page)]).toEqual([[], 0]);
  await page.getByRole('button', { name: 'Send again' }).click();
  await page.getByText('The email is on its way').waitFor();
  await page.goto(await linkFor(email, 'confirm-address'));
  await page.getByRole('button', { name: 'Confirm the address' }).click();
  await page.getByRole('link', { name: 'Open the dashboard' }).click();
  await page.getByRole('heading', { name: 'Add a bot' }).waitFor();
  expect(await notice.count()).toBe(0);
  expect(problems).toEqual([]);
  await close();
});

it('an invited person joins by the link in the email', async () => {
  const [creator, email] = [await Creator.signUp(starwall), `${newUuid()}@starwall.example`];
  const { body } = await creator.post('/v1/invitations', { email, role: 'support' }).expect(201);
  expect(body.mailed).toBe(true);
  const { page, problems, close } = await visit(browser, await linkFor(email, 'join'), PHONE);
  await page.getByRole('heading', { name: 'Join “A shop”' }).waitFor();
  await page.getByText(`${creator.email} invites you. Your role: support.`).waitFor();
  expect(page.url()).toBe(`${starwall.url}/join`);
  expect([await axe(page), await overhang(page)]).toEqual([[], 0]);
  await page.getByLabel('Password', { exact: true }).fill(NEXT);
  await page.getByRole('button', { name: 'Join the workspace' }).click();
  await page.getByText('Confirm your address:').waitFor();
  const { data } = (await creator.get('/v1/members').expect(200)).body;
  expect(data).toContainEqual(expect.objectContaining({ email, role: 'support' }));
  expect(problems).toEqual([]);
  await close();
});

it('a used link explains how to continue', async () => {
  const { page, close } = await visit(browser, `${starwall.url}/reset-password#not-a-token`);
  await page.getByLabel('New password').fill(NEXT);
  await page.getByRole('button', { name: 'Set the password' }).click();
  await page.getByText('This link was used before, or has expired.').waitFor();
  expect(await axe(page)).toEqual([]);
  await close();
});

it('a page that is reloaded during the refresh of its session stays signed in', async () => {
  const { email } = await Creator.signUp(starwall);
  const { page, close } = await openAs(browser, `${starwall.url}/sign-in`, email);
  await page.getByRole('heading', { name: 'Add a bot' }).waitFor();
  const owner = await openAsOwner();
  try {
    await whileHeld(owner, ['select from sessions for update'], async () => {
      const reloaded = page.reload({ waitUntil: 'commit' });
      await waiting(owner, '%from refresh_tokens r join sessions%');
      await reloaded;
      await page.reload({ waitUntil: 'commit' });
      await waiting(owner, '%from refresh_tokens r join sessions%', 2);
    });
    await page.getByRole('heading', { name: 'Add a bot' }).waitFor();
  } finally {
    await owner.destroy();
  }
  await close();
});
