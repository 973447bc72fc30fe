import { parseId } from '#libs/kernel';
import { Backstage } from '../support/backstage.js';
import { openAsOwner } from '../support/database.js';
import { whileHeld } from '../support/locks.js';
import { Buyer, Creator, eventually, type Starwall, startStarwall } from '../support/starwall.js';
import { Trouble } from '../support/trouble.js';
import { WebhookReceiver } from '../support/webhook-receiver.js';

let starwall: Starwall;
let backstage: Backstage;
let troubles: Trouble[] = [];

beforeAll(async () => {
  // A request waits for a lock for four fifths of this time.
  starwall = await startStarwall({}, [], { statementTimeoutMs: 5_000 });
  backstage = await Backstage.open(starwall);
});
afterEach(async () => {
  for (const trouble of troubles) await trouble.end();
  troubles = [];
});
afterAll(async () => {
  await backstage.close();
  await starwall.stop();
});

async function trouble(...wanted: [table: string, code: string, times: number, when?: string]): Promise<Trouble> {
  const made = await Trouble.on(backstage, ...wanted);
  troubles.push(made);
  return made;
}
async function open() {
  const creator = await Creator.signUp(starwall);
  const bot = await creator.registerBot();
  const productId = await creator.createProduct(bot.id);
  return { creator, bot, productId, buyer: await Buyer.meets(starwall, bot.telegramId) };
}
const startsOf = async (bot: Parameters<Backstage['inbox']>[0]) =>
  (await backstage.inbox(bot)).filter(({ body }) => JSON.stringify(body).includes('/start'));

const DISK_FULL = '53100';
const OUT_OF_MEMORY = '53200';
const CHECK_VIOLATION = '23514';

describe('a message that arrives during a database failure', () => {
  it.each([
    ['busy', OUT_OF_MEMORY],
    ['unavailable', '57P01'],
  ])('is answered afterwards, without using up an attempt: %s', async (_what, code) => {
    const { bot, buyer, productId } = await open();
    const refusing = await trouble('orders', code, 2);
    await starwall.telegram.start(buyer.chat, `buy_${productId}`);
    await eventually('a second refusal', async () => {
      await backstage.hurryUpdates(bot);
      return (await refusing.asked()) >= 2;
    });
    const [put] = await eventually('the update to be put back', async () => {
      const entries = await startsOf(bot);
      return entries.every(({ error }) => error !== null) && entries;
    });
    // An attempt that has just started counts while it is running.
    expect(put?.state).not.toBe('parked');
    expect(put?.attempts).toBeLessThanOrEqual(1);
    await eventually('the invoice', async () => {
      await backstage.hurryUpdates(bot);
      return (await buyer.messages()).some(({ invoice }) => invoice !== undefined);
    });
    const [done] = await eventually('the end', async () => {
      const entries = await startsOf(bot);
      return entries.every(({ state }) => state === 'done') && entries;
    });
    expect(done).toMatchObject({ attempts: 1, error: null });
  });

  it('is answered once even if recording the answer fails at first', async () => {
    const { bot, buyer } = await open();
    const refusing = await trouble('inbox', DISK_FULL, 3, `new.state = 'done'`);
    await buyer.says('/help');
    await eventually('the update to be done', async () => {
      await backstage.hurryUpdates(bot);
      const [entry] = await backstage.inbox(bot);
      return entry?.state === 'done' && (await refusing.asked()) >= 4;
    });
    expect((await buyer.heard()).filter((text) => /what you have bought/.test(text))).toHaveLength(1);
  });
});

describe('a message rate-limited by Telegram', () => {
  it('is not answered before the time that Telegram asks for', async () => {
    const { bot, buyer } = await open();
    const flood = {
      at: 'call',
      action: 'error429',
      name: 'sendMessage',
      botId: bot.telegramId,
      seconds: 3_600,
    } as const;
    await starwall.telegram.setFaults({ rules: [flood] });
    await buyer.says('/help');
    const [entry] = await eventually('the failed attempt', async () => {
      const entries = await backstage.inbox(bot);
      return entries[0]?.error !== null && entries[0]?.error !== undefined && entries;
    });
    await starwall.telegram.setFaults({ rules: [] });
    const [due] = await backstage.query<{ wait: number }>(
      'select extract(epoch from due_at - now()) as wait from inbox where bot_id = $1 and update_id = $2',
      [parseId('bot', bot.id), entry?.update_id],
    );
    expect(Number(due?.wait)).toBeGreaterThan(3_000);
  });
});

describe('a request that cannot be authenticated temporarily', () => {
  it('is answered with 503 without logging anyone out, with a session or an API key', async () => {
    const creator = await Creator.signUp(starwall);
    const { key } = (await creator.post('/v1/api-keys', { name: 'k', scopes: ['orders:read'] }).expect(201)).body;
    // A session is cached for five seconds after a check, and this one has not been checked.
    const session = (await Creator.signUp(starwall)).session['access_token'];
    const asks = (token: string) => starwall.http().get('/v1/orders').set('authorization', `Bearer ${token}`);
    const both = () => Promise.all([asks(String(key)), asks(String(session))]);
    const owner = await openAsOwner();
    try {
      const lock = ['lock table api_keys, sessions in access exclusive mode'] as const;
      const refused = await whileHeld(owner, lock, both);
      expect(refused.map(({ status }) => status)).toEqual([503, 503]);
    } finally {
      await owner.destroy();
    }
    expect((await both()).map(({ status }) => status)).toEqual([200, 200]);
  });
});

describe("a message that Starwall's own code cannot handle", () => {
  it('is parked after its second attempt, and the rest of its chat continues', async () => {
    const { bot, buyer, productId } = await open();
    await trouble('orders', CHECK_VIOLATION, 1_000_000);
    await starwall.telegram.start(buyer.chat, `buy_${productId}`);
    await buyer.says('/help');
    await buyer.hears(/what you have bought/);
    const [parked] = await startsOf(bot);
    expect(parked).toMatchObject({ state: 'parked', attempts: 2, error: 'refused on purpose' });
  });
});

describe('a call made before the database fails', () => {
  it('is not repeated: goods are sent once', async () => {
    const { creator, buyer, productId } = await open();
    const refusing = await trouble('handover_attempts', DISK_FULL, 3);
    await buyer.pays(await buyer.wants(productId));
    await eventually('the delivery', async () => {
      const [order] = (await creator.get('/v1/orders').expect(200)).body.data;
      return order.status === 'delivered';
    });
    expect(await refusing.asked()).toBe(4);
    expect((await buyer.heard()).filter((text) => text === 'the goods')).toHaveLength(1);
  });

  it('is not repeated: a webhook is called once without using up an attempt', async () => {
    const receiver = await WebhookReceiver.start();
    try {
      const { creator, bot } = await open();
      const endpoint = await creator
        .post('/v1/endpoints', { url: receiver.url, event_types: ['bot.paused'] })
        .expect(201);
      const refusing = await trouble('webhook_attempts', DISK_FULL, 3);
      await creator.post(`/v1/bots/${bot.id}/pause`).expect(200);
      const delivery = await eventually('the delivery', async () => {
        const { data } = (await creator.get(`/v1/endpoints/${endpoint.body.id}/deliveries`).expect(200)).body;
        return data[0]?.state === 'delivered' && data[0];
      });
      expect(await refusing.asked()).toBe(4);
      expect(receiver.received).toHaveLength(1);
      expect(delivery.attempts).toHaveLength(1);
    } finally {
      await receiver.stop();
    }
  });
});

describe("a creator's request during a database failure", () => {
  it.each([
    ['busy', OUT_OF_MEMORY, 'database_busy', 503],
    ['unavailable', '57P01', 'database_unavailable', 503],
    ['full', '53100', 'database_full', 507],
  ])('is answered with the kind of failure and the time to retry: %s', async (_what, code, expected, status) => {
    const { creator, bot } = await open();
    const product = { bot_id: bot.id, kind: 'text', title: 'Guide', description: 'A guide', stars: 50, content: 'x' };
    await trouble('products', code, 1);
    const { body, headers } = await creator.post('/v1/products', product).expect(status);
    expect(body).toMatchObject({ code: expected });
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    await creator.post('/v1/products', product).expect(201);
  });
});
