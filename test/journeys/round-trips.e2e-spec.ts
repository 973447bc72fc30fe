import { parseId } from '#libs/kernel';
import { BotDirectory } from '#libs/tenants';
import { Ingress } from '../../apps/ingress/src/index.js';
import { UpdateProcessor } from '../../apps/worker/src/inbox/update.processor.js';
import { StatementWatch } from '../support/statements.js';
import { Buyer, Creator, eventually, type Starwall, startStarwall } from '../support/starwall.js';

/** Round trips while one update is received or worked on. A statement that is sent while another is on its way shares its trip. */
const trips = new Map<string, number>();
const underWay = new Map<string, number>();
let watch: StatementWatch;
let starwall: Starwall;

function count(label: string, answer: Promise<unknown>): void {
  const others = underWay.get(label) ?? 0;
  if (others === 0) trips.set(label, (trips.get(label) ?? 0) + 1);
  underWay.set(label, others + 1);
  const arrived = () => underWay.set(label, (underWay.get(label) ?? 1) - 1);
  answer.then(arrived, arrived);
}

beforeAll(async () => {
  watch = new StatementWatch((label, _sql, answer) => {
    if (answer instanceof Promise) count(label, answer);
  });
  starwall = await startStarwall();
  const kindOf = (body: object) => Object.keys(body).find((key) => key !== 'update_id');
  watch.label(
    starwall.ingress.get(Ingress),
    'receive',
    (_route: unknown, body: string) => `receive ${kindOf(JSON.parse(body))}`,
  );
  watch.label(starwall.app.get(UpdateProcessor), 'process', ({ kind }: { kind: string }) => `process ${kind}`);
});
afterAll(async () => {
  await starwall.stop();
  watch.stop();
});

it('a sale costs few round trips to the database', async () => {
  const creator = await Creator.signUp(starwall);
  const bot = await creator.registerBot();
  const product = await creator.createProduct(bot.id);
  const buyer = await Buyer.meets(starwall, bot.telegramId);
  // The first sale fills the caches of rows that the second one finds.
  await buyer.pays(await buyer.wants(product));
  await eventually('the first delivery', async () => (await buyer.messages()).some((m) => m.text === 'the goods'));
  // The ingress remembers a bot for five seconds, and most buyers come later than that.
  starwall.ingress.get(BotDirectory, { strict: false }).forget(parseId('bot', bot.id) ?? '');
  trips.clear();
  await buyer.pays(await buyer.wants(product));
  await eventually(
    'both deliveries',
    async () => (await buyer.messages()).filter((m) => m.text === 'the goods').length === 2,
  );

  expect(Object.fromEntries(trips)).toEqual({
    'receive message': 4,
    'process message': 8,
    'receive pre_checkout_query': 4,
    'process successful_payment': 5,
  });
});
