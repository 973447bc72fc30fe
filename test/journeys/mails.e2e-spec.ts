import type { Browser } from 'playwright-core';
import { newUuid } from '#libs/kernel';
import { axe, launchBrowser, PHONE, visit } from '../dashboard/browser.js';
import { eventually, type Starwall, startStarwall } from '../support/starwall.js';

let starwall: Starwall;
let browser: Browser;
beforeAll(async () => {
  [starwall, browser] = await Promise.all([startStarwall(), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await starwall.stop();
});

interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

const mailsTo = async (email: string) => {
  const mails = (await (await fetch(`${starwall.simulator.url}/control/mails`)).json()) as Mail[];
  return mails.filter(({ to }) => to === email);
};
const PASSWORD = 'correct horse battery';
const logIn = (email: string, program: string) =>
  starwall.http().post('/v1/auth/login').set('user-agent', program).send({ email, password: PASSWORD }).expect(200);

it('tells the owner of an account about a new device, once, and not about an updated one', async () => {
  const email = `${newUuid()}@starwall.example`;
  const form = { email, password: PASSWORD, workspace: 'A shop' };
  await starwall.http().post('/v1/auth/sign-up').set('user-agent', 'Firefox/140.0').send(form).expect(201);
  await logIn(email, 'Firefox/141.2');
  await logIn(email, 'curl/8.5.0 <b>');
  await logIn(email, 'curl/8.6.0 <b>');
  const [mail] = await eventually('the letter', async () => {
    const mails = await mailsTo(email);
    return mails.length > 0 ? mails : undefined;
  });
  expect(mail?.subject).toBe('A new device signed in to your account · В ваш аккаунт вошли с нового устройства');
  expect(mail?.text).toContain('curl/8.5.0 <b>');
  expect(await mailsTo(email)).toHaveLength(1);

  const { page, problems, close } = await visit(browser, `${starwall.simulator.url}/mails.html`, PHONE);
  await page.getByText('curl/8.5.0 <b>').first().waitFor();
  expect(await axe(page)).toEqual([]);
  expect(problems).toEqual([]);
  await close();
});

it('gives nobody else the letter, and keeps one that comes twice once', async () => {
  const letter = { id: newUuid(), to: 'mira@example.com', subject: 'Hello', text: 'Hello', html: '<p>Hello</p>' };
  const send = (headers: Readonly<Record<string, string>> = {}) =>
    fetch(`${starwall.simulator.url}/control/mails`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(letter),
    });
  expect((await send()).status).toBe(204);
  expect((await send()).status).toBe(204);
  expect((await send({ origin: 'https://evil.example' })).status).toBe(403);
  expect(await mailsTo('mira@example.com')).toHaveLength(1);
});
