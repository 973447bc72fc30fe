import { execFile } from 'node:child_process';
import { Database } from '#libs/database';
import { DAY, newUuid } from '#libs/kernel';
import { ErasureService } from '#libs/rights';
import { databaseSettings, testMasterKey } from '../support/database.js';
import type { Backstage } from '../support/backstage.js';
import { openStage, type Stage } from '../support/stage.js';
import { Buyer, Creator, eventually, type RegisteredBot, type Starwall } from '../support/starwall.js';

let starwall: Starwall;
let backstage: Backstage;
let creator: Creator;
let close: Stage['close'];
let bot: RegisteredBot;

beforeAll(async () => {
  ({ starwall, backstage, creator, close } = await openStage());
  bot = await creator.registerBot();
});
afterAll(() => close());

async function sell(): Promise<{ readonly buyer: Buyer; readonly orderId: string }> {
  const buyer = await Buyer.meets(starwall, bot.telegramId, 1_000, {
    first_name: 'Rumpel',
    username: `u${newUuid().slice(-12)}`,
  });
  await buyer.pays(await buyer.wants(await creator.createProduct(bot.id)));
  const order = await eventually('delivery', async () => {
    const [newest] = (await creator.get(`/v1/orders?buyer_telegram_id=${buyer.id}`).expect(200)).body.data;
    return newest?.status === 'delivered' && newest;
  });
  await eventually('quiet', async () => {
    const [row] = await backstage.query<{ n: number }>(
      `select count(*)::int as n from inbox where lane = $1 and state = 'waiting'`,
      [buyer.id],
    );
    return row?.n === 0;
  });
  return { buyer, orderId: order.id };
}

const erase = (buyer: Buyer) => creator.post(`/v1/buyers/${buyer.id}/erase`);
const orderOf = async (id: string) => (await creator.get(`/v1/orders/${id}`).expect(200)).body;
const refundState = (orderId: string, state: string) =>
  eventually(`a refund that is ${state}`, async () => {
    const { body } = await creator.get(`/v1/refunds?order_id=${orderId}`).expect(200);
    return body.data[0]?.state === state && body.data[0];
  });

/** Runs `npm run erasures` like an operator. */
function erasures(verb: string, input = ''): Promise<{ readonly code: number; readonly said: string }> {
  return new Promise((resolve) => {
    const env = {
      ...process.env,
      NODE_ENV: 'test',
      ...databaseSettings(),
      STARWALL_MASTER_KEY: testMasterKey,
    };
    const command = execFile(
      process.execPath,
      ['dist/commands/erasures.js', verb],
      { env, maxBuffer: 1 << 24 },
      (error, stdout, stderr) => resolve({ code: error === null ? 0 : Number(error.code), said: stdout + stderr }),
    );
    command.stdin?.end(input);
  });
}

describe('the erasure of a buyer', () => {
  it('removes them from orders, search and statement, but keeps the sale', async () => {
    const { buyer, orderId } = await sell();
    const { body } = await erase(buyer).expect(200);
    expect(body).toMatchObject({ object: 'erasure', buyer_telegram_id: expect.any(Number) });
    expect(body.buyer_telegram_id).toBeLessThan(0);
    expect(JSON.stringify(body)).not.toContain(String(buyer.id));

    expect(await orderOf(orderId)).toMatchObject({ status: 'delivered', buyer_telegram_id: body.buyer_telegram_id });
    const { body: theirs } = await creator.get(`/v1/orders?buyer_telegram_id=${buyer.id}`).expect(200);
    expect(theirs.data).toEqual([]);
    await creator.get(`/v1/buyers/${buyer.id}/state`).expect(404);
    const today = new Date().toISOString().slice(0, 10);
    const tomorrow = new Date(Date.now() + DAY).toISOString().slice(0, 10);
    const csv = await creator.get(`/v1/statements/${bot.id}.csv?from=${today}&to=${tomorrow}`);
    expect(String(csv.text)).not.toContain(String(buyer.id));
    await erase(buyer).expect(404);
  });

  it('keeps refunds possible, and reconciliation with Telegram finds no difference', async () => {
    const { buyer, orderId } = await sell();
    await erase(buyer).expect(200);
    await creator
      .post(`/v1/orders/${orderId}/refunds`)
      .expect((answer) => expect([200, 201, 202]).toContain(answer.status));
    await refundState(orderId, 'refunded');
    await eventually('the Stars', async () => (await buyer.balance()) === 1_000);

    await creator.post(`/v1/bots/${bot.id}/reconciliations`);
    await eventually('a reconciliation', async () => {
      const { body } = await creator.get(`/v1/bots/${bot.id}/reconciliations`);
      const [latest] = body.data ?? [];
      return latest?.state === 'succeeded' && latest;
    });
    const differing = await backstage.query(
      `select s.id from star_transactions s join charges c on c.tenant_id = s.tenant_id and c.telegram_charge_id = s.id
       where s.buyer_id is distinct from c.buyer_id`,
      [],
    );
    expect(differing).toEqual([]);
  });

  it("rules out a refund once the buyer's identity has been deleted", async () => {
    const { buyer, orderId } = await sell();
    await erase(buyer).expect(200);
    await backstage.query(`update erasures set keep_until = now() - interval '1 day'`, []);
    const erasures = starwall.app.get(ErasureService);
    await starwall.app.get(Database).inPlatform('half a year later', (tx) => erasures.forgetPersons(tx));
    const { body } = await creator.post(`/v1/orders/${orderId}/refunds`).expect(409);
    expect(body).toMatchObject({ code: 'buyer_erased' });
  });

  it("is refused while the buyer's question is open", async () => {
    const { buyer } = await sell();
    await buyer.says('/paysupport');
    await eventually('a question', async () => {
      const message = (await buyer.messages()).findLast(
        (one) => one.outgoing && /What is it about/.test(one.text ?? ''),
      );
      return message;
    });
    await backstage.query(
      `insert into support_threads (tenant_id, id, bot_id, buyer_id, state)
       select tenant_id, gen_random_uuid(), bot_id, telegram_id, 'open' from buyers where telegram_id = $1`,
      [buyer.id],
    );
    const refused = await eventually('quiet', async () => {
      const answer = await erase(buyer);
      return /a question/.test(answer.body.detail) && !/being processed/.test(answer.body.detail) && answer;
    });
    expect(refused.status).toBe(409);
    expect(refused.body).toMatchObject({ code: 'buyer_busy', remedy: expect.any(String) });
  });

  it('is refused to another tenant, and to a key without the scope', async () => {
    const { buyer } = await sell();
    const other = await Creator.signUp(starwall);
    await other.post(`/v1/buyers/${buyer.id}/erase`).expect(404);
    const { body: key } = await creator.post('/v1/api-keys', { name: 'K', scopes: ['orders:read', 'orders:write'] });
    const answer = await starwall
      .http()
      .post(`/v1/buyers/${buyer.id}/erase`)
      .set('authorization', `Bearer ${key.key}`)
      .send({});
    expect(answer.status).toBe(403);
    await erase(buyer).expect(200);
  });
});

describe('npm run erasures', () => {
  it('lists erased buyers without their identities, and applies the list after a restore', async () => {
    const { buyer } = await sell();
    const { body } = await erase(buyer).expect(200);
    const { code, said } = await erasures('list');
    expect([code, said]).toEqual([0, expect.stringContaining(String(body.buyer_telegram_id))]);
    expect(said).not.toContain(String(buyer.id));
    const mine = said.split('\n').filter((line) => line.includes(String(body.buyer_telegram_id)));
    expect(await erasures('apply', mine.join('\n'))).toEqual({
      code: 0,
      said: '0 erased again, 1 were already erased.\n',
    });
  });

  it('rejects invalid erasures', async () => {
    expect(await erasures('apply', '{"tenantId":"x"}')).toMatchObject({
      code: 1,
      said: expect.stringMatching(/not an erasure/),
    });
    expect(await erasures('forget')).toMatchObject({ code: 2 });
  });
});
