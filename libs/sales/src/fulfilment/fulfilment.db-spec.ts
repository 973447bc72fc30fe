import type { DataSource } from 'typeorm';
import type { Goods } from '#libs/catalog';
import type { Database } from '#libs/database';
import { DAY, NotFound, newUuid } from '#libs/kernel';
import { openTestDatabase } from '../../../../test/support/database.js';
import { openShop, paymentFor, salesServices, type Shop } from '../../../../test/support/shop.js';
import { AlreadyDelivered, GoodsNotExpected, NothingOwed, TimelineService } from '../index.js';

let db: Database;
let source: DataSource;
const { checkout, payments, refunds, orders, fulfilments, fulfilmentStore, manual } = salesServices();

beforeAll(async () => ({ db, source } = await openTestDatabase()));
afterAll(() => source.destroy());

const now = new Date();
const late = new Date(now.getTime() + DAY);
const later = new Date(now.getTime() + 3 * DAY);
const text = (content: string): Goods => ({ kind: 'text', content, fileId: null });

const callbackShop = (changes: object = {}) =>
  openShop(db, {
    kind: 'callback',
    content: null,
    fulfilmentUrl: 'https://creator.com/',
    fulfilmentDeadlineSeconds: 3_600,
    ...changes,
  });

let updateId = 0;
async function placed(shop: Shop) {
  updateId += 1;
  const placing = { ...shop, updateId };
  return (await shop.in((tx) => checkout.place(tx, placing, now))).order;
}
async function paid(shop: Shop): Promise<string> {
  const order = await placed(shop);
  await shop.in((tx) => payments.record(tx, paymentFor(order), now));
  // Its first delivery found nothing to deliver.
  await shop.in((tx) => tx.query(`delete from jobs where kind = 'order.deliver' and subject = $1`, [order.id]));
  return order.id;
}
async function sale(changes: object = {}) {
  const shop = await callbackShop(changes);
  return { shop, orderId: await paid(shop) };
}
type Sale = Awaited<ReturnType<typeof sale>>;

const look = async ({ shop, orderId }: Sale) => {
  const { order, fulfilment, refunds: asked } = await shop.in((tx) => orders.details(tx, orderId));
  return { delivery: order.delivery, state: fulfilment?.state, goods: fulfilment?.goods, refunds: asked.length };
};
const handIn = ({ shop, orderId }: Sale, content = 'goods') =>
  shop.in((tx) => fulfilments.handIn(tx, orderId, text(content), now));
const expire = ({ shop, orderId }: Sale, at = late) => shop.in((tx) => fulfilments.expire(tx, orderId, at));
const jobsOf = async ({ shop, orderId }: Sale) =>
  (
    await shop.in((tx) =>
      tx.query<{ kind: string }>('select kind from jobs where subject = $1 order by kind', [orderId]),
    )
  ).map((job) => job.kind);
const eventsOf = async ({ shop, orderId }: Sale) =>
  (
    await shop.in((tx) =>
      tx.query<{ type: string }>('select type from events where order_id = $1 order by sequence', [orderId]),
    )
  ).map((event) => event.type);
const settled = (results: readonly PromiseSettledResult<unknown>[]) => ({
  done: results.filter((one) => one.status === 'fulfilled').length,
  refused: results.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : [])),
});

describe('a paid order whose goods are made by the creator’s server', () => {
  it('is requested from the server with a running deadline, and not delivered yet', async () => {
    const sold = await sale();
    expect(await jobsOf(sold)).toEqual(['fulfilment.deadline', 'order.fulfil']);
    expect(await look(sold)).toEqual({ delivery: 'waiting', state: 'requested', goods: null, refunds: 0 });
    expect(await sold.shop.in((tx) => orders.deliveryFacts(tx, sold.orderId, new Date()))).toBeUndefined();
  });

  it('is delivered as the server made it', async () => {
    const sold = await sale();
    await sold.shop.in((tx) =>
      fulfilments.recordGoods(tx, sold.orderId, { kind: 'key', content: 'ABCD', fileId: null }, now),
    );
    const facts = await sold.shop.in((tx) => orders.deliveryFacts(tx, sold.orderId, new Date()));
    expect(facts?.product).toMatchObject({ kind: 'key', content: 'ABCD', fileId: null });
    expect(await jobsOf(sold)).toContain('order.deliver');
  });

  it('keeps the deadline and the refund promise of its sale', async () => {
    const sold = await sale({ refundAtDeadline: false });
    expect(await expire(sold, now)).toBe(3_600_000);
    expect(await expire(sold)).toBe(0);
    expect(await look(sold)).toMatchObject({ delivery: 'failed', state: 'failed', refunds: 0 });
  });

  it('tells its buyer once that it is being made, however often that is reported', async () => {
    const sold = await sale();
    for (let i = 0; i < 3; i += 1) await sold.shop.in((tx) => fulfilments.recordGenerating(tx, sold.orderId, now));
    expect((await eventsOf(sold)).filter((type) => type === 'order.generating')).toHaveLength(1);
    expect(await sold.shop.in((tx) => fulfilmentStore.notice(tx, sold.orderId))).toMatchObject({ about: 'generating' });
    await handIn(sold);
    expect(await sold.shop.in((tx) => fulfilmentStore.notice(tx, sold.orderId))).toBeUndefined();
  });

  it('tells its buyer of the first refusal only, and of goods that cannot be delivered', async () => {
    const sold = await sale();
    const tells = async () => (await jobsOf(sold)).includes('fulfilment.notify');
    const forget = () => sold.shop.in((tx) => tx.query(`delete from jobs where kind = 'fulfilment.notify'`));
    const notice = () => sold.shop.in((tx) => fulfilmentStore.notice(tx, sold.orderId));
    await sold.shop.in((tx) => fulfilments.recordRefusal(tx, sold.orderId, 'your server answered 503', now));
    expect(await notice()).toMatchObject({ about: 'generating' });
    expect(await tells()).toBe(true);
    await forget();
    await sold.shop.in((tx) => fulfilments.recordRefusal(tx, sold.orderId, 'your server answered 503', now));
    await sold.shop.in((tx) => fulfilments.recordGenerating(tx, sold.orderId, now));
    expect(await tells()).toBe(false);
    await handIn(sold);
    await sold.shop.in((tx) => orders.recordHandover(tx, sold.orderId, { kind: 'failed', error: 'too long' }, now));
    expect(await notice()).toMatchObject({ about: 'failed' });
    expect(await tells()).toBe(true);
  });

  it('tells its creator of the first refusal with the reason, and of the recovery', async () => {
    const sold = await sale();
    const refuse = (why: string) => sold.shop.in((tx) => fulfilments.recordRefusal(tx, sold.orderId, why, now));
    await refuse('your server answered 401');
    await refuse('your server answered 503');
    expect(await eventsOf(sold)).toEqual(['order.placed', 'order.paid', 'order.fulfilment_refused']);
    const { entries } = await sold.shop.in((tx) => new TimelineService().of(tx, sold.orderId));
    expect(entries.at(-1)?.summary).toBe(
      'Your server did not make the goods; the request will be repeated: your server answered 401.',
    );
    await sold.shop.in((tx) => fulfilments.recordGenerating(tx, sold.orderId, now));
    await sold.shop.in((tx) => fulfilments.recordGoods(tx, sold.orderId, text('goods'), now));
    expect((await eventsOf(sold)).slice(3)).toEqual(['order.fulfilment_recovered', 'order.generating']);
  });

  it('tells its creator once when several attempts are refused at the same time', async () => {
    const sold = await sale();
    const refuse = () =>
      sold.shop.in((tx) => fulfilments.recordRefusal(tx, sold.orderId, 'your server answered 401', now));
    await Promise.all([refuse(), refuse(), refuse()]);
    expect((await eventsOf(sold)).filter((type) => type === 'order.fulfilment_refused')).toHaveLength(1);
  });

  it('is not reported as recovered when its goods are sent by hand', async () => {
    const sold = await sale();
    await sold.shop.in((tx) => fulfilments.recordRefusal(tx, sold.orderId, 'your server answered 401', now));
    await handIn(sold);
    expect(await eventsOf(sold)).not.toContain('order.fulfilment_recovered');
  });

  it('does not tell its buyer of a refund requested by the creator until the Stars are back', async () => {
    const sold = await sale({ refundAtDeadline: false });
    await expire(sold);
    await sold.shop.in((tx) => refunds.request(tx, sold.orderId, { reason: null, by: 'acc_1' }, now));
    expect(await sold.shop.in((tx) => fulfilmentStore.notice(tx, sold.orderId))).toMatchObject({ about: 'failed' });
  });

  it('cannot be requested again by its buyer before it is made', async () => {
    const sold = await sale();
    const { botId, buyerId } = sold.shop;
    const again = () => sold.shop.in((tx) => orders.handOverAgain(tx, botId, buyerId, sold.orderId, now));
    expect(await again()).toBe('unmade');
    await handIn(sold);
    expect(await again()).toBe('on_its_way');
  });
});

describe('goods at a URL', () => {
  const address = { kind: 'address', url: 'https://creator.com/report.pdf' } as const;
  const handInAddress = ({ shop, orderId }: Sale) => shop.in((tx) => fulfilments.handIn(tx, orderId, address, now));
  const wanted = ({ shop, orderId }: Sale, at = now) => shop.in((tx) => fulfilmentStore.toMake(tx, orderId, at));

  it('are fetched by the job that would have requested them, and count once they have arrived', async () => {
    const sold = await sale();
    await sold.shop.in((tx) => fulfilments.recordGenerating(tx, sold.orderId, now));
    await handInAddress(sold);
    expect(await look(sold)).toMatchObject({ state: 'generating', delivery: 'generating', goods: null });
    expect((await wanted(sold))?.goodsUrl).toBe(address.url);
    expect(await jobsOf(sold)).toEqual(['fulfilment.deadline', 'fulfilment.notify', 'order.fulfil']);
  });

  it('can be replaced until they have arrived', async () => {
    const sold = await sale();
    await handInAddress(sold);
    await handIn(sold, 'by hand');
    expect(await look(sold)).toMatchObject({ state: 'ready', goods: 'by hand' });
    await expect(handInAddress(sold)).rejects.toThrow(AlreadyDelivered);
    expect(await wanted(sold)).toBeUndefined();
  });

  it('are dropped when the server is called again', async () => {
    const sold = await sale();
    await handInAddress(sold);
    const wish = { mode: 'send_again', reason: 'a wrong address', accountId: newUuid() } as const;
    await sold.shop.in((tx) => manual.deliver(tx, sold.orderId, wish, now));
    expect((await wanted(sold))?.goodsUrl).toBeNull();
  });

  it('replace goods that Telegram did not accept, with a new deadline if the old one has passed', async () => {
    const sold = await sale({ refundAtDeadline: false });
    await handIn(sold, 'first');
    await sold.shop.in((tx) => orders.recordHandover(tx, sold.orderId, { kind: 'failed', error: 'no' }, now));
    const before = await sold.shop.in((tx) => orders.details(tx, sold.orderId));
    await sold.shop.in((tx) => fulfilments.handIn(tx, sold.orderId, address, late));
    const { order, fulfilment } = await sold.shop.in((tx) => orders.details(tx, sold.orderId));
    expect(fulfilment).toMatchObject({ state: 'requested', goods: null, readyAt: null });
    expect(fulfilment?.deadlineAt).toEqual(new Date(late.getTime() + 3_600_000));
    expect(order).toMatchObject({ delivery: 'waiting', handoverRound: before.order.handoverRound + 1 });
  });
});

describe('goods that arrive twice', () => {
  it('are accepted once, and the first ones win', async () => {
    const sold = await sale();
    await handIn(sold, 'first');
    await expect(handIn(sold, 'second')).rejects.toThrow(AlreadyDelivered);
    await sold.shop.in((tx) => fulfilments.recordGoods(tx, sold.orderId, text('third'), now));
    expect(await look(sold)).toMatchObject({ goods: 'first', delivery: 'waiting' });
  });

  it('are accepted once when they arrive concurrently from all sources', async () => {
    const sold = await sale();
    const byHand = Array.from({ length: 8 }, (_, n) => handIn(sold, `goods ${n}`));
    const answered = sold.shop.in((tx) => fulfilments.recordGoods(tx, sold.orderId, text('goods 8'), now));
    const { done, refused } = settled(await Promise.allSettled(byHand));
    await answered;
    expect(done).toBeLessThanOrEqual(1);
    for (const error of refused) expect(error).toBeInstanceOf(AlreadyDelivered);
    expect((await look(sold)).goods).toMatch(/^goods \d$/);
  });

  it('replace goods that Telegram did not accept', async () => {
    const sold = await sale();
    await handIn(sold, 'first');
    await sold.shop.in((tx) => orders.recordHandover(tx, sold.orderId, { kind: 'failed', error: 'no' }, new Date()));
    await handIn(sold, 'second');
    const facts = await sold.shop.in((tx) => orders.deliveryFacts(tx, sold.orderId, new Date()));
    expect(facts).toMatchObject({ round: 2, product: { content: 'second' } });
  });
});

describe('the deadline', () => {
  it.each(Array.from({ length: 6 }, (_, n) => n))(
    'has one outcome when goods arrive at the same moment (%i)',
    async () => {
      const sold = await sale();
      const { refused } = settled(await Promise.allSettled([handIn(sold), expire(sold), expire(sold)]));
      const { state, delivery, refunds: asked } = await look(sold);
      expect([
        { state: 'ready', delivery: 'waiting', asked: 0, refused: 0 },
        { state: 'failed', delivery: 'failed', asked: 1, refused: 1 },
      ]).toContainEqual({ state, delivery, asked, refused: refused.length });
      for (const error of refused) expect(error).toBeInstanceOf(NothingOwed);
    },
  );

  it('refunds the Stars once when it passes repeatedly and concurrently', async () => {
    const sold = await sale();
    await Promise.all([expire(sold), expire(sold), expire(sold)]);
    await expire(sold);
    expect(await look(sold)).toMatchObject({ state: 'failed', refunds: 1 });
    expect((await eventsOf(sold)).filter((type) => type === 'order.delivery_failed')).toHaveLength(1);
    expect(await sold.shop.in((tx) => fulfilmentStore.notice(tx, sold.orderId))).toMatchObject({ about: 'refunding' });
  });

  it('also refunds the Stars for goods that were permanently refused before', async () => {
    const sold = await sale();
    await sold.shop.in((tx) => fulfilments.recordFailure(tx, sold.orderId, 'no such sign', now));
    expect(await look(sold)).toMatchObject({ delivery: 'failed', refunds: 0 });
    await expire(sold);
    expect(await look(sold)).toMatchObject({ state: 'failed', refunds: 1 });
  });

  it('waits for a requested refund, and continues when Telegram refuses it', async () => {
    const sold = await sale();
    const { id } = await sold.shop.in((tx) => refunds.request(tx, sold.orderId, { reason: null, by: 'test' }, now));
    expect(await expire(sold)).toBe(3_600_000);
    expect(await look(sold)).toMatchObject({ state: 'requested', refunds: 1 });
    await sold.shop.in(async (tx) => {
      await refunds.begin(tx, id, now);
      await refunds.fail(tx, id, 'no', now);
    });
    expect(await expire(sold)).toBe(0);
    expect(await look(sold)).toMatchObject({ state: 'failed', refunds: 2 });
  });

  it('refunds the Stars for goods that were made in time but refused by Telegram, early or late', async () => {
    const refuse = ({ shop, orderId }: Sale) =>
      shop.in((tx) => orders.recordHandover(tx, orderId, { kind: 'failed', error: 'file is too big' }, now));
    const [early, lately] = [await sale(), await sale()];
    for (const sold of [early, lately]) await handIn(sold);
    await refuse(early);
    expect(await expire(early, now)).toBe(3_600_000);
    expect(await expire(lately)).toBe(0);
    await lately.shop.in((tx) => tx.query(`delete from jobs where kind = 'fulfilment.deadline'`));
    await refuse(lately);
    expect(await jobsOf(lately)).toContain('fulfilment.deadline');
    for (const sold of [early, lately]) {
      expect(await look(sold)).toMatchObject({ state: 'ready', delivery: 'failed', refunds: 0 });
      await Promise.all([expire(sold), expire(sold)]);
      expect(await look(sold)).toMatchObject({ state: 'ready', refunds: 1 });
    }
  });

  it('changes nothing for goods that have arrived or for an order delivered by hand', async () => {
    const [made, byHand] = [await sale(), await sale()];
    await handIn(made);
    const wish = { mode: 'mark_delivered', reason: 'by email', accountId: newUuid() } as const;
    await byHand.shop.in((tx) => manual.deliver(tx, byHand.orderId, wish, now));
    for (const sold of [made, byHand]) expect(await expire(sold)).toBe(0);
    expect(await look(made)).toMatchObject({ state: 'ready', refunds: 0 });
    expect(await look(byHand)).toMatchObject({ delivery: 'delivered', refunds: 0 });
  });
});

it('a delivery that was stopped by a refund continues when Telegram refuses the refund', async () => {
  const [made, unmade] = [await sale(), await sale()];
  await handIn(made);
  for (const { shop, orderId } of [made, unmade]) {
    const { id } = await shop.in((tx) => refunds.request(tx, orderId, { reason: null, by: 'test' }, now));
    expect(await shop.in((tx) => orders.deliveryFacts(tx, orderId, new Date()))).toBeUndefined();
    expect(await shop.in((tx) => fulfilmentStore.toMake(tx, orderId, now))).toBeUndefined();
    // The jobs that found nothing to do have ended.
    await shop.in((tx) => tx.query(`delete from jobs where kind in ('order.deliver', 'order.fulfil')`));
    await shop.in(async (tx) => {
      await refunds.begin(tx, id, now);
      await refunds.fail(tx, id, 'BALANCE_TOO_LOW', now);
    });
  }
  expect(await jobsOf(made)).toContain('order.deliver');
  expect(await made.shop.in((tx) => orders.deliveryFacts(tx, made.orderId, new Date()))).toBeDefined();
  expect(await jobsOf(unmade)).toContain('order.fulfil');
  expect(await unmade.shop.in((tx) => fulfilmentStore.toMake(tx, unmade.orderId, now))).toBeDefined();
});

describe('a creator who has fixed the server', () => {
  const again = ({ shop, orderId }: Sale, at: Date) =>
    shop.in((tx) => manual.deliver(tx, orderId, { mode: 'send_again', reason: 'fixed', accountId: newUuid() }, at));

  it('can have the server called again within the promised time', async () => {
    const sold = await sale();
    await sold.shop.in((tx) => fulfilments.recordFailure(tx, sold.orderId, 'broken', now));
    await again(sold, now);
    expect(await look(sold)).toMatchObject({ delivery: 'waiting', state: 'requested' });
    expect(await sold.shop.in((tx) => fulfilmentStore.toMake(tx, sold.orderId, now))).toBeDefined();
    await expire(sold);
    expect(await look(sold)).toMatchObject({ state: 'failed', refunds: 1 });
  });

  it('gets a new deadline when the old one has passed without a refund', async () => {
    const sold = await sale({ refundAtDeadline: false });
    await expire(sold);
    await again(sold, late);
    expect(await expire(sold, late)).toBe(3_600_000);
    expect(await sold.shop.in((tx) => fulfilmentStore.toMake(tx, sold.orderId, late))).toBeDefined();
    await expire(sold, later);
    expect(await look(sold)).toMatchObject({ delivery: 'failed' });
  });
});

describe('goods are refused', () => {
  it('for an order that is unpaid or being refunded', async () => {
    const shop = await callbackShop();
    const [unpaid, returned] = [await placed(shop), await paid(shop)];
    await shop.in((tx) => refunds.request(tx, returned, { reason: null, by: 'test' }, now));
    for (const orderId of [unpaid.id, returned]) await expect(handIn({ shop, orderId })).rejects.toThrow(NothingOwed);
    await shop.in((tx) => fulfilments.recordGoods(tx, returned, text('too late'), now));
    expect(await look({ shop, orderId: returned })).toMatchObject({ state: 'requested', goods: null });
    expect(await shop.in((tx) => fulfilmentStore.toMake(tx, returned, now))).toBeUndefined();
  });

  it('for a product whose goods no server makes', async () => {
    const shop = await openShop(db);
    await expect(handIn({ shop, orderId: await paid(shop) })).rejects.toThrow(GoodsNotExpected);
  });

  it('from another tenant, and if they are a file of another tenant', async () => {
    const [sold, other] = [await sale(), await sale()];
    await expect(handIn({ ...sold, shop: other.shop })).rejects.toThrow(NotFound);
    expect(await expire({ ...sold, shop: other.shop })).toBe(0);
    const file = { kind: 'file', content: null, fileId: newUuid() } as const;
    await expect(sold.shop.in((tx) => fulfilments.handIn(tx, sold.orderId, file, now))).rejects.toThrow(NotFound);
    expect(await look(sold)).toMatchObject({ state: 'requested', refunds: 0 });
  });
});
