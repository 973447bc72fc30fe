import { mkdirSync } from 'node:fs';
import axeCore, { type AxeResults } from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { launchBrowser, overhang } from '../simulator/chat-page.js';

export { launchBrowser, overhang };

export const PASSWORD = 'correct horse battery';
export const DESKTOP = { viewport: { width: 1440, height: 900 } } as const;
/** Turns animations off, because tests would only wait for them. */
const CALM = { locale: 'en-GB', timezoneId: 'UTC', reducedMotion: 'reduce' } as const;
export const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true } as const;

export interface Visit {
  readonly page: Page;
  /** Problems reported by the browser: errors, refused and failed requests, policy violations. */
  readonly problems: string[];
  close(): Promise<void>;
}

/** Opens a URL in a new browser context. */
export async function visit(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Visit> {
  const context = await browser.newContext({ ...DESKTOP, ...CALM, ...options });
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const problems: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('requestfailed', (request) => {
    const why = request.failure()?.errorText ?? '';
    // Ignores a request that was aborted by leaving the page.
    if (why !== 'net::ERR_ABORTED') problems.push(`${request.url()}: ${why}`);
  });
  await page.goto(url);
  return { page, problems, close: () => context.close() };
}

/** Changes the language, as if it were chosen in another tab. */
export const speak = (page: Page, language: 'en' | 'ru') =>
  page.evaluate(`
    localStorage.setItem('starwall.language', '${language}');
    dispatchEvent(new StorageEvent('storage', { key: 'starwall.language' }));
  `);

/** Returns the problems that axe finds in the visible page, rule by rule, and those of the colours in the other theme. */
export async function axe(page: Page): Promise<string[]> {
  if (await page.evaluate(`typeof axe === 'undefined'`)) await page.evaluate(axeCore.source);
  const found = await problemsBy(page, {});
  const isDark = (await page.evaluate(`matchMedia('(prefers-color-scheme: dark)').matches`)) as boolean;
  await page.emulateMedia({ colorScheme: isDark ? 'light' : 'dark' });
  const others = await problemsBy(page, { runOnly: ['color-contrast'] });
  await page.emulateMedia({ colorScheme: isDark ? 'dark' : 'light' });
  return [...found, ...others.map((one) => `${isDark ? 'light' : 'dark'}: ${one}`)];
}

/** Omits the details of passed checks, which would take half of the time. */
async function problemsBy(page: Page, options: object): Promise<string[]> {
  const asked = `axe.run(${JSON.stringify({ resultTypes: ['violations'], selectors: false, ...options })})`;
  const { violations } = (await page.evaluate(asked)) as AxeResults;
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
}

/** Opens a page of the dashboard as a person with an account, through its sign-in page. */
export async function openAs(
  browser: Browser,
  url: string,
  email: string,
  options: BrowserContextOptions = {},
): Promise<Visit> {
  const visited = await visit(browser, url, options);
  await visited.page.getByLabel('Email address').fill(email);
  await visited.page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await visited.page.getByRole('button', { name: 'Sign in' }).click();
  return visited;
}

/**
 * Moves to another page within the app, as its links do, and waits until that page is rendered. Reloading the app costs five times as much.
 */
export async function move(page: Page, path: string): Promise<void> {
  await page.evaluate(`new Promise((arrive) => {
    const router = globalThis.__TSR_ROUTER__;
    const stop = router.subscribe('onRendered', () => {
      stop();
      arrive();
    });
    router.history.push(${JSON.stringify(path)});
  })`);
}

/** Pages that stay open for the next test, by person and options. */
const kept = new WeakMap<Browser, Map<string, Visit>>();

/**
 * Opens a page as a person with an account. The person signs in once for each set of options: `close` keeps the page for the next call,
 * which moves within the app. A page that was not closed is not used again.
 */
export async function openKept(
  browser: Browser,
  url: string,
  email: string,
  options: BrowserContextOptions = {},
): Promise<Visit> {
  const pages = kept.get(browser) ?? new Map<string, Visit>();
  kept.set(browser, pages);
  const { origin, pathname, search } = new URL(url);
  const key = JSON.stringify([origin, email, options]);
  const free = pages.get(key);
  pages.delete(key);
  const visited = free ?? (await openAs(browser, url, email, options));
  if (free !== undefined) {
    free.problems.length = 0;
    await move(free.page, `${pathname}${search}`);
  }
  const close = () => {
    pages.set(key, visited);
    return Promise.resolve();
  };
  return { ...visited, close };
}

/** Signs up through the form, as far as the checklist. */
export async function signUp(page: Page, email: string): Promise<void> {
  await page.getByRole('link', { name: 'Create a workspace' }).click();
  await page.getByLabel('Name of the workspace').fill('Paper Lantern');
  await page.getByLabel('Email address').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Create the workspace' }).click();
  await page.getByRole('heading', { name: 'Add a bot' }).waitFor();
}

/** The themes in which pages are checked. */
const THEMES = ['light', 'dark'] as const;
const LANGUAGES = ['en', 'ru'] as const;

/**
 * Takes a screenshot of a page in every language and theme, and measures how far its content overflows.
 * @param folder for the screenshots; without one, only measures
 * @returns the languages in which something overflows
 */
export async function pictures(
  page: Page,
  name: string,
  folder: string | undefined,
  fullPage = false,
): Promise<string[]> {
  const tooWide: string[] = [];
  for (const language of LANGUAGES) {
    await speak(page, language);
    await page.locator(`html[lang=${language}]`).waitFor({ state: 'attached' });
    const over = await overhang(page);
    if (over > 0) tooWide.push(`${name}, ${language}: ${over} px`);
    for (const theme of folder === undefined ? [] : THEMES) {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
      mkdirSync(folder ?? '', { recursive: true });
      await page.screenshot({ path: `${folder}/${name}-${language}-${theme}.png`, fullPage });
    }
  }
  await speak(page, 'en');
  return tooWide;
}
