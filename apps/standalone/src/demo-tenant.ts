import { randomBytes } from 'node:crypto';
import { SimulatorClient } from '../../simulator/src/index.js';
import type { CreatorApi, Json } from './api.js';

export interface DemoTenant {
  readonly botId: string;
  readonly username: string;
  /** The bot's id on the simulator's chat page. */
  readonly telegramId: number;
}

export const DEMO_EMAIL = 'demo@starwall.example';
export const DEMO_BOT = { username: 'starwall_demo_bot', name: 'Starwall Demo Shop' };
export const DEMO_BUYER = { id: 777_000_001, first_name: 'Alice', username: 'alice', language_code: 'en' };

const GUIDE =
  '# Selling with Telegram Stars\n\n1. Say in one sentence what the buyer gets.\n2. Ask for a whole number of Stars.\n3. Deliver at once, and answer when someone writes to /paysupport.\n';

/** Returns a token in the simulator's format, valid nowhere else. */
export const newSimulatorToken = () =>
  `${7_100_000_000 + (randomBytes(3).readUIntBE(0, 3) % 900_000)}:${randomBytes(40).toString('hex').slice(0, 35)}`;

/** Creates everything that a newcomer needs to buy something, unless an earlier start has created it. */
export async function ensureDemoTenant(api: CreatorApi, simulatorUrl: string, token: string): Promise<DemoTenant> {
  const telegram = new SimulatorClient(simulatorUrl);
  const telegramId = Number.parseInt(token, 10);
  const bots = await telegram.bots();
  if (!bots.some((bot) => bot.id === telegramId)) await telegram.createBot({ ...DEMO_BOT, token });
  const users = await telegram.users();
  if (!users.some((user) => user.id === DEMO_BUYER.id)) {
    await telegram.createUser(DEMO_BUYER);
    await telegram.topUp(DEMO_BUYER.id, 500);
  }
  const bot = await ensureBot(api, telegramId, token);
  const botId = String(bot['id']);
  const products = await api.get(`/v1/products?bot_id=${botId}`);
  if ((products['data'] as unknown[]).length === 0) await createProducts(api, botId);
  return { botId, username: String(bot['username']), telegramId };
}

/** The address may change between starts, so the webhook is set again even if Telegram still knows the bot. */
async function ensureBot(api: CreatorApi, telegramId: number, token: string): Promise<Json> {
  const bots = (await api.get('/v1/bots'))['data'] as Json[];
  const known = bots.find((bot) => bot['telegram_id'] === telegramId);
  if (known === undefined) return api.post('/v1/bots', { token });
  return api.post(`/v1/bots/${String(known['id'])}/rotate-token`, { token });
}

async function createProducts(api: CreatorApi, botId: string): Promise<void> {
  await api.post('/v1/products', {
    bot_id: botId,
    kind: 'text',
    title: 'A good secret',
    description: 'After paying you get one sentence that will make your day.',
    stars: 5,
    content: 'You are doing better than you think.',
  });
  await api.post('/v1/products', {
    bot_id: botId,
    kind: 'link',
    title: 'The members page',
    description: 'After paying you get the address of a page that only members know.',
    stars: 25,
    content: 'https://example.com/members',
  });
  const file = await api.upload('selling-with-stars.md', 'text/markdown', GUIDE);
  await api.post('/v1/products', {
    bot_id: botId,
    kind: 'file',
    title: 'Selling with Stars, a guide',
    description: 'After paying you get a short guide as a file, to keep.',
    stars: 50,
    file_id: file['id'],
  });
}
