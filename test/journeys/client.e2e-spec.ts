import { randomUUID } from 'node:crypto';
import { answered, type StarwallClient, StarwallProblem, starwall as starwallClient } from '#libs/client';
import { Buyer, Creator, eventually, type Starwall, startStarwall } from '../support/starwall.js';

let starwall: Starwall;
let creator: Creator;
let api: StarwallClient;

beforeAll(async () => {
  starwall = await startStarwall();
  creator = await Creator.signUp(starwall);
  api = starwallClient({ url: starwall.url, token: String(creator.session['access_token']) });
});
afterAll(() => starwall.stop());

describe('the typed client', () => {
  it('covers the path from a bot to a sale and its refund', async () => {
    const bot = await creator.registerBot();
    const product = await answered(
      api.POST('/v1/products', {
        body: { bot_id: bot.id, kind: 'text', title: 'A secret', description: 'Good.', stars: 50, content: 'Be kind.' },
      }),
    );
    const buyer = await Buyer.meets(starwall, bot.telegramId);
    await buyer.pays(await buyer.wants(product.id));
    const order = await eventually('delivery', async () => {
      const { data } = await answered(api.GET('/v1/orders', { params: { query: { bot_id: bot.id } } }));
      return data.find((one) => one.status === 'delivered');
    });
    const refund = await answered(
      api.POST('/v1/orders/{id}/refunds', {
        params: { path: { id: order.id }, header: { 'Idempotency-Key': randomUUID() } },
        body: { reason: 'As asked.' },
      }),
    );
    expect(refund).toMatchObject({ object: 'refund', order_id: order.id, reason: 'As asked.' });
    await eventually('the Stars', async () => (await buyer.balance()) === 1_000);
  });

  it("throws the API's errors with code and remedy", async () => {
    const refused = answered(api.GET('/v1/orders/{id}', { params: { path: { id: 'ord_1' } } }));
    await expect(refused).rejects.toThrow(StarwallProblem);
    await expect(refused).rejects.toMatchObject({ status: 400, problem: { code: 'invalid_request' } });
  });

  it('gets a token for each request from a given function', async () => {
    const tokens = ['sw_test_wrong', String(creator.session['access_token'])];
    const patient = starwallClient({ url: starwall.url, token: () => String(tokens.shift()) });
    expect((await patient.GET('/v1/me')).response.status).toBe(401);
    expect((await answered(patient.GET('/v1/me'))).email).toBe(creator.email);
  });
});
