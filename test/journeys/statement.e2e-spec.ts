import { DAY } from '#libs/kernel';
import { Buyer, Creator, eventually, type Starwall, startStarwall } from '../support/starwall.js';

let starwall: Starwall;

beforeAll(async () => {
  starwall = await startStarwall();
});
afterAll(() => starwall.stop());

const day = (offset: number) => new Date(Date.now() + offset * DAY).toISOString().slice(0, 10);
const today = `from=${day(0)}&to=${day(1)}`;
const statuses = async (creator: Creator) =>
  (await creator.get('/v1/orders').expect(200)).body.data.map((order: { status: string }) => order.status);

describe('a statement', () => {
  it('contains the totals of a period, and the individual lines as CSV', async () => {
    const creator = await Creator.signUp(starwall);
    const bot = await creator.registerBot();
    const products = [
      await creator.createProduct(bot.id, { title: '=HYPERLINK("x")', stars: 70 }),
      await creator.createProduct(bot.id),
    ];
    const buyer = await Buyer.meets(starwall, bot.telegramId);
    for (const product of products) await buyer.pays(await buyer.wants(product));
    await eventually('both delivered', async () => (await statuses(creator)).join() === 'delivered,delivered');
    const [order] = (await creator.get('/v1/orders').expect(200)).body.data;
    await creator.post(`/v1/orders/${order.id}/refunds`).expect(202);
    await eventually('the refund', async () => (await statuses(creator)).includes('refunded'));

    const { body } = await creator.get(`/v1/bots/${bot.id}/statement?${today}`).expect(200);
    expect(body).toMatchObject({
      object: 'statement',
      bot_id: bot.id,
      from: day(0),
      to: day(1),
      currency: 'XTR',
      charges: { count: 2, stars: 120 },
      refunds: { count: 1, stars: 50 },
      earned: 70,
      held: 0,
      net: 70,
      note: expect.stringContaining('Fees'),
    });

    const file = await creator.get(`/v1/bots/${bot.id}/statement.csv?${today}`).expect(200);
    expect(file.headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8; header=present',
      'content-disposition': expect.stringContaining(`statement_${bot.id}_${day(0)}_${day(1)}.csv`),
    });
    const [header, ...lines] = file.text.trimEnd().split('\r\n');
    expect(header).toBe(
      'time,type,account,stars,order_id,charge_id,telegram_payment_charge_id,product,buyer_telegram_id,given_away',
    );
    expect(lines.map((line) => line.split(',')[3])).toEqual(['70', '50', '-50']);
    expect(lines[0]).toContain(`"'=HYPERLINK(""x"")",${buyer.id}`);
    expect(lines[2]).toContain(order.id);

    const yesterday = `from=${day(-1)}&to=${day(0)}`;
    const before = await creator.get(`/v1/bots/${bot.id}/statement.csv?${yesterday}`).expect(200);
    expect(before.text).toBe(`${header}\r\n`);
  });

  it.each([
    ['without a period', ''],
    ['with half a period', `from=${day(0)}`],
    ['with times', 'from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z'],
    ['with a date that does not exist', 'from=2026-02-30&to=2026-03-01'],
    ['with an end before its start', `from=${day(1)}&to=${day(0)}`],
    ['with too long a period', 'from=2024-01-01&to=2025-01-02'],
    ['with an unknown field', `${today}&format=xml`],
  ])('is refused %s, as JSON and as CSV', async (_, query) => {
    const creator = await Creator.signUp(starwall);
    const bot = await creator.registerBot();
    await creator.get(`/v1/bots/${bot.id}/statement?${query}`).expect(400);
    await creator.get(`/v1/bots/${bot.id}/statement.csv?${query}`).expect(400);
  });

  it('returns 404 to another tenant', async () => {
    const [creator, other] = [await Creator.signUp(starwall), await Creator.signUp(starwall)];
    const bot = await creator.registerBot();
    await other.get(`/v1/bots/${bot.id}/statement?${today}`).expect(404);
    await other
      .get(`/v1/bots/${bot.id}/statement.csv?${today}`)
      .expect(404)
      .expect(/not_found/);
  });
});
