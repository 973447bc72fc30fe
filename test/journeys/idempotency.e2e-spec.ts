import { newUuid } from '#libs/kernel';
import { Creator, type Starwall, startStarwall } from '../support/starwall.js';

let starwall: Starwall;

beforeAll(async () => {
  starwall = await startStarwall();
});
afterAll(() => starwall.stop());

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
  it('is done once; the same request again gets the first answer and says so', async () => {
    const { create, products } = await shop();
    const key = newUuid();
    const first = await create(key).expect(201);
    const second = await create(key).expect(201).expect('Idempotent-Replayed', 'true');
    expect(second.body).toEqual(first.body);
    expect(first.headers['idempotent-replayed']).toBeUndefined();
    expect(await products()).toBe(1);
  });

  it('is done once when sent eight times at once: the others are told to wait, or get the answer', async () => {
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

  it('is refused when the key was used for another request, and the order of members is no difference', async () => {
    const { create } = await shop();
    const key = newUuid();
    await create(key, { metadata: { a: '1', b: '2' } }).expect(201);
    await create(key, { metadata: { b: '2', a: '1' } }).expect(201);
    await create(key, { stars: 6 })
      .expect(422)
      .expect(/idempotency_mismatch/);
  });

  it('that was refused leaves nothing behind, and its key is free', async () => {
    const { create, products } = await shop();
    const key = newUuid();
    await create(key, { title: '' }).expect(400);
    expect(await products()).toBe(0);
    await create(key).expect(201);
  });

  it("attack 17: keeps a secret that is shown once, and another tenant's key is another key", async () => {
    const [one, two] = [await shop(), await shop()];
    const endpoint = (creator: Creator) =>
      creator.post('/v1/endpoints', { url: 'http://127.0.0.1:9/' }).set('Idempotency-Key', 'same');
    const first = await endpoint(one.creator).expect(201);
    expect((await endpoint(one.creator).expect(201)).body.secret).toBe(first.body.secret);
    expect((await endpoint(two.creator).expect(201)).body.secret).not.toBe(first.body.secret);
  });

  it.each(['', 'a b', 'x'.repeat(256)])('cannot have the key %p', async (key) => {
    const { create } = await shop();
    await create(key)
      .expect(400)
      .expect(/idempotency_key_invalid/);
  });
});
