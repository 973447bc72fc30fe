import { parseId } from '#libs/kernel';
import { BotDirectory } from '#libs/tenants';
import { Ingress } from '../../apps/ingress/src/index.js';
import { UpdateProcessor } from '../../apps/worker/src/inbox/update.processor.js';
import { JobDesk } from '../../apps/worker/src/jobs/job-desk.js';
import { StatementWatch } from '../support/statements.js';
import { Buyer, Creator, eventually, type Starwall, startStarwall } from '../support/starwall.js';

/**
 * Counts round trips while one update is received or handled, on all connections. A statement that is sent on a connection while another is
 * pending there shares its trip. The order of answers on two connections does not matter.
 */
const trips = new Map<string, number>();
const underWay = new Map<object, number>();
let watch: StatementWatch;
let starwall: Starwall;

function count(label: string, answer: Promise<unknown>, connection: object): void {
  const others = underWay.get(connection) ?? 0;
  if (others === 0) trips.set(label, (trips.get(label) ?? 0) + 1);
  underWay.set(connection, others + 1);
  const arrived = () => underWay.set(connection, (underWay.get(connection) ?? 1) - 1);
  answer.then(arrived, arrived);
}

beforeAll(async () => {
  watch = new StatementWatch((label, _sql, answer, connection) => {
    if (answer instanceof Promise) count(label, answer, connection);
  });
  starwall = await startStarwall();
  const kindOf = (body: object) => Object.keys(body).find((key) => key !== 'update_id');
  watch.label(
    starwall.ingress.get(Ingress),
    'receive',
    (_route: unknown, body: string) => `receive ${kindOf(JSON.parse(body))}`,
  );
  // The worker reloads a bot every five seconds, in any step.
  watch.label(starwall.app.get(BotDirectory, { strict: false }), 'loadBot', () => 'read a bot');
  watch.label(starwall.app.get(JobDesk, { strict: false }), 'work', ({ kind }: { kind: string }) => `work ${kind}`);
  watch.label(starwall.app.get(UpdateProcessor), 'process', ({ kind }: { kind: string }) => `process ${kind}`);
});
afterAll(async () => {
  await starwall.stop();
  watch.stop();
});

it('a sale takes few round trips to the database', async () => {
  const creator = await Creator.signUp(starwall);
  const bot = await creator.registerBot();
  const product = await creator.createProduct(bot.id);
  // The buyer receives the goods before the delivery is recorded.
  const delivered = (orders: number) =>
    eventually('orders to be delivered', async () => {
      const { data } = (await creator.get('/v1/orders').expect(200)).body as { data: { status: string }[] };
      return data.length === orders && data.every(({ status }) => status === 'delivered');
    });
  const buyer = await Buyer.meets(starwall, bot.telegramId);
  // The first sale fills the caches for the second one.
  await buyer.pays(await buyer.wants(product));
  await eventually('the first delivery', async () => (await buyer.messages()).some((m) => m.text === 'the goods'));
  await delivered(1);
  // The ingress reads an unknown bot together with its path, and then not again for five seconds.
  starwall.ingress.get(BotDirectory, { strict: false }).forget(parseId('bot', bot.id) ?? '');
  trips.clear();
  await buyer.pays(await buyer.wants(product));
  await eventually(
    'both deliveries',
    async () => (await buyer.messages()).filter((m) => m.text === 'the goods').length === 2,
  );

  await delivered(2);
  trips.delete('read a bot');
  expect(Object.fromEntries(trips)).toEqual({
    'receive message': 2,
    'process message': 3,
    'receive pre_checkout_query': 2,
    'process successful_payment': 4,
    'work order.deliver': 2,
  });
});
