import { Webhook } from 'standardwebhooks';
import { EVENT_TYPES } from '#libs/journal';
import { Backstage } from '../support/backstage.js';
import { Buyer, Creator, eventually, type Starwall, startStarwall } from '../support/starwall.js';
import { WebhookReceiver } from '../support/webhook-receiver.js';

let starwall: Starwall;
let backstage: Backstage;
let creator: Creator;
let receiver: WebhookReceiver;
let secret: string;

interface Event {
  readonly id: string;
  readonly type: string;
  readonly livemode: boolean;
  readonly data: Readonly<Record<string, unknown>>;
  readonly previous_attributes?: Readonly<Record<string, unknown>>;
}

beforeAll(async () => {
  starwall = await startStarwall();
  backstage = await Backstage.open(starwall);
  creator = await Creator.signUp(starwall);
  receiver = await WebhookReceiver.start();
  secret = (await creator.post('/v1/endpoints', { url: receiver.url }).expect(201)).body.secret;
});
afterAll(async () => {
  await backstage.close();
  await receiver.stop();
  await starwall.stop();
});

const trigger = (type: string, who = creator) => who.post('/v1/events/trigger', { type });
/** Events are verified by the official library. */
const received = (): Event[] =>
  receiver.received.map(({ body, headers }) => new Webhook(secret).verify(body, headers) as Event);

describe('a triggered event', () => {
  it('is signed, marked as a test, possible for any type, and refers to no existing object', async () => {
    const asked = await Promise.all(EVENT_TYPES.map((type) => trigger(type).expect(202)));
    expect(asked.map(({ body }) => [body.object, body.count])).toEqual(EVENT_TYPES.map(() => ['triggered', 1]));
    await eventually('all of them', async () => receiver.received.length >= EVENT_TYPES.length);
    const arrivals = new Map(received().map((event) => [event.id, event]));
    for (const [n, type] of EVENT_TYPES.entries()) {
      const event = arrivals.get(asked[n]?.body.event_id);
      expect(event).toMatchObject({ object: 'event', type, livemode: false, data: { object: expect.any(String) } });
      const ids = [...JSON.stringify(event?.data).matchAll(/"[a-z]+_([0-9a-z]{26})"/g)].map(([, rest]) => rest);
      expect(new Set(ids)).toEqual(new Set(ids.length === 0 ? [] : ['0'.repeat(26)]));
    }
  }, 40_000);

  it('has the fields of a real one', async () => {
    const bot = await creator.registerBot();
    const buyer = await Buyer.meets(starwall, bot.telegramId);
    await buyer.pays(await buyer.wants(await creator.createProduct(bot.id)));
    const types = [
      'bot.registered',
      'product.created',
      'order.placed',
      'order.approved',
      'order.paid',
      'order.delivered',
    ];
    for (const type of types) {
      const real = await eventually(type, async () => received().find((one) => one.type === type && isReal(one)));
      const test = received().find((one) => one.type === type && !isReal(one));
      expect([type, Object.keys(test?.data ?? {}).toSorted()]).toEqual([type, Object.keys(real.data).toSorted()]);
      expect([type, fields(test)]).toEqual([type, fields(real)]);
    }
  });

  it('has no side effects', async () => {
    const jobs = await backstage.query(
      `select j.kind from jobs j join memberships m on m.tenant_id = j.tenant_id join accounts a on a.id = m.account_id
       where a.email = $1 and j.kind <> 'webhook.attempt' and j.kind <> 'bot.reconcile'`,
      [creator.email],
    );
    expect(jobs).toEqual([]);
    expect((await creator.get('/v1/orders?payment_state=refunded').expect(200)).body.data).toEqual([]);
  });

  it('is sent only to endpoints that subscribe to its type, and is listed for the CLI', async () => {
    const other = await Creator.signUp(starwall);
    await other.post('/v1/endpoints', { url: receiver.url, event_types: ['order.paid'] }).expect(201);
    expect((await trigger('order.refunded', other).expect(202)).body.count).toBe(0);
    expect((await trigger('order.paid', other).expect(202)).body.count).toBe(1);
    const { data } = (await other.get('/v1/events').expect(200)).body;
    expect(data.map((event: Event) => event.type)).toEqual(['order.paid', 'order.refunded']);
  });

  it('is refused for an unknown type', async () => {
    await trigger('order.eaten').expect(400);
  });
});

const isReal = ({ data }: Event) => !JSON.stringify(data).includes('0'.repeat(26));
/** Returns the fields of the event itself; only a real order numbers its events. */
const fields = (event: Event | undefined) => Object.keys(event ?? {}).filter((name) => name !== 'sequence');
