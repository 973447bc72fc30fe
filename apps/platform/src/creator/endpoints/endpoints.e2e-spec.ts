import { Webhook } from 'standardwebhooks';
import { newUuid, publicId } from '#libs/kernel';
import { Buyer, Creator, eventually, type Starwall, startStarwall } from '../../../../../test/support/starwall.js';
import { WebhookReceiver } from '../../../../../test/support/webhook-receiver.js';

let starwall: Starwall;
let receiver: WebhookReceiver;

beforeAll(async () => {
  [starwall, receiver] = await Promise.all([startStarwall(), WebhookReceiver.start()]);
});
afterAll(() => Promise.all([starwall.stop(), receiver.stop()]));

const newEndpoint = async (creator: Creator, body: object = {}) =>
  (await creator.post('/v1/endpoints', { url: receiver.url, ...body }).expect(201)).body;

describe('the endpoints of a creator', () => {
  it('show their secret only when they are created', async () => {
    const creator = await Creator.signUp(starwall);
    const made = await newEndpoint(creator, { description: 'Shop', event_types: ['order.paid'] });
    const { secret, ...endpoint } = made;
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(endpoint).toEqual({
      object: 'endpoint',
      livemode: false,
      metadata: {},
      id: expect.stringMatching(/^we_/),
      url: receiver.url,
      description: 'Shop',
      event_types: ['order.paid'],
      state: 'enabled',
      disabled_because: null,
      failing_since: null,
      failure: null,
      previous_secret_expires_at: null,
      created_at: expect.any(String),
      updated_at: expect.any(String),
    });
    await creator.get(`/v1/endpoints/${endpoint.id}`).expect(200, endpoint);
    await creator.get('/v1/endpoints').expect(200, { object: 'list', data: [endpoint], has_more: false });
  });

  it('can be changed, paused and deleted', async () => {
    const creator = await Creator.signUp(starwall);
    const { id } = await newEndpoint(creator);
    const paused = await creator.patch(`/v1/endpoints/${id}`, { state: 'paused', event_types: [] }).expect(200);
    expect(paused.body).toMatchObject({ state: 'paused', event_types: [], url: receiver.url });
    await creator.delete(`/v1/endpoints/${id}`).expect(204);
    await creator.get(`/v1/endpoints/${id}`).expect(404);
    await creator.get('/v1/endpoints').expect(200, { object: 'list', data: [], has_more: false });
  });

  it.each([
    [{}, 'url'],
    [{ url: 5 }, 'url'],
    [{ url: 'https://shop.example.com/', event_types: ['order.stolen'] }, 'event_types.0'],
    [{ url: 'https://shop.example.com/', description: 'x'.repeat(256) }, 'description'],
    [{ url: 'https://shop.example.com/', secret: 'whsec_mine' }, ''],
  ])('are refused when the request is invalid: %j', async (body, path) => {
    const creator = await Creator.signUp(starwall);
    const { body: problem } = await creator.post('/v1/endpoints', body).expect(400);
    expect(problem).toMatchObject({ code: 'invalid_request', errors: [expect.objectContaining({ path })] });
  });

  it.each(['ftp://shop.example.com/', 'https://10.0.0.1/', 'https://user:pw@shop.example.com/', 'nonsense'])(
    'are refused when the address is unsafe: %s',
    async (url) => {
      const creator = await Creator.signUp(starwall);
      const { body: problem } = await creator.post('/v1/endpoints', { url }).expect(400);
      expect(problem).toMatchObject({ code: 'unsafe_address', remedy: expect.stringContaining('https://') });
    },
  );

  it('return 404 to another creator', async () => {
    const [creator, other] = [await Creator.signUp(starwall), await Creator.signUp(starwall)];
    const { id } = await newEndpoint(creator);
    await other.get(`/v1/endpoints/${id}`).expect(404);
    await other.get(`/v1/endpoints/${id}/deliveries`).expect(404);
    await other.patch(`/v1/endpoints/${id}`, { state: 'paused' }).expect(404);
    await other.delete(`/v1/endpoints/${id}`).expect(404);
    await other.get('/v1/endpoints').expect(200, { object: 'list', data: [], has_more: false });
    await creator.get(`/v1/endpoints/${publicId('endpoint', newUuid())}`).expect(404);
    expect((await creator.get(`/v1/endpoints/${id}`).expect(200)).body.state).toBe('enabled');
  });

  it('receive the signed and numbered events of a sale, and log each delivery', async () => {
    const creator = await Creator.signUp(starwall);
    const endpoint = await newEndpoint(creator, { event_types: ['order.paid', 'order.delivered', 'order.refunded'] });
    const bot = await creator.registerBot();
    const buyer = await Buyer.meets(starwall, bot.telegramId);
    await buyer.pays(await buyer.wants(await creator.createProduct(bot.id)));
    const order = await eventually('delivery', async () => {
      const { data } = (await creator.get('/v1/orders').expect(200)).body;
      return data[0].status === 'delivered' && data[0];
    });
    await creator.post(`/v1/orders/${order.id}/refunds`).expect(202);
    const log = await eventually('three deliveries', async () => {
      const { data } = (await creator.get(`/v1/endpoints/${endpoint.id}/deliveries`).expect(200)).body;
      return data.length === 3 && data.every((it: { state: string }) => it.state === 'delivered') && data;
    });
    expect(log[0].attempts).toEqual([
      expect.objectContaining({ number: 1, ok: true, status: 200, response: 'thanks' }),
    ]);

    const told = receiver
      .about(order.id)
      .map(({ body, headers }) => new Webhook(endpoint.secret).verify(body, headers) as Record<string, unknown>)
      .toSorted((a, b) => Number(a['sequence']) - Number(b['sequence']));
    expect(told.map((event) => event['type'])).toEqual(['order.paid', 'order.delivered', 'order.refunded']);
    expect(told[0]).toMatchObject({ id: expect.stringMatching(/^evt_/), data: { object: 'order', id: order.id } });
    expect(log.map((it: { event_id: string }) => it.event_id).toSorted()).toEqual(
      told.map((it) => String(it['id'])).toSorted(),
    );

    const first = (await creator.get(`/v1/endpoints/${endpoint.id}/deliveries?limit=2`).expect(200)).body;
    const rest = await creator.get(
      `/v1/endpoints/${endpoint.id}/deliveries?limit=2&starting_after=${first.data[1].id}`,
    );
    expect([...first.data, ...rest.body.data]).toEqual(log);
    expect([first.has_more, rest.body.has_more]).toEqual([true, false]);
  });
});
