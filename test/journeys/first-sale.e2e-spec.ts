import { Buyer, Creator, eventually, type Starwall, startStarwall } from '../support/starwall.js';

let starwall: Starwall;

beforeAll(async () => {
  starwall = await startStarwall();
});
afterAll(() => starwall.stop());

const orderOf = async (creator: Creator) => (await creator.get('/v1/orders').expect(200)).body.data[0];

describe('the first sale', () => {
  it('leads from the deep link to the goods, and can be refunded', async () => {
    const creator = await Creator.signUp(starwall);
    const bot = await creator.registerBot();
    const buyer = await Buyer.meets(starwall, bot.telegramId);
    const invoice = await buyer.wants(await creator.createProduct(bot.id));

    expect(await buyer.pays(invoice)).toMatchObject({ status: 'paid' });
    await buyer.sees((message) => message.text?.includes('the goods') === true, 'the goods');
    const order = await eventually('delivery', async () => {
      const newest = await orderOf(creator);
      return newest.status === 'delivered' && newest;
    });
    expect(await buyer.balance()).toBe(950);

    await creator.post(`/v1/orders/${order.id}/refunds`, { reason: 'as asked' }).expect(202);
    await eventually('the refund', async () => (await orderOf(creator)).status === 'refunded');
    await buyer.sees((message) => message.text?.includes('have been returned') === true, 'the word about the refund');
    expect(await buyer.balance()).toBe(1_000);
    await creator
      .post(`/v1/orders/${order.id}/refunds`)
      .expect(409)
      .expect(/already_refunded/);
  });
});
