import { Buyer, eventually } from '../support/starwall.js';
import { checkoutBot } from '../support/checkout-bot.js';

const at = checkoutBot();
const { meets, ordersOf, chargesOf, orderInStatus, goodsIn, linkTo } = at;

describe('an attempt to pay that failed between Telegram and Starwall', () => {
  const answers = async () =>
    (await at.starwall.telegram.calls(at.bot.telegramId)).filter(({ method }) => method === 'answerPreCheckoutQuery')
      .length;
  const fails = (action: 'error400' | 'error500', times?: number) =>
    at.starwall.telegram.setFaults({
      rules: [{ at: 'call', action, name: 'answerPreCheckoutQuery', botId: at.bot.telegramId, times }],
    });
  /** The buyer pays, and Telegram's ten seconds pass because the answer was lost. */
  const runsOut = async (buyer: Buyer, invoice: number) => {
    const paying = buyer.pays(invoice);
    await eventually('our answer', async () => (await answers()) > 0);
    await at.starwall.telegram.advance(10);
    return paying;
  };

  it('does not block the next attempt after a late answer', async () => {
    const product = await at.creator.createProduct(at.bot.id, { stock: 1, limit_per_buyer: 1 });
    const buyer = await meets();
    const invoice = await buyer.wants(product);
    await fails('error400', 1);
    expect(await runsOut(buyer, invoice)).toMatchObject({ status: 'timeout' });
    await eventually('the approval to be revoked', async () => (await ordersOf(buyer))[0]?.status === 'placed');
    expect(await buyer.pays(invoice)).toMatchObject({ status: 'paid' });
    await orderInStatus(buyer, 'delivered');
    expect(await goodsIn(buyer)).toBe(1);
  });

  it('does not block the next attempt after a lost answer', async () => {
    const product = await at.creator.createProduct(at.bot.id, { stock: 1, limit_per_buyer: 1 });
    const buyer = await meets();
    const invoice = await buyer.wants(product);
    await fails('error500');
    expect(await runsOut(buyer, invoice)).toMatchObject({ status: 'timeout' });
    await at.starwall.telegram.setFaults({ rules: [] });
    expect(await buyer.pays(invoice)).toMatchObject({ status: 'paid' });
    await orderInStatus(buyer, 'delivered');
    expect(await buyer.balance()).toBe(950);
  });

  it('releases the last unit to another buyer', async () => {
    const product = await at.creator.createProduct(at.bot.id, { stock: 1 });
    const [buyer, other] = [await meets(), await meets()];
    const [invoice, others] = [await buyer.wants(product), await other.wants(product)];
    await fails('error400', 1);
    expect(await runsOut(buyer, invoice)).toMatchObject({ status: 'timeout' });
    await eventually('the approval to be revoked', async () => (await ordersOf(buyer))[0]?.status === 'placed');
    expect(await other.pays(others)).toMatchObject({ status: 'paid' });
    expect(await buyer.pays(invoice)).toMatchObject({ status: 'refused', text: expect.stringMatching(/sold out/i) });
  });
});

describe('a pre-checkout query', () => {
  interface Scene {
    readonly buyer: Buyer;
    readonly product: string;
    readonly invoice: number;
    readonly order: string;
  }
  const change = (product: string, body: object) => at.creator.patch(`/v1/products/${product}`, body).expect(200);

  it.each<[string, RegExp, Record<string, unknown>, (scene: Scene) => Promise<unknown>]>([
    ['the price has changed', /price has changed/, {}, ({ product }) => change(product, { stars: 60 })],
    [
      'the product has been archived',
      /no longer sold/,
      {},
      ({ product }) => at.creator.post(`/v1/products/${product}/archive`).expect(200),
    ],
    [
      'the bot is paused',
      /closed for the moment/,
      {},
      () => at.creator.post(`/v1/bots/${at.bot.id}/pause`).expect(200),
    ],
    [
      'the sale is over',
      /sale of this product has ended/,
      {},
      ({ product }) => change(product, { sale_ends_at: new Date(Date.now() - 1_000).toISOString() }),
    ],
    [
      'the sale has been postponed',
      /not begun yet/,
      {},
      ({ product }) => change(product, { sale_starts_at: new Date(Date.now() + 3_600_000).toISOString() }),
    ],
    [
      'the invoice has expired',
      /has expired/,
      {},
      () =>
        at.backstage.query(
          `update orders set expires_at = now() - interval '1 second' where tenant_id in
        (select tenant_id from bots where telegram_id = $1)`,
          [at.bot.telegramId],
        ),
    ],
    [
      'someone else has bought the last one',
      /sold out/,
      { stock: 1 },
      async ({ product }) => {
        const rival = await meets();
        expect(await rival.pays(await rival.wants(product))).toMatchObject({ status: 'paid' });
        await orderInStatus(rival, 'delivered');
      },
    ],
    [
      'the buyer has reached the limit',
      /as many of these as one person can/,
      { limit_per_buyer: 1 },
      async ({ product, buyer }) => {
        const second = await buyer.wants(product);
        expect(await buyer.pays(second)).toMatchObject({ status: 'paid' });
        await orderInStatus(buyer, 'delivered');
      },
    ],
  ])('is refused when %s', async (_, sentence, kind, between) => {
    const buyer = await meets();
    const product = await at.creator.createProduct(at.bot.id, kind);
    const invoice = await buyer.wants(product);
    const [{ id: order }] = await ordersOf(buyer);
    await between({ buyer, product, invoice, order });
    const [balance, charges] = [await buyer.balance(), await chargesOf()];

    const outcome = await buyer.pays(invoice);
    expect(outcome).toEqual({ status: 'refused', text: expect.stringMatching(sentence) });
    expect(await buyer.balance()).toBe(balance);
    expect((await at.creator.get(`/v1/orders/${order}`).expect(200)).body).toMatchObject({
      status: 'placed',
      charges: [],
    });
    expect(await chargesOf()).toEqual(charges);
  });

  it('attack 5: is refused for another payer or another price, by a link with the same payload', async () => {
    const [buyer, other] = [await meets(), await meets()];
    await buyer.wants(await at.creator.createProduct(at.bot.id));
    const [{ id: order }] = await ordersOf(buyer);
    const refused = (sentence: RegExp) => ({ status: 'refused', text: expect.stringMatching(sentence) });
    const link = await linkTo(order, 50);
    expect(await at.starwall.telegram.payLink(other.id, link)).toEqual(refused(/someone else/));
    expect(await at.starwall.telegram.payLink(buyer.id, await linkTo(order, 49))).toEqual(refused(/price has changed/));
    expect(await at.starwall.telegram.payLink(buyer.id, await linkTo('not an order', 50))).toEqual(refused(/unknown/));
    expect(await at.starwall.telegram.payLink(buyer.id, link)).toMatchObject({ status: 'paid' });
    expect(await other.balance()).toBe(1_000);
  });

  it('is refused when the order belongs to another bot', async () => {
    const [buyer, mine] = [await meets(), at.bot];
    await buyer.wants(await at.creator.createProduct(mine.id));
    const [{ id: order }] = await ordersOf(buyer);
    await at.nextBot();
    const outcome = await at.starwall.telegram.payLink(buyer.id, await linkTo(order, 50));
    expect(outcome).toEqual({ status: 'refused', text: expect.stringMatching(/unknown/) });
  });

  it('is refused when the invoice has already been paid', async () => {
    const buyer = await meets();
    const invoice = await buyer.wants(await at.creator.createProduct(at.bot.id));
    await buyer.pays(invoice);
    await orderInStatus(buyer, 'delivered');
    expect(await buyer.pays(invoice)).toEqual({ status: 'refused', text: expect.stringMatching(/already paid/) });
    expect(await buyer.balance()).toBe(950);
  });

  it('attack 5: is never sent for a forwarded invoice, which leads back to the shop', async () => {
    const [buyer, friend] = [await meets(), await meets()];
    const product = await at.creator.createProduct(at.bot.id);
    const invoice = await buyer.wants(product);
    const copy = await at.starwall.telegram.forward(buyer.chat, invoice, friend.id);
    expect(copy.url).toMatch(new RegExp(`start=buy_${product}$`));
    await expect(at.starwall.telegram.payForward(friend.id, copy.id)).rejects.toThrow(/leads to/);
  });
});

it('a buyer who has reached the limit is not sent an invoice', async () => {
  const product = await at.creator.createProduct(at.bot.id, { limit_per_buyer: 1 });
  const [buyer, other] = [await meets(), await meets()];
  await buyer.pays(await buyer.wants(product));
  await orderInStatus(buyer, 'delivered');
  await at.starwall.telegram.start(buyer.chat, `buy_${product}`);
  await buyer.hears(/^You have already bought as many of these as one person can\.$/);
  expect((await buyer.messages()).filter(({ invoice }) => invoice !== undefined)).toHaveLength(1);
  expect(await ordersOf(buyer)).toHaveLength(1);
  const [{ id: order }] = await ordersOf(buyer);
  await at.creator.post(`/v1/orders/${order}/refunds`).expect(202);
  await buyer.hears(/have been returned/);
  await buyer.wants(product);
  await other.wants(product);
});
