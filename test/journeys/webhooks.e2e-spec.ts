import { createHash } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { newUuid, publicId } from '#libs/kernel';
import { Buyer, Creator, eventually, type Starwall, startStarwall } from '../support/starwall.js';
import { WebhookReceiver } from '../support/webhook-receiver.js';

interface Event extends Record<string, unknown> {
  readonly id: string;
  readonly type: string;
  readonly data: Record<string, unknown>;
}

let starwall: Starwall;
let receiver: WebhookReceiver;

beforeAll(async () => {
  starwall = await startStarwall();
});
afterAll(() => starwall.stop());
beforeEach(async () => {
  receiver = await WebhookReceiver.start();
});
afterEach(() => receiver.stop());

const longAgo = new Date(Date.now() - 86_400_000).toISOString();

const newEndpoint = async (creator: Creator, body: object = {}) =>
  (await creator.post('/v1/endpoints', { url: receiver.url, ...body }).expect(201)).body;

const eventsOf = async (creator: Creator, query = ''): Promise<Event[]> =>
  (await creator.get(`/v1/events?limit=100${query}`).expect(200)).body.data;

/** Waits for a number of webhooks that mention this text. */
const told = (part: string, count = 1) =>
  eventually(`${count} webhooks about ${part}`, async () => {
    const all = receiver.about(part);
    return all.length >= count && all;
  });

/** Makes a sale, from the first message to the delivered goods. */
async function sell(creator: Creator) {
  const bot = await creator.registerBot();
  const productId = await creator.createProduct(bot.id);
  const buyer = await Buyer.meets(starwall, bot.telegramId);
  await buyer.pays(await buyer.wants(productId));
  const order = await eventually('delivery', async () => {
    const { data } = (await creator.get('/v1/orders').expect(200)).body;
    return data[0]?.status === 'delivered' && data[0];
  });
  return { bot, productId, buyer, orderId: String(order.id) };
}

describe('events', () => {
  it('include everything that happened, identical to the webhooks', async () => {
    const creator = await Creator.signUp(starwall);
    const endpoint = await newEndpoint(creator);
    const { bot, productId, orderId } = await sell(creator);
    await creator.patch(`/v1/products/${productId}`, { stars: 60, content: 'better goods' }).expect(200);
    await creator.post(`/v1/bots/${bot.id}/pause`).expect(200);

    const events = await eventually('all events', async () => {
      const all = await eventsOf(creator);
      return all.some((event) => event.type === 'bot.paused') && all;
    });
    expect(events.map((event) => event.type)).toEqual(
      expect.arrayContaining([
        'bot.registered',
        'product.created',
        'order.placed',
        'order.approved',
        'order.paid',
        'order.delivered',
        'product.updated',
        'bot.paused',
      ]),
    );
    expect(events.find((event) => event.type === 'order.paid')).toMatchObject({
      object: 'event',
      livemode: false,
      data: { object: 'order', id: orderId, payment_state: 'paid' },
      previous_attributes: { payment_state: 'approved', paid_at: null },
    });
    expect(events.find((event) => event.type === 'product.updated')).toMatchObject({
      previous_attributes: { stars: 50, price_version: 1 },
    });
    expect(JSON.stringify(events)).not.toMatch(/the goods|better goods/);

    await eventually('every webhook', async () => receiver.received.length >= events.length);
    for (const event of events) {
      const [webhook] = receiver.received.filter((it) => it.headers['webhook-id'] === event.id);
      expect(new Webhook(endpoint.secret).verify(webhook?.body ?? '', webhook?.headers ?? {})).toEqual(event);
    }
  });

  it('are listed by order, type and time, in pages', async () => {
    const creator = await Creator.signUp(starwall);
    const { orderId } = await sell(creator);
    const ofOrder = await eventsOf(creator, `&order_id=${orderId}`);
    expect(ofOrder.map((event) => [event['sequence'], event.type])).toEqual([
      [4, 'order.delivered'],
      [3, 'order.paid'],
      [2, 'order.approved'],
      [1, 'order.placed'],
    ]);
    const all = await eventsOf(creator);
    expect(await eventsOf(creator, '&type=bot.registered')).toEqual([all.at(-1)]);
    expect(await eventsOf(creator, `&created_before=${longAgo}`)).toEqual([]);
    expect(await eventsOf(creator, `&created_after=${longAgo}`)).toEqual(all);
    const first = (await creator.get('/v1/events?limit=2').expect(200)).body;
    expect(first).toMatchObject({ object: 'list', has_more: true, data: all.slice(0, 2) });
    expect(await eventsOf(creator, `&starting_after=${first.data[1].id}`)).toEqual(all.slice(2));
    const back = (await creator.get(`/v1/events?limit=2&ending_before=${all[4]?.id}`).expect(200)).body;
    expect(back).toMatchObject({ has_more: true, data: all.slice(2, 4) });
    await creator.get(`/v1/events?starting_after=${all[0]?.id}&ending_before=${all[1]?.id}`).expect(400);
    for (const query of ['type=order.stolen', 'created_before=yesterday', 'order_id=ord_1', 'color=red'])
      await creator.get(`/v1/events?${query}`).expect(400);
  });

  it('are sent again to their recipients, or to an endpoint created later', async () => {
    const creator = await Creator.signUp(starwall);
    const endpoint = await newEndpoint(creator, { event_types: ['bot.registered'] });
    const bot = await creator.registerBot();
    await told(bot.id);
    const [event] = await eventsOf(creator, '&type=bot.registered');
    await creator.post(`/v1/events/${event?.id}/resend`).expect(202, { object: 'resent', count: 1, has_more: false });
    const [first, second] = await told(bot.id, 2);
    expect([second?.body, second?.headers['webhook-id']]).toEqual([first?.body, event?.id]);

    const late = await newEndpoint(creator, { event_types: ['order.paid'] });
    await creator.post(`/v1/events/${event?.id}/resend`, { endpoint_id: late.id }).expect(202);
    const third = (await told(bot.id, 3))[2];
    expect(new Webhook(late.secret).verify(third?.body ?? '', third?.headers ?? {})).toEqual(event);
    const log = await eventually('both deliveries', async () => {
      const { deliveries } = (await creator.get(`/v1/events/${event?.id}`).expect(200)).body;
      return deliveries.every((it: { state: string }) => it.state === 'delivered') && deliveries;
    });
    expect(log.map((it: { endpoint_id: string; attempts: unknown[] }) => [it.endpoint_id, it.attempts.length])).toEqual(
      [
        [endpoint.id, 2],
        [late.id, 1],
      ],
    );
  });
});

describe('an endpoint', () => {
  it('can be tested, and logs its requests and answers', async () => {
    const creator = await Creator.signUp(starwall);
    const endpoint = await newEndpoint(creator, { event_types: ['order.paid'] });
    const { body: test } = await creator.post(`/v1/endpoints/${endpoint.id}/test`).expect(202);
    const [webhook] = await told(test.event_id);
    expect(new Webhook(endpoint.secret).verify(webhook?.body ?? '', webhook?.headers ?? {})).toMatchObject({
      id: test.event_id,
      type: 'endpoint.test',
      data: { object: 'endpoint', id: endpoint.id },
    });
    const delivery = await eventually('the log', async () => {
      const { data } = (await creator.get(`/v1/endpoints/${endpoint.id}/deliveries?state=delivered`).expect(200)).body;
      return data[0];
    });
    const sha256 = createHash('sha256')
      .update(webhook?.body ?? '')
      .digest('hex');
    expect(delivery).toMatchObject({
      event_id: test.event_id,
      event_type: 'endpoint.test',
      next_attempt_at: null,
      attempts: [
        {
          number: 1,
          ok: true,
          status: 200,
          response: 'thanks',
          request: { url: receiver.url, body_sha256: sha256, timestamp: Number(webhook?.headers['webhook-timestamp']) },
        },
      ],
    });
    await creator.get(`/v1/endpoints/${endpoint.id}/deliveries/${delivery.id}`).expect(200, delivery);
    await creator.get(`/v1/endpoints/${endpoint.id}/deliveries?state=failed`).expect(200, {
      object: 'list',
      data: [],
      has_more: false,
    });
  });

  it('replaces its secret without losing a webhook: for a day, either secret verifies', async () => {
    const creator = await Creator.signUp(starwall);
    const endpoint = await newEndpoint(creator);
    const { body: rotated } = await creator.post(`/v1/endpoints/${endpoint.id}/rotate-secret`).expect(200);
    expect(rotated).toMatchObject({ id: endpoint.id, secret: expect.stringMatching(/^whsec_/) });
    expect(Date.parse(rotated.previous_secret_expires_at)).toBeGreaterThan(Date.now() + 86_000_000);
    expect(rotated.secret).not.toBe(endpoint.secret);
    const { body: test } = await creator.post(`/v1/endpoints/${endpoint.id}/test`).expect(202);
    const [webhook] = await told(test.event_id);
    expect(webhook?.headers['webhook-signature']?.split(' ')).toHaveLength(2);
    for (const secret of [endpoint.secret, rotated.secret])
      expect(new Webhook(secret).verify(webhook?.body ?? '', webhook?.headers ?? {})).toMatchObject({
        id: test.event_id,
      });
    expect((await creator.get(`/v1/endpoints/${endpoint.id}`).expect(200)).body).not.toHaveProperty('secret');
  });

  it('receives failed and missed deliveries after an outage', async () => {
    const creator = await Creator.signUp(starwall);
    receiver.mode = 'gone';
    const endpoint = await newEndpoint(creator);
    const failed = await creator.registerBot();
    await eventually('the end of calls', async () => {
      const { state } = (await creator.get(`/v1/endpoints/${endpoint.id}`).expect(200)).body;
      return state === 'disabled';
    });
    const missed = await creator.registerBot();
    receiver.mode = 'ok';
    const resend = (mode: string) => creator.post(`/v1/endpoints/${endpoint.id}/resend`, { mode, since: longAgo });
    expect((await resend('failed').expect(409)).body).toMatchObject({ code: 'endpoint_disabled' });
    await creator.post(`/v1/endpoints/${endpoint.id}/test`).expect(409);
    await creator.patch(`/v1/endpoints/${endpoint.id}`, { state: 'enabled' }).expect(200);
    await eventually('the relay', async () => (await eventsOf(creator, '&type=endpoint.disabled')).length === 1);
    await resend('failed').expect(202, { object: 'resent', count: 1, has_more: false });
    expect((await resend('missing').expect(202)).body.count).toBeGreaterThanOrEqual(1);
    for (const bot of [failed, missed]) {
      const webhook = (await told(bot.id, bot === failed ? 2 : 1)).at(-1);
      expect(new Webhook(endpoint.secret).verify(webhook?.body ?? '', webhook?.headers ?? {})).toMatchObject({
        type: 'bot.registered',
      });
    }
    const delivery = (await creator.get(`/v1/endpoints/${endpoint.id}/deliveries`).expect(200)).body.data.at(-1);
    await creator.post(`/v1/endpoints/${endpoint.id}/deliveries/${delivery.id}/resend`).expect(202);
    await told(failed.id, 3);
  });

  it('alerts its creator in Telegram when it is disabled', async () => {
    const creator = await Creator.signUp(starwall);
    const bot = await creator.registerBot();
    const me = await Buyer.meets(starwall, bot.telegramId);
    const chat = { bot_id: bot.id, telegram_id: me.id };
    expect((await creator.put('/v1/alerts', chat).expect(409)).body).toMatchObject({ code: 'alert_chat_unknown' });
    await me.says('/start');
    await creator.sendsAlertsTo(chat);
    await creator.get('/v1/alerts').expect(200);

    receiver.mode = 'gone';
    const endpoint = await newEndpoint(creator);
    await creator.post(`/v1/endpoints/${endpoint.id}/test`).expect(202);
    const warning = await me.hears(/no longer calls your webhook endpoint/);
    expect(warning).toContain('410');
    expect(warning).toContain(endpoint.id);
    await creator.delete('/v1/alerts').expect(204);
    await creator.get('/v1/alerts').expect(404);
  });

  it('alerts its creator to the first failure and to the end of the outage', async () => {
    const creator = await Creator.signUp(starwall);
    const bot = await creator.registerBot();
    const me = await Buyer.meets(starwall, bot.telegramId);
    await me.says('/start');
    const chat = { bot_id: bot.id, telegram_id: me.id };
    await creator.sendsAlertsTo(chat);
    receiver.mode = 'broken';
    const endpoint = await newEndpoint(creator);
    await creator.post(`/v1/endpoints/${endpoint.id}/test`).expect(202);
    expect(await me.hears(/does not accept events/)).toContain('answered 500');
    const failing = (await eventsOf(creator, '&type=endpoint.failing')).map(({ data }) => data);
    expect(failing).toMatchObject([{ id: endpoint.id, failure: 'the endpoint answered 500' }]);
    const { data: problems } = (await creator.get(`/v1/bots/${bot.id}/problems`).expect(200)).body;
    expect(problems).toMatchObject([
      { kind: 'endpoints_failing', subject: endpoint.id, error: 'the endpoint answered 500' },
    ]);
    receiver.mode = 'ok';
    await creator.post(`/v1/endpoints/${endpoint.id}/test`).expect(202);
    await me.hears(/accepts events again/);
    expect((await creator.get(`/v1/endpoints/${endpoint.id}`).expect(200)).body).toMatchObject({
      failing_since: null,
      failure: null,
    });
  });

  it('cannot be read, changed or used by another creator, nor can its events', async () => {
    const [creator, other] = [await Creator.signUp(starwall), await Creator.signUp(starwall)];
    const endpoint = await newEndpoint(creator);
    const bot = await creator.registerBot();
    await told(bot.id);
    const [event] = await eventsOf(creator);
    const [delivery] = (await creator.get(`/v1/endpoints/${endpoint.id}/deliveries`).expect(200)).body.data;
    const theirs = await newEndpoint(other);
    const since = longAgo;
    await other.get(`/v1/events/${event?.id}`).expect(404);
    await other.post(`/v1/events/${event?.id}/resend`).expect(404);
    await other.post(`/v1/events/${event?.id}/resend`, { endpoint_id: theirs.id }).expect(404);
    await creator.post(`/v1/events/${event?.id}/resend`, { endpoint_id: theirs.id }).expect(404);
    await other.get(`/v1/endpoints/${endpoint.id}/deliveries/${delivery.id}`).expect(404);
    await other.post(`/v1/endpoints/${endpoint.id}/deliveries/${delivery.id}/resend`).expect(404);
    await other.post(`/v1/endpoints/${theirs.id}/deliveries/${delivery.id}/resend`).expect(404);
    await other.post(`/v1/endpoints/${endpoint.id}/resend`, { mode: 'failed', since }).expect(404);
    await other.post(`/v1/endpoints/${endpoint.id}/test`).expect(404);
    await other.post(`/v1/endpoints/${endpoint.id}/rotate-secret`).expect(404);
    await other.put('/v1/alerts', { bot_id: bot.id, telegram_id: 1 }).expect(409);
    expect(await eventsOf(other)).toEqual([]);
    await creator.get(`/v1/events/${publicId('event', newUuid())}`).expect(404);
  });
});
