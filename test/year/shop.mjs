import { pause } from '../chaos/random.mjs';
import { startReceiver } from '../chaos/receivers.mjs';
import { CreatorClient } from '../chaos/town.mjs';
import { DAY } from './time.mjs';

const DOORKEEPER = { status: 'administrator', rights: { can_invite_users: true, can_restrict_members: true } };
const KEYS = 400;
const PATIENCE_MS = 120_000;
export const CREDITS = { unit: 'scan', amount: 20, expires_after_days: 30 };
export const ACCESS_DAYS = 30;
export const GRACE_SECONDS = 86_400;

/** Polls until there is an answer. @throws Error at the timeout */
export async function eventually(what, ask) {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const found = await ask();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > deadline) throw new Error(`Timed out waiting for ${what}.`);
    await pause(30);
  }
}

/** Opens a workspace with a bot, a chat, a product of each kind, a promo code that ends after 45 days, and an endpoint. */
export async function openShop({ apiUrl, simulator, telegram, seed }) {
  const creator = new CreatorClient(apiUrl, 'creator@starwall.example');
  await creator.signUp();
  const receiver = await startReceiver(seed, 'year', 0);
  receiver.misbehaves = false;
  const endpoint = await creator.must('POST', '/v1/endpoints', { url: receiver.url });
  receiver.secret = endpoint.secret;
  const { id: telegramId, token } = await telegram.createBot({ username: 'year_bot', name: 'A year' });
  const bot = await creator.must('POST', '/v1/bots', { token });
  const chat = await openChat(creator, telegram, telegramId);
  const products = await makeProducts(creator, bot.id, chat.id);
  const promo = {
    bot_id: bot.id,
    code: 'SPRING',
    percent_off: 20,
    ends_at: new Date(Date.now() + 45 * DAY).toISOString(),
  };
  await creator.must('POST', '/v1/promo-codes', promo);
  return {
    creator,
    receiver,
    endpointId: endpoint.id,
    telegram,
    simulator,
    telegramId,
    botId: bot.id,
    chat,
    products,
    promo,
  };
}

async function openChat(creator, telegram, botId) {
  const owner = await telegram.createUser({ first_name: 'Olga' });
  const { id } = await telegram.createSharedChat({ type: 'supergroup', title: 'VIP', ownerId: owner.id });
  await telegram.setMember(id, botId, DOORKEEPER);
  const chat = await eventually('the chat', async () => {
    const { data } = await creator.must('GET', '/v1/chats?limit=100');
    return data.find((each) => each.telegram_id === id);
  });
  return { id: chat.id, telegramId: id };
}

async function makeProducts(creator, botId, chatId) {
  const make = async (kind, stars, more) => {
    const words = { bot_id: botId, kind, title: `Goods: ${kind}`, description: 'One of them', stars };
    return (await creator.must('POST', '/v1/products', { ...words, ...more })).id;
  };
  const products = {
    text: await make('text', 25, { content: 'The goods of the year' }),
    credits: await make('credits', 40, { credits: CREDITS }),
    subscription: await make('subscription', 100, { subscription: { grace_seconds: GRACE_SECONDS } }),
    chat_access: await make('chat_access', 60, {
      chat_id: chatId,
      chat_access: { days: ACCESS_DAYS, grace_seconds: GRACE_SECONDS },
    }),
    licence_key: await make('licence_key', 50, { licence_key: {} }),
  };
  const keys = Array.from({ length: KEYS }, (_, i) => `SEAT-${String(i).padStart(8, '0')}`);
  await creator.must('POST', `/v1/products/${products.licence_key}/keys`, { keys });
  return products;
}
