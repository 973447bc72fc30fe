import type { Browser, Locator, Page } from 'playwright-core';
import { newUuid } from '#libs/kernel';
import { type Starwall, startStarwall } from '../support/starwall.js';
import { isFocused } from '../simulator/chat-page.js';
import { launchBrowser, PASSWORD, visit } from './browser.js';

let starwall: Starwall;
let browser: Browser;
beforeAll(async () => {
  [starwall, browser] = await Promise.all([startStarwall(), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await starwall.stop();
});

/** Presses of Tab after which an element counts as unreachable; no page has so many stops before its content. */
const FAR = 80;

/** True if the focused element, or the field around it, is marked. */
const IS_MARKED = `(() => {
  const marks = (node) => {
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(node);
    return (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none';
  };
  const at = document.activeElement;
  return [at, at.parentElement, at.closest('label, .field')].some((node) => node !== null && marks(node));
})()`;

/** Moves the focus to an element by Tab alone. */
async function reach(page: Page, wanted: Locator): Promise<void> {
  const target = wanted.locator('visible=true').first();
  await target.waitFor();
  for (let n = 0; n < FAR; n += 1) {
    if (await isFocused(target)) {
      expect([String(wanted), await page.evaluate(IS_MARKED)]).toEqual([String(wanted), true]);
      return;
    }
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not lead to ${String(wanted)}`);
}

async function press(page: Page, wanted: Locator): Promise<void> {
  await reach(page, wanted);
  await page.keyboard.press('Enter');
}

async function write(page: Page, wanted: Locator, text: string): Promise<void> {
  await reach(page, wanted);
  await page.keyboard.press('Control+a');
  await page.keyboard.type(text);
}

/** The time limit in milliseconds for the whole test, with a few hundred key presses. */
const LONGEST = 120_000;

it('a shop can be opened, sell and refund without a mouse', { timeout: LONGEST }, async () => {
  const { id } = await starwall.telegram.createUser({ first_name: 'Mira' });
  await starwall.telegram.topUp(id, 100);
  const { page, problems, close } = await visit(browser, `${starwall.url}/`);
  await press(page, page.getByRole('link', { name: 'Create a workspace' }));
  await write(page, page.getByLabel('Name of the workspace'), 'Paper Lantern');
  await write(page, page.getByLabel('Email address'), `${newUuid()}@starwall.example`);
  await write(page, page.getByLabel('Password', { exact: true }), PASSWORD);
  await press(page, page.getByRole('button', { name: 'Create the workspace' }));

  await press(page, page.getByRole('button', { name: 'Create a bot' }));
  await press(page, page.getByRole('link', { name: 'Create a product' }));
  await write(page, page.getByLabel(/^Title/), 'A kind sentence');
  await write(page, page.getByLabel(/^Description/), 'After paying you get one good sentence.');
  await write(page, page.getByRole('textbox', { name: 'Stars' }), '30');
  await write(page, page.getByLabel(/^Text/), 'Be kind.');
  await press(page, page.getByRole('button', { name: 'Put on sale' }));
  await page.getByText('On sale', { exact: true }).first().waitFor();

  await press(page, page.getByRole('link', { name: 'Home' }));
  const [chat] = await Promise.all([
    page.waitForEvent('popup'),
    press(page, page.getByRole('link', { name: 'Open as a buyer' })),
  ]);
  chat.setDefaultTimeout(10_000);
  await press(chat, chat.getByRole('button', { name: 'Start' }));
  await press(chat, chat.getByRole('button', { name: 'Open the shop' }));
  await press(chat, chat.getByRole('button', { name: /^A kind sentence/ }));
  await press(chat, chat.getByRole('button', { name: /^Buy/ }));
  await press(chat, chat.getByRole('button', { name: /^Pay/ }));
  await press(chat, chat.getByRole('dialog').getByRole('button', { name: /^Confirm|^Pay/ }));
  await press(chat, chat.getByRole('dialog').getByRole('button', { name: 'Done' }));
  await chat.getByText('Be kind.').first().waitFor();
  await chat.close();

  await page.getByRole('heading', { name: 'Latest orders' }).waitFor({ timeout: 20_000 });
  await press(page, page.getByRole('link', { name: 'Orders', exact: true }));
  await press(page, page.getByRole('link', { name: 'A kind sentence' }));
  await page.getByText('The goods are with the buyer.').waitFor();
  const refund = page.getByRole('button', { name: 'Refund' });
  await press(page, refund);
  const dialog = page.getByRole('dialog');
  await dialog.waitFor();
  // A dialog traps the focus, then restores it.
  for (let n = 0; n < 8; n += 1) {
    await page.keyboard.press('Tab');
    expect(await page.evaluate(`document.activeElement.closest('[role=dialog], dialog, body').tagName`)).not.toBe(
      'MAIN',
    );
    expect(await page.evaluate(`document.activeElement.closest('main')`)).toBeNull();
  }
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  expect(await isFocused(refund.locator('visible=true').first())).toBe(true);
  await page.keyboard.press('Enter');
  await press(page, dialog.getByRole('button', { name: 'Refund' }));
  await page.getByText('The Stars are back with the buyer.').waitFor({ timeout: 20_000 });
  expect(problems).toEqual([]);
  await close();
});
