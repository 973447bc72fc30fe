import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '../support/cli.js';
import { Buyer, Creator, eventually, type RegisteredBot, type Starwall, startStarwall } from '../support/starwall.js';

let starwall: Starwall;
let creator: Creator;
let bot: RegisteredBot;
let home: string;
let credential: Readonly<Record<string, string>>;

beforeAll(async () => {
  starwall = await startStarwall();
  creator = await Creator.signUp(starwall);
  bot = await creator.registerBot();
  home = mkdtempSync(join(tmpdir(), 'starwall-cli-work-'));
  const scopes = [
    'bots:read',
    'products:read',
    'products:write',
    'orders:read',
    'orders:write',
    'refunds:write',
    'support:read',
    'support:write',
  ];
  const { key } = (await creator.post('/v1/api-keys', { name: 'cli', scopes }).expect(201)).body;
  credential = { STARWALL_URL: starwall.url, STARWALL_API_KEY: key };
});
afterAll(async () => {
  await starwall.stop();
  rmSync(home, { recursive: true, force: true });
});

const run = (args: readonly string[], input = '') => runCli(args, home, input, credential);
const ok = async (...args: string[]): Promise<string> => {
  const { code, out, err } = await run(args);
  if (code !== 0) throw new Error(`starwall ${args.join(' ')} ended with ${code}: ${err}`);
  return out;
};
const json = async (...args: string[]) => JSON.parse(await ok('--json', ...args));

const sale = async (): Promise<void> => {
  const buyer = await Buyer.meets(starwall, bot.telegramId);
  await buyer.pays(await buyer.wants(await creator.createProduct(bot.id)));
  await buyer.hears(/the goods/);
};

it('the CLI puts a product on sale, changes it, and takes it off sale', async () => {
  const fields = ['--title', 'A poem', '--description', 'Four lines.', '--stars', '1', '--content', 'Roses are red.'];
  const { id } = await json('products', 'create', '--bot', bot.id, ...fields, '--data', '{"tags":["verse"]}');
  expect(await json('products', 'show', id)).toMatchObject({ kind: 'text', stars: 1, tags: ['verse'] });
  expect(await ok('products', 'update', id, '--stars', '2', '--stock', '9')).toMatch(/ 2 Stars +A poem$/m);
  expect(await ok('products', 'archive', id)).toContain('archived');
  expect(await ok('products', 'activate', id)).toContain('active');
  expect(await ok('products', 'list', '--bot', bot.id)).toContain(`${id}  active`);
});

it('the CLI reads fields from a file and from standard input, and reports invalid ones', async () => {
  const product = { title: 'A song', description: 'Three verses.', stars: 3, content: 'La.' };
  const create = ['products', 'create', '--bot', bot.id, '--data'];
  writeFileSync(join(home, 'product.json'), JSON.stringify(product));
  expect(await ok(...create, `@${join(home, 'product.json')}`)).toContain('A song');
  expect(await run([...create, '-'], JSON.stringify(product))).toMatchObject({ code: 0 });
  expect(await run([...create, '[1]'])).toMatchObject({ code: 2, err: expect.stringContaining('JSON object') });
  const nameless = await run([...create, JSON.stringify({ ...product, stars: 'three', stock: 'some' })]);
  expect(nameless).toMatchObject({ code: 1, err: expect.stringMatching(/^ {2}stars: .*\n {2}stock: /m) });
});

it('the CLI shows an order with its history, redelivers it, and refunds it once', async () => {
  await sale();
  const [{ id }] = (await json('orders', 'list', '--paid', '--limit', '1')).data;
  await eventually('the goods', async () => (await json('orders', 'show', id)).delivery_state === 'delivered');
  expect(await ok('orders', 'show', id)).toMatch(
    /payment paid, delivery delivered\ncharge chg_\w+ {2}50 Stars {2}paid\n {2}\d{4}-/,
  );
  expect(await ok('orders', 'redeliver', id, '--reason', 'lost')).toContain(`${id}: delivery`);
  expect(await run(['orders', 'deliver', id])).toMatchObject({ code: 2, err: expect.stringContaining('--text') });
  expect(await ok('orders', 'refund', id, '--reason', 'asked')).toMatch(/^ref_\w+ is /);
  await eventually('the refund', async () => (await json('orders', 'show', id)).payment_state === 'refunded');
  expect(await run(['orders', 'refund', id])).toMatchObject({ code: 1, err: expect.stringContaining('refunded') });
});

it('the CLI delivers goods, and marks goods as delivered manually', async () => {
  const product = await creator.createProduct(bot.id, {
    kind: 'callback',
    content: undefined,
    fulfilment_url: 'http://127.0.0.1:9/',
  });
  const buyer = await Buyer.meets(starwall, bot.telegramId);
  const buy = async (): Promise<string> => {
    const invoice = await buyer.wants(product);
    await buyer.pays(invoice);
    const query = ['orders', 'list', '--product', product, '--buyer', String(buyer.id), '--paid'];
    return eventually('a paid order without goods', async () => {
      const { data } = await json(...query);
      return data.find((order: { delivery_state: string }) => order.delivery_state !== 'delivered')?.id;
    });
  };
  const first = await buy();
  expect(await run(['orders', 'deliver', first, '--text', '-'], 'Made by hand.')).toMatchObject({ code: 0 });
  await buyer.hears(/Made by hand\./);
  await eventually('it', async () => (await json('orders', 'show', first)).delivery_state === 'delivered');
  const second = await buy();
  expect(await ok('orders', 'mark-delivered', second, '--reason', 'sent by email')).toBe(
    `${second}: delivery delivered.\n`,
  );
});

it("the CLI refunds a charge, and shows a bot's income for a period", async () => {
  await sale();
  const [{ id }] = (await json('charges', 'list', '--bot', bot.id, '--limit', '1')).data;
  expect(await ok('charges', 'list', '--unmatched')).toBe('None.\n');
  expect(await ok('charges', 'refund', id)).toMatch(/^ref_\w+ is /);
  const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);
  const period = ['--from', day(-1), '--to', day(2)];
  expect(await ok('statement', bot.id, ...period)).toMatch(/^charges {2}\d+ \(\d+ Stars\)\nrefunds /);
  expect(await ok('statement', bot.id, ...period, '--csv')).toMatch(/^[a-z_]+,[\s\S]*,50,/);
  expect(await run(['statement', bot.id, '--from', 'May', '--to', 'June'])).toMatchObject({
    code: 1,
    err: expect.stringMatching(/^ {2}from: /m),
  });
});

it("the CLI answers a buyer's question, and closes the conversation", async () => {
  const buyer = await Buyer.meets(starwall, bot.telegramId);
  await buyer.says('/paysupport');
  const menu = await buyer.sees((it) => it.text?.includes('What is it about?') === true, 'the menu');
  await starwall.telegram.press(buyer.chat, menu.message_id, 'support:other');
  await buyer.hears(/in your own words/);
  await buyer.says('Where are my goods?');
  const id = await eventually('the question', async () => (await json('support', 'list')).data[0]?.id);
  expect(await ok('support', 'show', id)).toContain('Where are my goods?');
  expect(await ok('support', 'answer', id, 'On their way.')).toContain('being sent to the buyer');
  await buyer.hears(/On their way\./);
  expect(await ok('support', 'close', id)).toContain('closed');
  expect(await ok('support', 'list', '--state', 'closed')).toContain(id);
});

it('the CLI lists bots and events', async () => {
  expect(await ok('bots', 'list')).toContain(`${bot.id}  active`);
  const [{ id }] = (await json('events', 'list', '--type', 'order.paid', '--limit', '1')).data;
  expect(await json('events', 'show', id)).toMatchObject({ id, type: 'order.paid' });
  expect(await ok('events', 'list', '--limit', '1')).toContain('There are more');
});

it('the CLI completes commands and options for shells', async () => {
  expect(await ok('complete', 'bash')).toContain('complete -F');
  expect(await ok('complete', '--', 'orders', 're')).toMatch(/^refund\t.*\nredeliver\t/);
  expect(await ok('complete', '--', 'orders', 'deliver', '--t')).toContain('--text');
});
