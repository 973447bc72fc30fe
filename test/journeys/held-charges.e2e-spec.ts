import { inherited } from '../support/held.js';
import { Creator, eventually, type Starwall, startStarwall } from '../support/starwall.js';

let starwall: Starwall;

beforeAll(async () => {
  starwall = await startStarwall();
});
afterAll(() => starwall.stop());

it('a payment without an order is delivered in one action, and can then be refunded like any sale', async () => {
  const { creator, bot, person, product, charge } = await inherited(starwall);
  expect(charge).toMatchObject({
    order_id: null,
    stars: 50,
    offered_product_id: null,
    payload: expect.stringMatching(/^ord_/),
  });
  const path = `/v1/charges/${charge.id}/deliver`;
  await creator
    .post(path)
    .expect(409)
    .expect(/no_product_named/);
  const { body: order } = await creator.post(path, { product_id: product }).expect(200);
  expect(order).toMatchObject({ object: 'order', payment_state: 'paid', stars: 50, product_id: product });
  await person.hears(/the goods once more/);
  const { body: again } = await creator.post(path, { product_id: product }).expect(200);
  expect(again.id).toBe(order.id);
  expect((await creator.get(`/v1/charges/${charge.id}`).expect(200)).body).toMatchObject({
    match: 'order',
    order_id: order.id,
  });
  const { data: entries } = (await creator.get('/v1/audit-entries?action=charges_deliver').expect(200)).body;
  expect(entries.map((it: { outcome: string }) => it.outcome)).toContain('done');
  const days = [new Date(), new Date(Date.now() + 864e5)].map((day) => day.toISOString().slice(0, 10));
  const statement = `/v1/bots/${bot.id}/statement?from=${days[0]}&to=${days[1]}`;
  expect((await creator.get(statement).expect(200)).body).toMatchObject({ earned: 50, held: 0, net: 50 });
  const metrics = `/v1/metrics/sales?from=${days[0]}&to=${days[1]}&group_by=product`;
  expect((await creator.get(metrics).expect(200)).body.data).toMatchObject([{ product_id: product, stars_earned: 50 }]);

  await creator.post(`/v1/orders/${order.id}/refunds`).expect(202);
  await eventually('the Stars', async () => (await person.balance()) === 1_000);
  await eventually('the books', async () => (await creator.get(statement)).body.net === 0);
  await creator.post(path, { product_id: product }).expect(200);
  expect((await creator.get('/v1/orders').expect(200)).body.data).toHaveLength(1);
});

it('a charge cannot be delivered by another workspace, nor by an invalid request', async () => {
  const { creator, product, charge } = await inherited(starwall);
  const stranger = await Creator.signUp(starwall);
  await stranger.post(`/v1/charges/${charge.id}/deliver`, { product_id: product }).expect(404);
  await creator.post(`/v1/charges/${charge.id}/deliver`, { product: product }).expect(400);
  expect((await creator.get('/v1/orders').expect(200)).body.data).toEqual([]);
});
