import { mkdirSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { EVENT_TYPES } from '#libs/journal';
import { Creator, type Starwall, startStarwall } from '../support/starwall.js';
import { Api } from '../support/openapi.js';
import { axe, DESKTOP, launchBrowser, PHONE, visit } from './browser.js';

/** The folder for the screenshots, set by `npm run screenshots`. */
const FOLDER = process.env['SCREENSHOTS'];

let starwall: Starwall;
let browser: Browser;
let api: Api;
beforeAll(async () => {
  [starwall, browser] = await Promise.all([startStarwall(), launchBrowser()]);
  api = await Api.of(starwall);
});
afterAll(async () => {
  await browser?.close();
  await starwall.stop();
});

const SHORT = [
  ['guide', '/docs'],
  ['guide-ru', '/docs/ru'],
] as const;
/** axe needs seconds for each of these pages, so only `npm run screenshots` visits them in all sizes and themes. */
const LONG = [
  ['products', '/docs/products#products_create'],
  ['webhooks', '/docs/webhooks'],
  ['errors', '/docs/errors'],
] as const;

/** @returns true if the page itself scrolls sideways; its examples may */
const isWider = (page: Page) =>
  page.evaluate<boolean>('document.documentElement.scrollWidth > document.documentElement.clientWidth');
const text = async (path: string) => (await starwall.http().get(path).expect(200)).text;
/** Returns the first part of a section's name, which is used in its URL. */
const slugOf = (tag: string) => tag.toLowerCase().replaceAll(/[^a-z]+/g, '-');
const pageOf = new Map<string, string>();
async function sectionOf(tag: string): Promise<string> {
  const page = pageOf.get(tag) ?? (await text(`/docs/${slugOf(tag)}`));
  pageOf.set(tag, page);
  return page;
}

describe('the reference at /docs', () => {
  it('shows every route with an example in curl and in TypeScript, linked from every page', async () => {
    const start = await text('/docs');
    for (const { operationId, tags = [] } of api.operations) {
      const page = await sectionOf(tags[0] ?? '');
      const [, section = ''] = page.split(`<section class="operation" id="${operationId}"`);
      expect.soft(section, operationId).toContain('data-sample="curl"');
      expect.soft(section, operationId).toContain('data-sample="typescript"');
      expect.soft(start, operationId).toContain(`href="/docs/${slugOf(tags[0] ?? '')}#${operationId}"`);
    }
  });

  it('shows the payload of every event and the remedy of every error', async () => {
    const webhooks = await text('/docs/webhooks');
    expect(EVENT_TYPES.filter((type) => !webhooks.includes(`<code>${type}</code>`))).toEqual([]);
    const errors = await text('/docs/errors');
    const codes = api.operations.flatMap(({ responses }) =>
      Object.values(responses).flatMap(({ description }) => Api.codesOf(description)),
    );
    expect([...new Set(codes)].filter((code) => !errors.includes(`id="${code}"`))).toEqual([]);
  });

  it('contains no broken links', async () => {
    const pages = ['/docs', '/docs/ru', '/docs/errors', '/docs/webhooks', '/docs/orders', '/docs/account'];
    const found = await Promise.all(pages.map(text));
    const links = new Set(
      found.flatMap((page) => [...page.matchAll(/href="(\/docs[^"]*)"/g)].map(([, href = '']) => href)),
    );
    for (const href of links) {
      const [path = '', anchor] = href.split('#');
      const page = pageOf.get(path) ?? (await text(path));
      pageOf.set(path, page);
      if (anchor !== undefined) expect.soft(page, href).toContain(`id="${anchor}"`);
    }
  });

  it('answers 404 for other paths, and 304 for unchanged pages', async () => {
    await starwall.http().get('/docs/nothing').expect(404);
    const { headers } = await starwall.http().get('/docs/orders').expect(200);
    await starwall.http().get('/docs/orders').set('if-none-match', String(headers['etag'])).expect(304);
  });
});

describe('the reference in a browser', () => {
  it.each([
    ['a desktop', DESKTOP],
    ['a phone', PHONE],
  ])('can be read, searched and tried on %s', async (_, size) => {
    const creator = await Creator.signUp(starwall);
    const { body } = await creator.post('/v1/api-keys', { name: 'Docs', scopes: ['products:read', 'bots:write'] });
    const { page, problems, close } = await visit(browser, `${starwall.url}/docs`, size);
    try {
      await page.getByRole('heading', { name: 'The first ten minutes' }).waitFor();
      if (size === PHONE) await page.getByRole('button', { name: 'Menu' }).click();
      await page.getByPlaceholder('Find a route').fill('list products');
      await page.getByRole('link', { name: 'List products, newest first' }).click();
      const route = page.locator('#products_list');
      await route.getByRole('button', { name: 'TypeScript' }).click();
      await route.getByText(`await answered(api.GET('/v1/products'))`).waitFor();
      await route.getByText('Try it').click();
      await route.getByLabel('API key').fill(body.key);
      await route.getByRole('button', { name: 'Send GET' }).click();
      await route.getByText('"object": "list"').last().waitFor();
      const create = page.locator('#products_create');
      await create.getByText('Try it').click();
      await create.getByLabel('API key').fill('sw_live_something');
      await create.getByRole('button', { name: 'Send POST' }).click();
      await create.getByText('This key is for real Stars').waitFor();
      expect(await isWider(page)).toBe(false);
      await page.goto(`${starwall.url}/docs/api-keys`);
      expect(await axe(page)).toEqual([]);
      expect(await isWider(page)).toBe(false);
      expect(problems).toEqual([]);
    } finally {
      await close();
    }
  });

  it('is readable in both sizes and themes', async () => {
    if (FOLDER) mkdirSync(FOLDER, { recursive: true });
    // Without screenshots one pass is enough, because axe checks the colours of both themes.
    for (const [size, options] of Object.entries({ desktop: DESKTOP, phone: PHONE }))
      for (const colorScheme of FOLDER ? (['light', 'dark'] as const) : (['light'] as const)) {
        const { page, close } = await visit(browser, `${starwall.url}/docs`, { ...options, colorScheme });
        for (const [name, path] of FOLDER ? [...SHORT, ...LONG] : SHORT) {
          await page.goto(`${starwall.url}${path}`);
          expect(await axe(page)).toEqual([]);
          expect(await isWider(page)).toBe(false);
          if (FOLDER) await page.screenshot({ path: `${FOLDER}/docs-${name}-${size}-${colorScheme}.png` });
        }
        await close();
      }
  });
});
