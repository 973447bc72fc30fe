import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { codeOf, type Staff } from '../support/staff.js';
import type { Starwall } from '../support/starwall.js';
import { visit, type Visit } from './browser.js';

/** Completes the first step of signing in to the console. */
export async function givePassword(page: Page, { email, password }: Staff['credentials']): Promise<void> {
  await page.getByLabel('Email address').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Continue' }).click();
}

/** Completes the second step. */
export async function giveCode(page: Page, code: string): Promise<void> {
  await page.getByLabel('Six digits from your authenticator').fill(code);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** Opens a page of the console through its sign-in page, once per staff account, because a code works once. */
export async function openConsole(
  browser: Browser,
  { url }: Starwall,
  staff: Staff,
  path: string,
  options: BrowserContextOptions = {},
): Promise<Visit> {
  const visited = await visit(browser, `${url}${path}`, options);
  await givePassword(visited.page, staff.credentials);
  // The current code was used to enrol.
  await giveCode(visited.page, codeOf(staff.seed, 1));
  return visited;
}
