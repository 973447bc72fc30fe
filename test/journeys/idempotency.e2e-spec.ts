import type { DataSource } from 'typeorm';
import { newUuid, parseId } from '#libs/kernel';
import { openAsOwner } from '../support/database.js';
import { Creator, newBot, type Starwall, startStarwall } from '../support/starwall.js';

let starwall: Starwall;
let owner: DataSource;

beforeAll(async () => {
  [starwall, owner] = [await startStarwall(), await openAsOwner()];
});
afterAll(async () => {
  await owner.destroy();
  await starwall.stop();
});

const shop = async () => {
  const creator = await Creator.signUp(starwall);
  const bot = await creator.registerBot();
  const product = { bot_id: bot.id, kind: 'text', title: 'Guide', description: 'A guide', stars: 5, content: 'goods' };
  const create = (key: string, changes: object = {}) =>
    creator.post('/v1/products', { ...product, ...changes }).set('Idempotency-Key', key);
  const products = async () => (await creator.get('/v1/products').expect(200)).body.data.length as number;
  return { creator, create, products };
};

describe('a write with an Idempotency-Key', () => {
  it('is executed once; a repetition returns the first answer, marked as a replay', async () => {
    const { create, products } = await shop();
    const key = newUuid();
    const first = await create(key).expect(201);
    const second = await create(key).expect(201).expect('Idempotent-Replayed', 'true');
    expect(second.body).toEqual(first.body);
    expect(first.headers['idempotent-replayed']).toBeUndefined();
    expect(await products()).toBe(1);
  });

  it('is executed once when sent eight times concurrently: the others must wait, or get the same answer', async () => {
    const { create, products } = await shop();
    const key = newUuid();
    const answers = await Promise.all(Array.from({ length: 8 }, () => create(key)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(
      new Set([201, 409].filter((s) => answers.some((a) => a.status === s))),
    );
    expect(
      answers.filter(({ status }) => status === 409).every(({ body }) => body.code === 'request_in_progress'),
    ).toBe(true);
    expect(new Set(answers.filter(({ status }) => status === 201).map(({ body }) => body.id)).size).toBe(1);
    expect(await products()).toBe(1);
  });

  it('is refused when the key was used for a different request; the order of fields does not matter', async () => {
    const { create } = await shop();
    const key = newUuid();
    await create(key, { metadata: { a: '1', b: '2' } }).expect(201);
    await create(key, { metadata: { b: '2', a: '1' } }).expect(201);
    await create(key, { stars: 6 })
      .expect(422)
      .expect(/idempotency_mismatch/);
  });

  it('has no effect when it is refused, and its key can be used again', async () => {
    const { create, products } = await shop();
    const key = newUuid();
    await create(key, { title: '' }).expect(400);
    expect(await products()).toBe(0);
    await create(key).expect(201);
  });

  it('attack 17: replays a secret that is shown once, and separates the keys of tenants', async () => {
    const [one, two] = [await shop(), await shop()];
    const endpoint = (creator: Creator) =>
      creator.post('/v1/endpoints', { url: 'http://127.0.0.1:9/' }).set('Idempotency-Key', 'same');
    const first = await endpoint(one.creator).expect(201);
    expect((await endpoint(one.creator).expect(201)).body.secret).toBe(first.body.secret);
    expect((await endpoint(two.creator).expect(201)).body.secret).not.toBe(first.body.secret);
  });

  it.each(['', 'a b', 'x'.repeat(256)])('cannot use an invalid key (%#)', async (key) => {
    const { create } = await shop();
    await create(key)
      .expect(400)
      .expect(/idempotency_key_invalid/);
  });
});

/** Makes storing answers impossible while `work` runs, as if the process died at that point. */
async function whileNoAnswerIsStored(work: () => Promise<unknown>): Promise<void> {
  await owner.query(`alter table idempotency_keys add constraint none_kept check (state <> 'done') not valid`);
  try {
    await work();
  } finally {
    await owner.query('alter table idempotency_keys drop constraint none_kept');
  }
}

const rowsIn = async (creator: Creator, path: string) =>
  (await creator.get(path).expect(200)).body.data.length as number;

describe('a crash before the answer is stored', () => {
  it('leaves no endpoint or product whose URLs are checked first: a repetition creates the only one', async () => {
    const creator = await Creator.signUp(starwall);
    const bot = await creator.registerBot();
    const product = { bot_id: bot.id, kind: 'callback', title: 'Chart', description: 'Made', stars: 5 };
    const wishes = [
      ['/v1/endpoints', { url: 'http://127.0.0.1:9/' }],
      ['/v1/products', { ...product, fulfilment_url: 'http://127.0.0.1:9/' }],
    ] as const;
    for (const [path, body] of wishes) {
      const key = newUuid();
      const send = () => creator.post(path, body).set('Idempotency-Key', key);
      await whileNoAnswerIsStored(() => send().expect(500));
      expect(await rowsIn(creator, path)).toBe(0);
      const { body: made } = await send().expect(201);
      expect((await send().expect(201).expect('Idempotent-Replayed', 'true')).body).toEqual(made);
      expect(await rowsIn(creator, path)).toBe(1);
    }
  });

  it('reserves the key of a request that calls Telegram for five minutes, and for the same request only', async () => {
    const creator = await Creator.signUp(starwall);
    const [{ token }, { token: other }] = [await newBot(starwall), await newBot(starwall)];
    const key = newUuid();
    const send = (body: object) => creator.post('/v1/bots', body).set('Idempotency-Key', key);
    await whileNoAnswerIsStored(() => send({ token }).expect(500));
    await send({ token })
      .expect(409)
      .expect(/request_in_progress/);
    await owner.query(`update idempotency_keys set running_until = now() - interval '1 second' where key = $1`, [key]);
    await send({ token: other })
      .expect(422)
      .expect(/idempotency_mismatch/);
    await send({ token })
      .expect(409)
      .expect(/bot_already_registered/);
    expect(await rowsIn(creator, '/v1/bots')).toBe(1);
  });
});

describe('an upload with an Idempotency-Key', () => {
  it('is stored once; another file under the same key is refused and not stored', async () => {
    const creator = await Creator.signUp(starwall);
    const key = newUuid();
    const upload = (content: string, name = 'guide.txt') =>
      creator
        .signs(starwall.http().post('/v1/files'))
        .set('Idempotency-Key', key)
        .attach('file', Buffer.from(content), name);
    const { body: first } = await upload('forty-two').expect(201);
    const again = await upload('forty-two').expect(201).expect('Idempotent-Replayed', 'true');
    expect(again.body).toEqual(first);
    for (const other of [upload('forty-three'), upload('forty-two', 'other.txt')])
      await other.expect(422).expect(/idempotency_mismatch/);
    const tenant = parseId('tenant', String((creator.session as { tenant?: { id?: string } }).tenant?.id));
    expect(await owner.query('select bytes from files where tenant_id = $1', [tenant])).toEqual([{ bytes: 9 }]);
  });

  it('is compared as well when it contains licence keys', async () => {
    const creator = await Creator.signUp(starwall);
    const bot = await creator.registerBot();
    const wish = { bot_id: bot.id, kind: 'licence_key', title: 'Pro', description: 'One seat', stars: 50 };
    const { body: product } = await creator.post('/v1/products', wish).expect(201);
    const upload = (content: string) =>
      creator
        .signs(starwall.http().post(`/v1/products/${product.id}/keys/file`))
        .set('Idempotency-Key', 'first-batch')
        .attach('file', Buffer.from(content), 'keys.csv');
    expect((await upload('KEY-1\n').expect(201)).body).toMatchObject({ added: 1 });
    expect((await upload('KEY-1\n').expect(201)).body).toMatchObject({ added: 1 });
    await upload('KEY-1\nKEY-2\n')
      .expect(422)
      .expect(/idempotency_mismatch/);
    expect(await rowsIn(creator, `/v1/products/${product.id}/keys`)).toBe(1);
  });
});
