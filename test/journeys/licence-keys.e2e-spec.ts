import { Buyer, Creator, eventually, type Starwall, startStarwall } from '../support/starwall.js';

let starwall: Starwall;
beforeAll(async () => {
  starwall = await startStarwall();
});
afterAll(() => starwall.stop());

const keysIn = (n: number) => Array.from({ length: n }, (_, i) => `SEAT-${String(i + 1).padStart(8, '0')}`);

it('a creator uploads licence keys, and each buyer gets a different one with a button that copies it', async () => {
  const creator = await Creator.signUp(starwall);
  const bot = await creator.registerBot();
  const made = await creator
    .post('/v1/products', {
      bot_id: bot.id,
      kind: 'licence_key',
      title: 'Pro licence',
      description: 'One seat',
      stars: 50,
      licence_key: { low_stock_at: 1 },
    })
    .expect(201);
  expect(made.body).toMatchObject({ stock: 0, licence_key: { low_stock_at: 1 } });
  const product = String(made.body.id);
  const keys = `/v1/products/${product}/keys`;
  const buyer = await Buyer.meets(starwall, bot.telegramId);
  await starwall.telegram.start(buyer.chat, `buy_${product}`);
  await buyer.hears(/sold out/);

  const [first, second, third] = keysIn(3);
  const added = await creator.post(keys, { keys: [first, second, first] }).expect(201);
  expect(added.body).toMatchObject({ added: 2, duplicates: [3], stock: 2 });
  const file = await creator
    .signs(starwall.http().post(`${keys}/file`))
    .attach('file', Buffer.from(`key\n${second}\n${third}\n`), 'keys.csv')
    .expect(201);
  expect(file.body).toMatchObject({ added: 1, duplicates: [2], stock: 3 });

  await buyer.pays(await buyer.wants(product));
  const goods = await buyer.sees((message) => message.text === first);
  expect(goods.reply_markup?.inline_keyboard).toEqual([[{ text: 'Copy', copy_text: { text: first } }]]);
  const order = await eventually('a delivered order', async () => {
    const [newest] = (await creator.get('/v1/orders').expect(200)).body.data;
    return newest?.status === 'delivered' && newest;
  });
  await starwall.telegram.sendText(buyer.chat, '/orders');
  const listed = await buyer.sees((message) => message.text?.startsWith('Your last purchases') === true);

  await starwall.telegram.press(buyer.chat, listed.message_id, 0);
  await eventually(
    'the same key again',
    async () => (await buyer.heard()).filter((text) => text === first).length === 2,
  );

  const shown = await creator.get(`${keys}?state=sold`).expect(200);
  expect(shown.body.data).toMatchObject([{ hint: '001', state: 'sold', order_id: order.id }]);
  expect(JSON.stringify(shown.body)).not.toContain(first);
  const free = (await creator.get(`${keys}?state=free`).expect(200)).body.data;
  expect(free).toHaveLength(2);
  await creator.delete(`${keys}/${free[0].id}`).expect(204);
  await creator.delete(`${keys}/${shown.body.data[0].id}`).expect(409);

  const refund = creator.post(`/v1/orders/${order.id}/refunds`).set('idempotency-key', 'burn');
  await refund.expect((answer) => expect([200, 201, 202]).toContain(answer.status));
  await eventually('a burned key', async () => (await creator.get(`${keys}?state=burned`)).body.data.length === 1);
  const events = (await creator.get('/v1/events').expect(200)).body.data.map((event: { type: string }) => event.type);
  expect(events).not.toContain('product.stock_low');
});

it('invalid licence keys are reported with their lines, and the whole list is refused', async () => {
  const creator = await Creator.signUp(starwall);
  const bot = await creator.registerBot();
  const wish = { bot_id: bot.id, kind: 'licence_key', title: 'Pro', description: 'One seat', stars: 50 };
  const product = String((await creator.post('/v1/products', wish).expect(201)).body.id);
  const refused = await creator.post(`/v1/products/${product}/keys`, { keys: ['good', 'x'.repeat(257)] }).expect(400);
  expect(refused.body).toMatchObject({ code: 'invalid_keys', errors: [{ path: 'keys.1' }] });
  const file = creator.signs(starwall.http().post(`/v1/products/${product}/keys/file`));
  const answer = await file.attach('file', Buffer.from([0xff, 0xfe, 0x00]), 'keys.csv').expect(400);
  expect(answer.body.code).toBe('invalid_keys');
  expect((await creator.get(`/v1/products/${product}/keys`).expect(200)).body.data).toEqual([]);
  await creator.post('/v1/products', { ...wish, stock: 5 }).expect(400);
  const text = await creator.createProduct(bot.id);
  await creator.get(`/v1/products/${text}/keys`).expect(409);
  await creator.post('/v1/products', { ...wish, kind: 'text', content: 'x', licence_key: {} }).expect(400);
});
