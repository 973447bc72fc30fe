import { eventually } from '../support/starwall.js';
import { supportDesk } from '../support/support-desk.js';

const desk = supportDesk();
const { newShop, buyer, newestOrder, orderOf, buys, asksAbout, threads, hasMessages, countOf } = desk;

describe('a creator who examines an order', () => {
  it('finds it by any detail that the buyer may give', async () => {
    const shop = await newShop();
    const person = await buyer(shop);
    const order = await buys(shop, person);
    const [charge] = (await orderOf(shop, order.id)).charges;
    const find = async (q: string) => (await shop.creator.get('/v1/search').query({ q }).expect(200)).body.data;
    expect(await find(order.id)).toMatchObject([{ object: 'search_result', kind: 'order', id: order.id, stars: 50 }]);
    expect(await find(charge.id)).toMatchObject([{ kind: 'charge', id: charge.id, order_id: order.id }]);
    expect(await find(charge.telegram_payment_charge_id)).toMatchObject([{ kind: 'charge', id: charge.id }]);
    expect(await find(`${person.id}`)).toMatchObject([{ kind: 'buyer', telegram_id: person.id, bot_id: shop.bot.id }]);
    expect(await find('nobody knows this')).toEqual([]);
  });

  it('sees its whole history, in order and without private data', async () => {
    const shop = await newShop();
    await shop.creator.post('/v1/endpoints', { url: desk.receiver.url }).expect(201);
    const person = await buyer(shop);
    const order = await buys(shop, person);
    await asksAbout(person, order.id);
    await person.says('a secret of mine');
    const thread = await eventually('the thread', async () => (await threads(shop))[0]);
    await hasMessages(shop, thread.id, 1);
    await shop.creator.post(`/v1/orders/${order.id}/refunds`, { reason: 'as asked' }).expect(202);
    await eventually('the refund', async () => (await orderOf(shop, order.id)).status === 'refunded');

    const wanted = [
      'update',
      'event',
      'charge',
      'handover_attempt',
      'support_message',
      'refund',
      'webhook_delivery',
      'webhook_attempt',
    ];
    const timeline = await eventually('a full timeline', async () => {
      const { body } = await shop.creator.get(`/v1/orders/${order.id}/timeline`).expect(200);
      const kinds = new Set(body.entries.map((it: { kind: string }) => it.kind));
      const last = body.entries.findLast((it: { facts: { type?: string } }) => it.facts.type === 'order.refunded');
      return wanted.every((kind) => kinds.has(kind)) && last !== undefined && body;
    });
    const times = timeline.entries.map((it: { at: string }) => it.at);
    expect(times).toEqual(times.toSorted());
    expect(timeline).toMatchObject({ object: 'timeline', order_id: order.id, truncated: false });
    const said = timeline.entries.map((it: { summary: string }) => it.summary);
    expect(said).toEqual(
      expect.arrayContaining([
        'The buyer placed the order.',
        'Telegram took 50 Stars from the buyer; it pays the order.',
        'The bot delivered the goods.',
        'The buyer wrote to support.',
        'A refund was started; its state is refunded: as asked.',
      ]),
    );
    const updates = timeline.entries.filter((it: { kind: string }) => it.kind === 'update');
    expect(updates.map((it: { facts: { update_kind: string } }) => it.facts.update_kind)).toEqual(
      expect.arrayContaining(['message', 'pre_checkout_query', 'successful_payment']),
    );
    expect(JSON.stringify(timeline)).not.toMatch(/secret of mine|"Buyer"|[0-9a-f]{8}-[0-9a-f]{4}-7/);
  });

  it('redelivers it, so that the goods arrive a second time', async () => {
    const shop = await newShop();
    const person = await buyer(shop);
    const order = await buys(shop, person);
    const wish = { mode: 'send_again', reason: 'the buyer deleted the chat' };
    await shop.creator
      .post(`/v1/orders/${order.id}/deliver`, wish)
      .expect(200)
      .expect(/"delivery_state":"waiting"/);
    await eventually('the goods again', async () => (await countOf(person, 'the goods')) === 2);
    await eventually('delivery', async () => (await orderOf(shop, order.id)).status === 'delivered');
    const { body } = await shop.creator.get(`/v1/orders/${order.id}/timeline`).expect(200);
    expect(body.entries).toContainEqual(
      expect.objectContaining({
        kind: 'manual_delivery',
        summary: 'The goods were sent again by request: the buyer deleted the chat.',
      }),
    );
  });

  it('marks it as delivered manually after the bot failed', async () => {
    const shop = await newShop();
    const person = await buyer(shop);
    const invoice = await person.wants(shop.productId);
    const broken = { at: 'call', action: 'error500', name: 'sendMessage', botId: shop.bot.telegramId } as const;
    await desk.starwall.telegram.setFaults({ rules: [broken] });
    await person.pays(invoice);
    const order = await eventually('a delivery attempt', async () => {
      const newest = await newestOrder(shop);
      const { body } = await shop.creator.get(`/v1/orders/${newest.id}/timeline`);
      return JSON.stringify(body).includes('will try again') && newest;
    });
    const wish = { mode: 'mark_delivered', reason: 'sent by email' };
    await shop.creator
      .post(`/v1/orders/${order.id}/deliver`, wish)
      .expect(200)
      .expect(/"status":"delivered"/);
    await desk.starwall.telegram.setFaults({ rules: [] });
    await shop.creator
      .post(`/v1/orders/${order.id}/deliver`, wish)
      .expect(409)
      .expect(/already_delivered/);
    const unpaid = await person.wants(shop.productId).then(() => newestOrder(shop));
    await shop.creator
      .post(`/v1/orders/${unpaid.id}/deliver`, wish)
      .expect(409)
      .expect(/order_not_paid/);
  });
});
