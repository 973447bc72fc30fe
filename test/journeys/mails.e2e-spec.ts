import type { Browser } from 'playwright-core';
import { newUuid } from '#libs/kernel';
import { axe, launchBrowser, PHONE, visit } from '../dashboard/browser.js';
import { openAsOwner } from '../support/database.js';
import { waiting, whileHeld } from '../support/locks.js';
import { Creator, eventually, type Starwall, startStarwall } from '../support/starwall.js';

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

it('the owner of an account is told once about a new device, but not about an updated browser', async () => {
  const email = `${newUuid()}@starwall.example`;
  const form = { email, password: PASSWORD, workspace: 'A shop' };
  await starwall.http().post('/v1/auth/sign-up').set('user-agent', 'Firefox/140.0').send(form).expect(201);
  await logIn(email, 'Firefox/141.2');
  await logIn(email, 'curl/8.5.0 <b>');
  await logIn(email, 'curl/8.6.0 <b>');
  const about = async () => (await mailsTo(email)).filter(({ subject }) => subject.startsWith('A new device'));
  const [mail] = await eventually('the letter', async () => {
    const mails = await about();
    return mails.length > 0 ? mails : undefined;
  });
  expect(mail?.subject).toBe('A new device signed in to your account · В ваш аккаунт вошли с нового устройства');
  expect(mail?.text).toContain('curl/8.5.0 <b>');
  expect(await about()).toHaveLength(1);

  const { page, problems, close } = await visit(browser, `${starwall.simulator.url}/mails.html`, PHONE);
  await page.getByText('curl/8.5.0 <b>').first().waitFor();
  expect(await axe(page)).toEqual([]);
  expect(problems).toEqual([]);
  await close();
});

/** Returns the token from the link to a page in the newest email to an address. */
const tokenFor = (email: string, page: string) =>
  eventually(`a letter with a link to ${page}`, async () => {
    const texts = (await mailsTo(email)).map(({ text }) => text);
    return texts.flatMap((text) => new RegExp(`^${starwall.url}/${page}#(\\S+)$`, 'm').exec(text)?.[1] ?? [])[0];
  });

describe('a forgotten password', () => {
  const ask = (email: string) => starwall.http().post('/v1/auth/password-resets').send({ email });
  const set = (token: string, password: string) =>
    starwall.http().post('/v1/auth/password-resets/complete').send({ token, new_password: password });
  const NEXT = 'another horse battery';

  it('is replaced by a link in an email, whose token no server sees in a URL', async () => {
    const creator = await Creator.signUp(starwall);
    await ask(creator.email).expect(204);
    const token = await tokenFor(creator.email, 'reset-password');
    const short = await set(token, 'short').expect(400);
    expect(short.body.errors[0].path).toBe('new_password');
    await set(token, NEXT).expect(204);
    expect((await set(token, NEXT).expect(404)).body).toMatchObject({
      code: 'link_invalid',
      remedy: expect.any(String),
    });
    const logIn = (password: string) => starwall.http().post('/v1/auth/login').send({ email: creator.email, password });
    await logIn(PASSWORD).expect(401);
    await logIn(NEXT).expect(200);
    await creator.get('/v1/me').expect(401);
    await eventually('a notice', async () =>
      (await mailsTo(creator.email)).some(({ subject }) => subject.startsWith('Your password was changed')),
    );
  });

  it('attack 31: gets the same immediate answer, whether or not the account exists', async () => {
    const creator = await Creator.signUp(starwall);
    const owner = await openAsOwner();
    const told = ({ status, headers, text }: Awaited<ReturnType<typeof ask>>) => [status, Object.keys(headers), text];
    await whileHeld(owner, ['select 1 from accounts where email = $1 for update', [creator.email]], async () => {
      const known = await ask(creator.email);
      await waiting(owner, 'select 1 from accounts%');
      expect(told(known)).toEqual(told(await ask(`${newUuid()}@starwall.example`)));
    });
    await owner.destroy();
  });

  it('can be requested three times in a quarter of an hour, whether or not the account exists', async () => {
    const creator = await Creator.signUp(starwall);
    for (const email of [creator.email, `${newUuid()}@starwall.example`]) {
      for (let n = 0; n < 3; n += 1) await ask(email).expect(204);
      const { body, headers } = await ask(email).expect(429);
      expect(body.code).toBe('too_many_attempts');
      expect(Number(headers['retry-after'])).toBeGreaterThan(800);
    }
  });
});

describe('the email address of an account', () => {
  it('is confirmed by the link sent at sign-up, and can be changed and restored', async () => {
    const creator = await Creator.signUp(starwall);
    const next = `${newUuid()}@starwall.example`;
    const open = (action: string, body: object) => starwall.http().post(`/v1/auth/address/${action}`).send(body);
    const me = async () => (await creator.get('/v1/me').expect(200)).body;
    expect((await me()).email_confirmed_at).toBeNull();
    await creator.post('/v1/auth/address/confirmation').expect(204);
    await open('confirm', { token: await tokenFor(creator.email, 'confirm-address') }).expect(200);
    expect((await me()).email_confirmed_at).not.toBeNull();

    const wish = { email: next, password: PASSWORD };
    await creator.post('/v1/auth/address', { ...wish, password: 'not the password' }).expect(403);
    await creator.post('/v1/auth/address', wish).expect(204);
    const { body } = await open('confirm', { token: await tokenFor(next, 'confirm-address') }).expect(200);
    expect(body.email).toBe(next);
    expect((await me()).email).toBe(next);
    const keep = { token: await tokenFor(creator.email, 'keep-address'), new_password: 'another horse battery' };
    await open('restore', keep).expect(204);
    await open('restore', keep).expect(404);
    const login = { email: creator.email, password: keep.new_password };
    await starwall.http().post('/v1/auth/login').send(login).expect(200);
    await creator.get('/v1/me').expect(401);
  });
});

it('the simulator shows emails to no other website, and keeps one copy of an email that arrives twice', async () => {
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
