import { Buyer, Creator, eventually, type Starwall } from './starwall.js';

/** Creates a bot whose sales were made by another workspace, so that its charges have no order here, as after a restore. */
export async function inherited(starwall: Starwall) {
  const [former, creator] = [await Creator.signUp(starwall), await Creator.signUp(starwall)];
  const bot = await former.registerBot();
  const person = await Buyer.meets(starwall, bot.telegramId);
  await person.pays(await person.wants(await former.createProduct(bot.id, { content: 'the first goods' })));
  await person.hears(/the first goods/);
  await eventually('delivery', async () => (await former.get('/v1/orders')).body.data[0]?.status === 'delivered');
  await former.removeBot(bot.id);
  const { body: registered } = await creator.post('/v1/bots', { token: bot.token }).expect(201);
  const product = await creator.createProduct(registered.id, { content: 'the goods once more' });
  await creator.post(`/v1/bots/${registered.id}/reconciliations`).expect(202);
  const charge = await eventually('the charge', async () => {
    return (await creator.get('/v1/charges?match=unmatched').expect(200)).body.data[0];
  });
  return { creator, bot: registered, person, product, charge };
}
