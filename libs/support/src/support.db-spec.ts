import type { DataSource } from 'typeorm';
import type { Database } from '#libs/database';
import { EventStore, JobStore } from '#libs/journal';
import { HOUR, newUuid, NotFound, publicId } from '#libs/kernel';
import { openAsOwner, openTestDatabase } from '../../../test/support/database.js';
import { openShop, paymentFor, salesServices, type Shop, telegramId } from '../../../test/support/shop.js';
import { AnswerService } from './answer.service.js';
import { type BuyerMessage, BuyerSupportService } from './buyer-support.service.js';
import { SearchService } from './search.service.js';
import { ANSWERED_WINDOW_MS, MAX_BUYER_MESSAGES, ThreadClosed } from './support.js';
import { SupportService } from './support.service.js';
import { messageView } from './view.js';

let db: Database;
let source: DataSource;
let owner: DataSource;
const { buyers, checkout, payments } = salesServices();
const jobs = new JobStore();
const asking = new BuyerSupportService(new EventStore());
const support = new SupportService(jobs);
const answers = new AnswerService(jobs, new EventStore());
const searches = new SearchService();
const account = newUuid();

beforeAll(async () => {
  ({ db, source } = await openTestDatabase());
  owner = await openAsOwner();
});
afterAll(() => Promise.all([source.destroy(), owner.destroy()]));

let updateId = 0;
async function paidOrder(shop: Shop) {
  updateId += 1;
  const placing = { ...shop, updateId };
  const { order } = await shop.in((tx) => checkout.place(tx, placing, new Date()));
  await shop.in((tx) => payments.record(tx, paymentFor(order), new Date()));
  return order;
}
const open = (shop: Shop, orderId: string | null, now = new Date()) =>
  shop.in((tx) => asking.open(tx, { ...shop, orderId }, now));
let telegramMessageId = 0;
const write = (shop: Shop, text = 'It does not open', now = new Date(), more: Partial<BuyerMessage> = {}) => {
  telegramMessageId += 1;
  const message = { ...shop, text, telegramMessageId, ...more };
  return shop.in((tx) => asking.receive(tx, message, now));
};
const answer = (shop: Shop, threadId: string, text = 'Try again') =>
  shop.in((tx) => support.answer(tx, threadId, { text, accountId: account }, new Date()));
const reply = (shop: Shop, repliesTo: number, now = new Date()) => write(shop, 'But how?', now, { repliesTo });
/** Marks the waiting answer as sent, with this message id. */
const arrives = (shop: Shop, threadId: string, messageId: number) =>
  shop.in(async (tx) => {
    const waiting = await answers.next(tx, threadId);
    if (waiting === undefined) throw new Error('no answer waits');
    await answers.record(tx, waiting, { kind: 'sent', telegramMessageId: messageId }, new Date());
  });
const read = (shop: Shop, threadId: string) => shop.in((tx) => support.conversation(tx, threadId));
const eventsOf = (shop: Shop) =>
  shop.in((tx) =>
    tx.query<{ orderId: string | null; data: Record<string, unknown> }>(
      `select order_id as "orderId", data from events where type = 'support.message_received' order by id`,
    ),
  );
const later = (ms: number) => new Date(Date.now() + ms);

describe('a buyer who needs no more help', () => {
  it('closes the thread idempotently, and can continue in it later', async () => {
    const shop = await openShop(db);
    const thread = await open(shop, null);
    await write(shop);
    for (const _ of [1, 2]) await shop.in((tx) => asking.finish(tx, shop, thread, new Date()));
    expect((await read(shop, thread)).thread.state).toBe('closed');
    expect(await write(shop, 'Hello')).toEqual({ kind: 'no_thread' });
    await shop.in((tx) => asking.resume(tx, shop, thread, new Date()));
    expect((await read(shop, thread)).thread.state).toBe('answered');
    expect(await write(shop, 'Hello')).toEqual({ kind: 'received', threadId: thread, begins: true });
  });

  it('can close and continue only their own threads', async () => {
    const [shop, other] = [await openShop(db), await openShop(db)];
    const thread = await open(shop, null);
    const stranger = { ...shop, buyerId: telegramId() };
    for (const work of ['finish', 'resume'] as const) {
      await expect(shop.in((tx) => asking[work](tx, stranger, thread, new Date()))).rejects.toThrow(NotFound);
      await expect(other.in((tx) => asking[work](tx, other, thread, new Date()))).rejects.toThrow(NotFound);
    }
    expect((await read(shop, thread)).thread.state).toBe('open');
  });
});

describe('a thread', () => {
  it('is unique per order until it is closed, however often it is opened', async () => {
    const shop = await openShop(db);
    const order = await paidOrder(shop);
    const ids = await Promise.all(Array.from({ length: 8 }, () => open(shop, order.id)));
    expect(new Set(ids).size).toBe(1);

    const first = String(ids[0]);
    await shop.in((tx) => support.close(tx, first, new Date()));
    const second = await open(shop, order.id);
    expect(second).not.toBe(first);
    expect((await shop.in((tx) => support.list(tx, { orderId: order.id, limit: 10 }))).map((it) => it.state)).toEqual([
      'open',
      'closed',
    ]);
  });

  it('is also unique without an order', async () => {
    const shop = await openShop(db);
    const ids = await Promise.all(Array.from({ length: 8 }, () => open(shop, null)));
    expect(new Set(ids).size).toBe(1);
  });

  it("cannot be opened about another buyer's order or from another bot", async () => {
    const [shop, other] = [await openShop(db), await openShop(db)];
    const order = await paidOrder(shop);
    const stranger = telegramId();
    await shop.in((tx) => buyers.remember(tx, shop.botId, { id: stranger, first_name: 'Stranger' }));
    await expect(open({ ...shop, buyerId: stranger }, order.id)).rejects.toThrow(NotFound);
    await expect(open(other, order.id)).rejects.toThrow(NotFound);
  });
});

describe("a buyer's messages", () => {
  it('go to the thread that was chosen last, and the creator is notified without their text', async () => {
    const shop = await openShop(db);
    const order = await paidOrder(shop);
    const [about, other] = [await open(shop, order.id), await open(shop, null, later(10))];
    expect(await write(shop, 'first', later(20))).toEqual({ kind: 'received', threadId: other, begins: true });
    expect(await write(shop, 'second', later(30))).toEqual({ kind: 'received', threadId: other, begins: false });
    await open(shop, order.id, later(40));
    expect(await write(shop, 'third', later(50))).toMatchObject({ threadId: about, begins: true });

    const { thread, messages } = await read(shop, other);
    expect(messages.map((it) => it.text)).toEqual(['first', 'second']);
    expect(thread.lastMessageAt?.getTime()).toBe(messages[1]?.createdAt.getTime());
    const events = await eventsOf(shop);
    expect(events.map((event) => event.orderId)).toEqual([null, null, order.id]);
    expect(Object.keys(events[2]?.data ?? {}).toSorted()).toEqual([
      'bot_id',
      'buyer_telegram_id',
      'created_at',
      'id',
      'object',
      'order_id',
      'thread_id',
    ]);
  });

  it('reopen an answered thread', async () => {
    const shop = await openShop(db);
    const thread = await open(shop, null);
    await write(shop);
    await answer(shop, thread);
    expect((await read(shop, thread)).thread.state).toBe('answered');
    expect(await write(shop, 'Still not')).toMatchObject({ begins: true });
    expect(await write(shop, 'At all')).toMatchObject({ begins: false });
    expect((await read(shop, thread)).thread.state).toBe('open');
  });

  it('go nowhere when the last answer is weeks old, unless they reply to it', async () => {
    const shop = await openShop(db);
    const thread = await open(shop, null);
    await write(shop);
    await answer(shop, thread);
    await arrives(shop, thread, 777);
    const muchLater = later(ANSWERED_WINDOW_MS + 1_000);
    expect(await shop.in((tx) => asking.isTalking(tx, shop, muchLater))).toBe(false);
    expect(await write(shop, 'Hi, how do I buy?', muchLater)).toEqual({ kind: 'no_thread' });
    expect(await shop.in((tx) => asking.isTalking(tx, shop, muchLater, 777))).toBe(true);
    expect(await reply(shop, 777, muchLater)).toEqual({ kind: 'received', threadId: thread, begins: true });
  });

  it('reopen the thread of the answer that they reply to, and no other', async () => {
    const shop = await openShop(db);
    const order = await paidOrder(shop);
    const about = await open(shop, order.id);
    await write(shop);
    await answer(shop, about);
    await arrives(shop, about, 777);
    await shop.in((tx) => support.close(tx, about, new Date()));
    const other = await open(shop, null);
    await write(shop, 'Something else');
    expect(await reply(shop, 777)).toEqual({ kind: 'received', threadId: about, begins: true });
    expect((await read(shop, about)).thread).toMatchObject({ state: 'open', closedAt: null });
    expect((await read(shop, other)).messages).toHaveLength(1);
    expect(await reply(shop, 778)).toMatchObject({ kind: 'received' });
    const stranger = await openShop(db);
    expect(await reply(stranger, 777)).toEqual({ kind: 'no_thread' });
  });

  it('go to the live thread on the same topic when they reply to an answer of a closed one', async () => {
    const shop = await openShop(db);
    const closed = await open(shop, null);
    await write(shop);
    await answer(shop, closed);
    await arrives(shop, closed, 777);
    await shop.in((tx) => support.close(tx, closed, new Date()));
    const live = await open(shop, null);
    expect(await reply(shop, 777)).toEqual({ kind: 'received', threadId: live, begins: true });
    expect((await read(shop, closed)).thread.state).toBe('closed');
  });

  it('can be files, with or without text', async () => {
    const shop = await openShop(db);
    const thread = await open(shop, null);
    const file = { kind: 'photo', fileId: 'AgACAgIA', name: null } as const;
    await write(shop, '', new Date(), { file });
    await write(shop, 'Look', later(10), { file: { ...file, kind: 'document', name: 'bill.pdf' } });
    expect((await read(shop, thread)).messages.map(messageView)).toMatchObject([
      { text: '', file: { kind: 'photo', file_id: 'AgACAgIA', name: null } },
      { text: 'Look', file: { kind: 'document', file_id: 'AgACAgIA', name: 'bill.pdf' } },
    ]);
    await expect(write(shop, '', later(20))).rejects.toThrow(/support_messages_text_check/);
  });

  it('go nowhere without a thread, or after it was closed', async () => {
    const shop = await openShop(db);
    expect(await write(shop)).toEqual({ kind: 'no_thread' });
    const thread = await open(shop, null);
    await shop.in((tx) => support.close(tx, thread, new Date()));
    expect(await write(shop)).toEqual({ kind: 'no_thread' });
    expect(await shop.in((tx) => asking.isTalking(tx, shop, new Date()))).toBe(false);
  });

  it('are limited to twenty an hour, even when they are concurrent', async () => {
    const shop = await openShop(db);
    const thread = await open(shop, null);
    const results = await Promise.all(Array.from({ length: MAX_BUYER_MESSAGES + 3 }, (_, n) => write(shop, `${n}`)));
    expect(results.filter((it) => it.kind === 'too_many')).toHaveLength(3);
    expect(results.filter((it) => it.kind === 'received' && it.begins)).toHaveLength(1);
    expect((await read(shop, thread)).messages).toHaveLength(MAX_BUYER_MESSAGES);
    expect(await eventsOf(shop)).toHaveLength(MAX_BUYER_MESSAGES);
    expect(await write(shop, 'an hour later', later(HOUR + 1_000))).toMatchObject({ kind: 'received' });
  });

  it('are stored unchanged: emoji, right-to-left text, HTML, 4096 characters', async () => {
    const shop = await openShop(db);
    const thread = await open(shop, null);
    const texts = ['🔑 שלום \u202e<b>&amp;', '🔑'.repeat(2_048), 'x'.repeat(4_096)];
    for (const text of texts) await write(shop, text);
    expect((await read(shop, thread)).messages.map((it) => it.text)).toEqual(texts);
  });
});

describe("a creator's answer", () => {
  it('waits with a job, is sent in order, and is marked once', async () => {
    const shop = await openShop(db);
    const order = await paidOrder(shop);
    const thread = await open(shop, order.id);
    await answer(shop, thread, 'one');
    await answer(shop, thread, 'two');
    const next = await shop.in((tx) => answers.next(tx, thread));
    expect(next).toMatchObject({ text: 'one', title: 'Guide', buyerId: shop.buyerId });
    if (next === undefined) throw new Error('nothing waits');

    const now = new Date();
    await shop.in((tx) => answers.record(tx, next, { kind: 'sent', telegramMessageId: 7 }, now));
    await shop.in((tx) => answers.record(tx, next, { kind: 'unreachable', error: 'a late second attempt' }, now));
    expect(await shop.in((tx) => answers.next(tx, thread))).toMatchObject({ text: 'two' });
    const { messages } = await read(shop, thread);
    expect(messages.map((it) => it.delivery)).toEqual(['sent', 'waiting']);
    const waiting = await shop.in((tx) => tx.query(`select subject from jobs where kind = 'support.send'`));
    expect(waiting).toEqual([{ subject: thread }]);
  });

  it('is refused for a closed thread, and closing a thread is idempotent', async () => {
    const shop = await openShop(db);
    const thread = await open(shop, null);
    const closed = await shop.in((tx) => support.close(tx, thread, new Date()));
    expect(await shop.in((tx) => support.close(tx, thread, later(HOUR)))).toEqual(closed);
    await expect(answer(shop, thread)).rejects.toThrow(ThreadClosed);
  });

  it('is shown with the last two hundred messages', async () => {
    const shop = await openShop(db);
    const thread = await open(shop, null);
    for (let n = 1; n <= 201; n += 1) await answer(shop, thread, `${n}`);
    const { messages, hasEarlier } = await read(shop, thread);
    expect([messages.length, messages[0]?.text, messages.at(-1)?.text, hasEarlier]).toEqual([200, '2', '201', true]);
  });
});

describe('another tenant', () => {
  it('cannot read, answer, close or list a thread', async () => {
    const [shop, other] = [await openShop(db), await openShop(db)];
    const thread = await open(shop, null);
    await write(shop);
    await expect(read(other, thread)).rejects.toThrow(NotFound);
    await expect(answer(other, thread)).rejects.toThrow(NotFound);
    await expect(other.in((tx) => support.close(tx, thread, new Date()))).rejects.toThrow(NotFound);
    expect(await other.in((tx) => support.list(tx, { limit: 10 }))).toEqual([]);
    expect(await other.in((tx) => answers.next(tx, thread))).toBeUndefined();
  });

  it('finds nothing of this tenant by any id', async () => {
    const [shop, other] = [await openShop(db), await openShop(db)];
    const order = await paidOrder(shop);
    const [charge] = await shop.in((tx) =>
      tx.query<{ id: string; t: string }>(`select id, telegram_charge_id as t from charges`),
    );
    const wanted = [
      publicId('order', order.id),
      publicId('charge', String(charge?.id)),
      String(charge?.t),
      `${shop.buyerId}`,
    ];
    const found = async (it: Shop) => Promise.all(wanted.map((q) => it.in((tx) => searches.find(tx, q))));
    expect((await found(shop)).map((results) => results.map((it) => it.kind))).toEqual([
      ['order'],
      ['charge'],
      ['charge'],
      ['buyer'],
    ]);
    expect(await found(other)).toEqual([[], [], [], []]);
  });
});

describe('the search', () => {
  it('finds a person by username in any case', async () => {
    const shop = await openShop(db);
    const username = `Name_${newUuid().slice(-12)}`;
    await shop.in((tx) => buyers.remember(tx, shop.botId, { id: shop.buyerId, first_name: 'Buyer', username }));
    for (const q of [username, username.toUpperCase(), `@${username.toLowerCase()}`]) {
      expect(await shop.in((tx) => searches.find(tx, q))).toMatchObject([
        { kind: 'buyer', buyer: { telegramId: shop.buyerId } },
      ]);
    }
    expect(await shop.in((tx) => searches.find(tx, username.slice(0, -1)))).toEqual([]);
  });

  it.each([
    [/buyers_username/, 'username_key', `select * from buyers where tenant_id = $1 and username_key = 'x'`],
    [
      /charges_(telegram|anywhere)/,
      'telegram_charge_id',
      `select * from charges where tenant_id = $1 and telegram_charge_id = 'x'`,
    ],
    [/buyers_(telegram|anywhere)/, 'telegram_id', `select * from buyers where tenant_id = $1 and telegram_id = 1`],
  ])('uses the index %s by %s under row-level security', async (index, column, sql) => {
    const shop = await openShop(db);
    const plan = (await planWithManyRows(shop, sql)).join('\n');
    expect(plan).toMatch(index);
    expect(plan).toMatch(new RegExp(`Index Cond: .*${column} = `));
  });
});

/** Returns the plan for a tenant with thousands of buyers and charges, which are rolled back. */
async function planWithManyRows({ tenantId, botId }: Shop, sql: string): Promise<string[]> {
  const runner = owner.createQueryRunner();
  await runner.startTransaction();
  try {
    await runner.query(
      `insert into buyers (tenant_id, bot_id, telegram_id, username) select $1, $2, n, 'name' || n from generate_series(1, 5000) n`,
      [tenantId, botId],
    );
    await runner.query(
      `insert into charges (tenant_id, id, bot_id, telegram_charge_id, buyer_id, stars, payload, match, state, source, occurred_at)
       select $1, gen_random_uuid(), $2, 'charge' || n, n, 1, '', 'unmatched', 'paid', 'update', now() from generate_series(1, 5000) n`,
      [tenantId, botId],
    );
    await runner.query('analyze buyers, charges');
    await runner.query('set local role starwall_app');
    await runner.query(`select set_config('app.tenant_id', $1, true)`, [tenantId]);
    const plan = (await runner.query(`explain ${sql}`, [tenantId])) as Array<{ 'QUERY PLAN': string }>;
    return plan.map((line) => line['QUERY PLAN']);
  } finally {
    await runner.rollbackTransaction();
    await runner.release();
  }
}
