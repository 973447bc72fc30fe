import type { Browser } from 'playwright-core';
import { Backstage } from '../support/backstage.js';
import { Creator, newBot, type Starwall, startStarwall } from '../support/starwall.js';
import { axe, launchBrowser, openAs, overhang, PHONE, speak } from './browser.js';

let starwall: Starwall;
let backstage: Backstage;
let browser: Browser;
beforeAll(async () => {
  [starwall, browser] = await Promise.all([startStarwall(), launchBrowser()]);
  backstage = await Backstage.open(starwall);
});
afterAll(async () => {
  await browser?.close();
  await backstage.close();
  await starwall.stop();
});

const listOf = (...lines: string[]) => ({
  name: '<b>bots</b>.txt',
  mimeType: 'text/plain',
  buffer: Buffer.from(lines.join('\n')),
});
/** Delays all imports. */
const holdPace = () =>
  backstage.query(
    `insert into registration_paces (name, next_at) values ('imports', now() + interval '1 hour')
     on conflict (name) do update set next_at = excluded.next_at`,
  );

describe.each([
  ['desktop', {}],
  ['phone', PHONE],
] as const)('the import page on a %s', (_, size) => {
  it('uploads a file of bots, explains its failures, and cancels the lines that wait', async () => {
    const creator = await Creator.signUp(starwall);
    await creator.registerBot();
    const tokens = [(await newBot(starwall)).token, (await newBot(starwall)).token];
    const { page, problems, close } = await openAs(browser, `${starwall.url}/bots`, creator.email, size);
    await page.getByRole('link', { name: 'From a file' }).click();
    await page.getByText('No file yet').waitFor();
    expect(await page.getByRole('button', { name: 'Add the bots' }).isDisabled()).toBe(true);
    expect(await axe(page)).toEqual([]);

    await page.getByLabel('File with tokens').setInputFiles(listOf('nonsense', String(tokens[0])));
    await page.getByText('Chosen: <b>bots</b>.txt').waitFor();
    await page.getByRole('button', { name: 'Add the bots' }).click();
    await page.getByText('2 of 2').waitFor();
    await page.getByRole('listitem').filter({ hasText: 'Line 1' }).getByText('BotFather').waitFor();
    expect(await axe(page)).toEqual([]);
    expect(await overhang(page)).toBe(0);
    await page.getByRole('button', { name: 'Added 1' }).click();
    await page.getByRole('listitem').filter({ hasText: 'Line 2' }).getByRole('link').waitFor();

    await page.getByRole('link', { name: 'Back to files' }).click();
    await holdPace();
    await page.getByLabel('File with tokens').setInputFiles(listOf(String(tokens[1])));
    await page.getByRole('button', { name: 'Add the bots' }).click();
    await page.getByText('0 of 1').waitFor();
    await page.getByRole('button', { name: 'Stop the import' }).click();
    await page.getByRole('dialog').getByText('1 waiting line will not be tried').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Stop the import' }).click();
    await page.getByText('1 of 1').waitFor();
    await backstage.query("delete from registration_paces where name = 'imports'");
    await page.locator('main').getByText('Canceled').first().waitFor();

    await page.getByRole('link', { name: 'Back to files' }).click();
    await page.getByText('Canceled').locator('visible=true').first().waitFor();
    await speak(page, 'ru');
    await page.getByText('Прежние файлы').waitFor();
    expect(await axe(page)).toEqual([]);
    expect(await overhang(page)).toBe(0);
    expect(problems).toEqual([]);
    await close();
  });
});

it('the import page refuses an invalid file with a remedy, and shows no import to another workspace', async () => {
  const [creator, other] = [await Creator.signUp(starwall), await Creator.signUp(starwall)];
  const { page, close } = await openAs(browser, `${starwall.url}/bots/imports`, creator.email);
  await page.getByLabel('File with tokens').setInputFiles(listOf(''));
  await page.getByRole('button', { name: 'Add the bots' }).click();
  const alert = page.getByRole('alert');
  await alert.getByText('One token on each line').waitFor();
  await speak(page, 'ru');
  await alert.getByText('Этот список ботов не удалось прочитать.').waitFor();
  expect(await alert.locator('[lang=en]').textContent()).toMatch(/^This list of bots cannot be read: /);
  expect(await axe(page)).toEqual([]);
  await speak(page, 'en');
  await page.getByLabel('File with tokens').setInputFiles(listOf('nonsense'));
  await page.getByRole('button', { name: 'Add the bots' }).click();
  await page.getByText('1 of 1').waitFor();
  const address = page.url();
  await close();
  const stranger = await openAs(browser, address, other.email);
  await stranger.page.getByRole('alert').waitFor();
  expect(await stranger.page.getByText('1 of 1').count()).toBe(0);
  await stranger.close();
});
