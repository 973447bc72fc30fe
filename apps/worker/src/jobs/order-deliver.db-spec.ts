import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { Logger } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import type { DataSource } from 'typeorm';
import { CatalogModule, FileService, type NewProduct } from '#libs/catalog';
import { Database, DatabaseModule } from '#libs/database';
import { DeliveryModule, RelayService } from '#libs/delivery';
import { JOB_KINDS, JournalModule, JobStore } from '#libs/journal';
import { publicId, systemClock } from '#libs/kernel';
import { QuotasModule } from '#libs/quotas';
import { readConfig, RuntimeModule } from '#libs/runtime';
import { SalesModule } from '#libs/sales';
import { BotDirectory, TenantsModule } from '#libs/tenants';
import { VaultModule } from '#libs/vault';
import { type Simulator, SimulatorClient, startSimulator } from '../../../simulator/src/index.js';
import { openAsOwner, testDatabaseUrl, testMasterKey } from '../../../../test/support/database.js';
import { giveToken, openShop, paymentFor, salesServices, type Shop } from '../../../../test/support/shop.js';
import { JobDesk } from './job-desk.js';
import type { JobHandler } from './job-handler.js';
import { OrderDeliverHandler } from './order-deliver.handler.js';

const sales = salesServices();
const jobs = new JobStore();

let app: TestingModule;
let db: Database;
let owner: DataSource;
let simulator: Simulator;
let world: SimulatorClient;
let dataDir: string;
let desk: JobDesk;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'starwall-goods-'));
  [owner, simulator] = await Promise.all([openAsOwner(), startSimulator()]);
  world = new SimulatorClient(simulator.url);
  const config = readConfig({
    DATABASE_URL: testDatabaseUrl(),
    TELEGRAM_API_ROOT: simulator.url,
    STARWALL_MASTER_KEY: testMasterKey,
  });
  app = await Test.createTestingModule({
    imports: [
      RuntimeModule.with(config),
      DatabaseModule.with({ url: config.databaseUrl, name: 'test' }),
      VaultModule,
      JournalModule.with(),
      QuotasModule,
      CatalogModule.with({ dataDir, s3: undefined }),
      TenantsModule,
      SalesModule,
      DeliveryModule,
    ],
    providers: [OrderDeliverHandler],
  }).compile();
  Logger.overrideLogger(false);
  db = app.get(Database);
  const deliver = app.get(OrderDeliverHandler);
  const others: JobHandler[] = JOB_KINDS.filter((kind) => kind !== deliver.kind).map((kind) => ({
    kind,
    run: () => Promise.resolve({ kind: 'done' }),
  }));
  desk = new JobDesk(db, jobs, systemClock, [deliver, ...others]);
});
afterAll(async () => {
  await Promise.all([app.close(), owner.destroy(), simulator.close()]);
  await rm(dataDir, { recursive: true });
});
beforeEach(async () => {
  await owner.query(`update jobs set state = 'parked'`);
  await world.setFaults({ rules: [] });
});

interface Sale extends Shop {
  readonly orderId: string;
  readonly chat: { readonly botId: number; readonly userId: number };
}

/** Opens a shop whose bot exists in Telegram, with an order that was just paid. */
async function newSale(product: Partial<NewProduct> = {}): Promise<Sale> {
  const shop = await openShop(db, product);
  const bot = await world.createBot({
    username: `b${randomUUID().replaceAll('-', '').slice(0, 20)}_bot`,
    name: 'Shop',
  });
  await giveToken(shop, bot.token);
  await world.createUser({ id: shop.buyerId, first_name: 'Bea' });
  const chat = { botId: bot.id, userId: shop.buyerId };
  await world.start(chat);
  return { ...shop, chat, orderId: await buy(shop) };
}

let updateId = 0;
async function buy(shop: Shop): Promise<string> {
  updateId += 1;
  const order = await shop.in(async (tx) => {
    const { order: placed } = await sales.checkout.place(tx, { ...shop, updateId }, new Date());
    await sales.payments.record(tx, paymentFor(placed), new Date());
    return placed;
  });
  const relay = app.get(RelayService);
  while ((await relay.relayOnce()) > 0);
  return order.id;
}

/** Runs all due jobs once. @returns their number */
async function deliverAll(): Promise<number> {
  const { jobs: due } = await db.inPlatform('a test', (tx) => jobs.claim(tx, 'delivery', 100));
  await Promise.all(due.map((job) => desk.work(job)));
  return due.length;
}
const makeDue = (sale: Sale) =>
  owner.query(`update jobs set due_at = now() where tenant_id = $1 and state = 'waiting'`, [sale.tenantId]);
const orderOf = async (sale: Sale) => (await sale.in((tx) => sales.orders.details(tx, sale.orderId))).order;
const heard = async (sale: Sale) => (await world.chat(sale.chat)).messages.filter((message) => message.outgoing);
const attempts = (sale: Sale) =>
  owner.query<Array<{ outcome: string; error: string | null; sent: boolean }>>(
    `select outcome, error, message_id is not null as sent from handover_attempts where tenant_id = $1 order by id`,
    [sale.tenantId],
  );
const eventsOf = async (sale: Sale) =>
  (
    await owner.query<Array<{ type: string }>>(
      'select type from events where tenant_id = $1 and order_id = $2 order by sequence',
      [sale.tenantId, sale.orderId],
    )
  ).map((row) => row.type);
const fault = (action: 'error429' | 'error500' | 'drop_answer', more: object = {}) =>
  world.setFaults({ rules: [{ at: 'call', action, times: 1, ...more }] });

describe('a paid order', () => {
  it('is delivered unchanged with a receipt, marked as delivered, and reported to its creator', async () => {
    const sale = await newSale({ content: 'Your key: <b>&amp;</b> _1_ 🔑' });
    await deliverAll();
    const [goods, receipt] = await heard(sale);
    expect(goods?.text).toBe('Your key: <b>&amp;</b> _1_ 🔑');
    expect(receipt?.text).toContain(publicId('order', sale.orderId));
    expect(receipt?.text).toContain('50 Stars');
    expect(await orderOf(sale)).toMatchObject({ delivery: 'delivered', deliveredAt: expect.any(Date) });
    expect(await eventsOf(sale)).toEqual(['order.placed', 'order.paid', 'order.delivered']);
    expect(await attempts(sale)).toEqual([{ outcome: 'delivered', error: null, sent: true }]);
    await deliverAll();
    expect(await heard(sale)).toHaveLength(2);
  });

  it('delivers a link as a button', async () => {
    const sale = await newSale({ kind: 'link', content: 'https://example.com/course?a=1&b=2' });
    await deliverAll();
    const [goods] = await heard(sale);
    expect(goods?.reply_markup?.inline_keyboard).toEqual([
      [{ text: 'Open', url: 'https://example.com/course?a=1&b=2' }],
    ]);
  });

  it('uploads a file on the first delivery and only refers to it later', async () => {
    const sale = await newSale();
    const files = app.get(FileService);
    const upload = { name: 'book.pdf', mime: 'application/pdf', stream: Readable.from([Buffer.from('%PDF-1.7 book')]) };
    const received = await files.receive(sale.tenantId, upload);
    const file = await app.get(Database).inTenant(sale.tenantId, (tx) => files.add(tx, received));
    await owner.query(`update products set kind = 'file', content = null, file_id = $2 where tenant_id = $1`, [
      sale.tenantId,
      file.id,
    ]);
    await deliverAll();
    await buy(sale);
    await deliverAll();
    const documents = (await heard(sale)).flatMap((message) => message.document ?? []);
    expect(documents.map((document) => document.file_name)).toEqual(['book.pdf', 'book.pdf']);
    const sent = (await world.calls(sale.chat.botId)).filter((call) => call.method === 'sendDocument');
    expect(sent.map((call) => call.params['document'] === documents[0]?.file_id)).toEqual([false, true]);
  });

  it('is delivered once, however often the delivery is requested', async () => {
    const sale = await newSale();
    await deliverAll();
    await sale.in((tx) => jobs.enqueue(tx, [{ kind: 'order.deliver', subject: sale.orderId }]));
    await deliverAll();
    expect(await heard(sale)).toHaveLength(2);
    expect(await attempts(sale)).toHaveLength(1);
  });

  it('is not delivered once a refund has started', async () => {
    const sale = await newSale();
    await sale.in((tx) => sales.refunds.request(tx, sale.orderId, { reason: null, by: 'test' }, new Date()));
    await deliverAll();
    expect(await heard(sale)).toEqual([]);
    expect(await attempts(sale)).toEqual([]);
  });
});

describe('an order delivered by the handler of its payment', () => {
  /** Pays another order, whose delivery is left to the caller. */
  async function justPaid() {
    const shop = await newSale();
    updateId += 1;
    const sold = await shop.in(async (tx) => {
      const { order } = await sales.checkout.place(tx, { ...shop, updateId }, new Date());
      return sales.payments.record(tx, paymentFor(order), new Date(), { deliversItself: true });
    });
    if (!('delivery' in sold) || sold.delivery?.first === undefined) throw new Error('the delivery is not ours');
    const { job, first } = sold.delivery;
    return { sale: { ...shop, orderId: job.subject }, deliver: () => desk.work(job, first) };
  }
  const jobsOf = ({ orderId }: Sale) => owner.query<object[]>('select from jobs where subject = $1', [orderId]);

  it('is marked as delivered and reported to its creator', async () => {
    const { sale, deliver } = await justPaid();
    await deliver();
    expect(await heard(sale)).toHaveLength(2);
    expect(await orderOf(sale)).toMatchObject({ delivery: 'delivered', deliveredAt: expect.any(Date) });
    expect(await eventsOf(sale)).toEqual(['order.placed', 'order.paid', 'order.delivered']);
    expect(await attempts(sale)).toEqual([{ outcome: 'delivered', error: null, sent: true }]);
    expect(await jobsOf(sale)).toEqual([]);
  });

  it.each([
    ['its creator has added metadata', `metadata = '{"vip":"yes"}', event_sequence = event_sequence + 2`],
    ['metadata was stored without an event', `metadata = '{"vip":"yes"}', updated_at = now() + interval '1 s'`],
  ])('is reported with its latest data when %s', async (_what, change) => {
    const { sale, deliver } = await justPaid();
    await owner.query(`update orders set ${change} where id = $1`, [sale.orderId]);
    await deliver();
    expect(await orderOf(sale)).toMatchObject({ delivery: 'delivered' });
    const [told] = await owner.query<Array<{ data: object }>>(
      `select data from events where order_id = $1 and type = 'order.delivered'`,
      [sale.orderId],
    );
    expect(told?.data).toMatchObject({ metadata: { vip: 'yes' } });
    expect(await jobsOf(sale)).toEqual([]);
  });

  it('is marked by the worker that took it over, and not sent twice', async () => {
    const { sale, deliver } = await justPaid();
    await owner.query(`update jobs set lease = gen_random_uuid() where subject = $1`, [sale.orderId]);
    await deliver();
    expect(await orderOf(sale)).toMatchObject({ delivery: 'waiting' });
    await owner.query(`update jobs set lease_until = now() where subject = $1`, [sale.orderId]);
    await deliverAll();
    expect(await orderOf(sale)).toMatchObject({ delivery: 'delivered' });
    // One for each order of the shop.
    expect((await heard(sale)).filter(({ text }) => text === 'goods')).toHaveLength(2);
  });
});

describe('a delivery during a failure of Telegram', () => {
  it.each(['error500', 'error429'] as const)('is retried after %s, and the order waits', async (action) => {
    const sale = await newSale();
    await fault(action, { name: 'sendMessage', seconds: 7 });
    await deliverAll();
    expect(await orderOf(sale)).toMatchObject({ delivery: 'waiting' });
    expect(await attempts(sale)).toEqual([
      { outcome: 'retry', error: expect.stringContaining('sendMessage'), sent: false },
    ]);
    await makeDue(sale);
    await deliverAll();
    expect(await orderOf(sale)).toMatchObject({ delivery: 'delivered' });
    expect((await attempts(sale)).map((attempt) => attempt.outcome)).toEqual(['retry', 'delivered']);
  });

  it('does not send the goods again when only the receipt failed', async () => {
    const sale = await newSale({ kind: 'link', content: 'https://example.com/' });
    await world.setFaults({
      rules: [
        { at: 'call', action: 'delay', name: 'sendMessage', times: 1, seconds: 0 },
        { at: 'call', action: 'error500', name: 'sendMessage', times: 1 },
      ],
    });
    await deliverAll();
    expect(await attempts(sale)).toEqual([expect.objectContaining({ outcome: 'retry', sent: true })]);
    await makeDue(sale);
    await deliverAll();
    expect(await orderOf(sale)).toMatchObject({ delivery: 'delivered' });
    const heardNow = await heard(sale);
    expect(heardNow.filter((message) => message.reply_markup !== undefined)).toHaveLength(1);
    expect(heardNow.at(-1)?.text).toContain('Receipt');
  });

  it('sends the goods again when only the answer is lost', async () => {
    const sale = await newSale();
    await fault('drop_answer', { name: 'sendMessage' });
    await deliverAll();
    await makeDue(sale);
    await deliverAll();
    expect((await heard(sale)).map((message) => message.text?.slice(0, 7))).toEqual(['goods', 'goods', 'Receipt']);
    expect(await orderOf(sale)).toMatchObject({ delivery: 'delivered' });
  });

  it('succeeds even if the receipt fails until the end of the schedule', async () => {
    const sale = await newSale();
    await world.setFaults({
      rules: [
        { at: 'call', action: 'delay', name: 'sendMessage', times: 1, seconds: 0 },
        { at: 'call', action: 'error500', name: 'sendMessage' },
      ],
    });
    for (let tries = 0; tries < 12; tries += 1) {
      expect(await deliverAll()).toBe(1);
      await makeDue(sale);
    }
    expect(await deliverAll()).toBe(0);
    expect(await orderOf(sale)).toMatchObject({ state: 'paid', delivery: 'delivered', deliveryError: null });
    expect(await eventsOf(sale)).toEqual(['order.placed', 'order.paid', 'order.delivered']);
    expect((await heard(sale)).map(({ text }) => text)).toEqual(['goods']);
  });

  it('fails at the end of the schedule, and is reported to the creator', async () => {
    const sale = await newSale();
    await world.setFaults({ rules: [{ at: 'call', action: 'error500', name: 'sendMessage' }] });
    for (let tries = 0; tries < 12; tries += 1) {
      expect(await deliverAll()).toBe(1);
      await makeDue(sale);
    }
    // Only the message to the buyer remains.
    expect(await deliverAll()).toBe(1);
    expect(await deliverAll()).toBe(0);
    expect(await orderOf(sale)).toMatchObject({ delivery: 'failed', deliveryError: expect.stringContaining('500') });
    expect(await eventsOf(sale)).toEqual(['order.placed', 'order.paid', 'order.delivery_failed']);
    expect(await attempts(sale)).toHaveLength(12);
  });
});

describe('a buyer who blocked the bot', () => {
  it('is marked as unreachable, and gets everything after unblocking it', async () => {
    const sale = await newSale();
    await world.block(sale.chat);
    await deliverAll();
    expect(await orderOf(sale)).toMatchObject({ delivery: 'unreachable' });
    const buyer = await owner.query<unknown[]>('select reachable from buyers where tenant_id = $1', [sale.tenantId]);
    expect(buyer).toEqual([{ reachable: false }]);
    expect(await deliverAll()).toBe(0);
    await world.unblock(sale.chat);
    await sale.in((tx) => sales.orders.retryUnreachable(tx, sale.botId, sale.buyerId));
    await deliverAll();
    expect(await orderOf(sale)).toMatchObject({ delivery: 'delivered' });
  });
});

describe('a bot whose token was revoked', () => {
  it('is marked once, and its orders are delivered with the next token', async () => {
    const sale = await newSale();
    const token = await world.revokeToken(sale.chat.botId);
    await deliverAll();
    const state = () => owner.query<unknown[]>('select state from bots where id = $1', [sale.botId]);
    expect(await state()).toEqual([{ state: 'token_invalid' }]);
    expect(await orderOf(sale)).toMatchObject({ delivery: 'waiting' });
    const calls = (await world.calls(sale.chat.botId)).length;
    await makeDue(sale);
    await deliverAll();
    expect(await world.calls(sale.chat.botId)).toHaveLength(calls);

    await giveToken(sale, token);
    await owner.query(`update bots set state = 'active' where id = $1`, [sale.botId]);
    app.get(BotDirectory).forget(sale.botId);
    await makeDue(sale);
    await deliverAll();
    expect(await orderOf(sale)).toMatchObject({ delivery: 'delivered' });
  });
});
