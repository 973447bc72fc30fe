import type { DataSource } from 'typeorm';
import { ChatNotReady, type NewProduct } from '#libs/catalog';
import type { Database } from '#libs/database';
import { DAY, newUuid, NotFound, publicId } from '#libs/kernel';
import type { OrderRow, Payment } from '#libs/sales';
import { openTestDatabase } from '../../../test/support/database.js';
import { openShop, paymentFor, salesServices, type Shop, telegramId } from '../../../test/support/shop.js';
import { rightsOf } from './chat.js';
import type { ChatAccessRow } from './chat-access.entity.js';

let db: Database;
let source: DataSource;
const { checkout, payments, refunds, products, buyers, chats, accesses, accessStore, subscriptions } = salesServices();

beforeAll(async () => ({ db, source } = await openTestDatabase()));
afterAll(() => source.destroy());

const now = new Date();
const later = (days: number) => new Date(now.getTime() + days * DAY);
const ALL = rightsOf({ status: 'administrator', can_invite_users: true, can_restrict_members: true });
const SOME = { ...ALL, canRemove: false };
const channelOf = (number: number) => ({ telegramId: -number, type: 'channel' as const, title: 'VIP', username: null });

interface Club extends Shop {
  readonly chatId: string;
  readonly number: number;
}

/** Creates a bot that administers a channel, and a product that grants access for 30 days and one day of grace. */
async function openClub(product: Partial<NewProduct> = {}): Promise<Club> {
  const [shop, number] = [await openShop(db), telegramId()];
  const chatId = await shop.in(async (tx) => {
    await chats.heard(tx, shop.botId, channelOf(number), ALL, now);
    return (await chats.find(tx, shop.botId, -number))?.id ?? '';
  });
  const club = { ...shop, chatId, number };
  return { ...club, productId: await adds(club, product) };
}

const adds = (
  { botId, chatId, in: inShop }: Pick<Club, 'botId' | 'chatId' | 'in'>,
  product: Partial<NewProduct> = {},
) =>
  inShop(async (tx) => {
    const usual = { kind: 'chat_access', title: 'VIP', description: 'A place', stars: 50, botId, chatId } as const;
    const terms = { chat_access: { days: 30, graceSeconds: DAY / 1_000 } };
    return (await products.create(tx, { ...usual, terms, ...product })).id;
  });

let updateId = 5_000_000;
async function place(shop: Club, productId = shop.productId): Promise<OrderRow> {
  updateId += 1;
  return shop.in(async (tx) => (await checkout.place(tx, { ...shop, productId, updateId }, now)).order);
}
const pay = (shop: Club, order: OrderRow, changes: Partial<Payment> = {}) =>
  shop.in((tx) => payments.record(tx, paymentFor(order, { occurredAt: now, ...changes }), now));
async function buy(shop: Club, changes: Partial<Payment> = {}, productId = shop.productId): Promise<OrderRow> {
  const order = await place(shop, productId);
  await pay(shop, order, changes);
  return order;
}
const access = (shop: Club): Promise<ChatAccessRow> => shop.in((tx) => accesses.of(tx, shop.chatId, shop.buyerId));
const events = (shop: Shop, kind: string) =>
  shop.in(async (tx) => {
    const rows = await tx.query<{ type: string }>(
      `select type from events where tenant_id = $1 and type like $2 order by created_at, id`,
      [tx.tenantId, `${kind}.%`],
    );
    return rows.map(({ type }) => type.slice(kind.length + 1));
  });
const jobs = (shop: Shop, kind: string) =>
  shop.in((tx) => tx.query(`select subject from jobs where tenant_id = $1 and kind = $2`, [tx.tenantId, kind]));
const refund = (shop: Club, order: OrderRow) =>
  shop.in((tx) => refunds.request(tx, order.id, { reason: null, by: 'acc_1' }, now));
const joins = (shop: Club, userId = shop.buyerId, link?: string, viaRequest = false) =>
  shop.in(async (tx) => accesses.entered(tx, await chats.get(tx, shop.chatId), { userId, link, viaRequest }, now));
/** Creates a member. @param day of the payment, relative to now */
const member = async (day = 0) => {
  const shop = await openClub();
  const order = await buy(shop, { occurredAt: later(day) });
  await joins(shop);
  return { shop, order };
};

describe('access to a chat', () => {
  it('is granted once per payment, even if the payment is reported repeatedly and concurrently', async () => {
    const shop = await openClub();
    const order = await place(shop);
    const charge = { telegramChargeId: `stx${newUuid()}` };
    await Promise.all(Array.from({ length: 8 }, () => pay(shop, order, charge)));
    await pay(shop, order, charge);
    expect(await access(shop)).toMatchObject({ state: 'invited', accessUntil: later(31), link: null });
    expect(await events(shop, 'chat_access')).toEqual(['granted']);
    expect(await jobs(shop, 'access.watch')).toHaveLength(1);
  });

  it('adds up when payments of one buyer arrive concurrently', async () => {
    const shop = await openClub();
    const orders = [await place(shop), await place(shop), await place(shop)];
    await Promise.all(orders.map((order) => pay(shop, order)));
    expect((await access(shop)).accessUntil).toEqual(later(91));
  });

  it('does not depend on the order of the reports', async () => {
    const [forth, back] = [await openClub(), await openClub()];
    for (const day of [0, 10, 80]) await buy(forth, { occurredAt: later(day) });
    for (const day of [80, 10, 0]) await buy(back, { occurredAt: later(day) });
    expect((await access(forth)).accessUntil).toEqual(later(111));
    expect((await access(back)).accessUntil).toEqual(later(111));
  });

  it('is reduced by exactly the refunded time, even by concurrent refunds', async () => {
    const shop = await openClub();
    const first = await buy(shop);
    await buy(shop, { occurredAt: later(5) });
    await Promise.all([refund(shop, first), refund(shop, first)]);
    expect(await access(shop)).toMatchObject({ state: 'invited', accessUntil: later(36) });
  });

  it('lasts as long as the longest of several products', async () => {
    const shop = await openClub();
    const forGood = await adds(shop, { title: 'For good', terms: { chat_access: { days: null } } });
    await buy(shop);
    const order = await buy(shop, {}, forGood);
    expect((await access(shop)).accessUntil).toBeNull();
    await refund(shop, order);
    expect((await access(shop)).accessUntil).toEqual(later(31));
  });

  it('includes payments to another bot of the workspace for the same chat', async () => {
    const shop = await openClub();
    const order = await buy(shop);
    const botId = newUuid();
    await db.inPlatform('a second bot', (tx) =>
      tx.query(
        `insert into bots (tenant_id, id, telegram_id, username, name, info, token_sealed, token_last4, state)
         values ($1, $2, $3, 'second_bot', 'Second', '{}', '\\x00', 'last', 'active')`,
        [shop.tenantId, botId, telegramId()],
      ),
    );
    const twinId = await shop.in(async (tx) => {
      await buyers.remember(tx, botId, { id: shop.buyerId, first_name: 'Buyer' });
      await chats.heard(tx, botId, channelOf(shop.number), ALL, now);
      return (await chats.find(tx, botId, -shop.number))?.id ?? '';
    });
    const twin = { ...shop, botId, chatId: twinId };
    await buy(twin, {}, await adds(twin));
    await refund(shop, order);
    expect(await access(shop)).toMatchObject({ state: 'invited', accessUntil: later(31) });
  });

  it('lasts as long as a subscription, whose cancellation ends the grace period', async () => {
    const shop = await openClub({ kind: 'subscription', terms: { subscription: { graceSeconds: 86_400 } } });
    const order = await buy(shop, { recurring: { until: later(30), first: true } });
    expect((await access(shop)).accessUntil).toEqual(later(31));
    await pay(shop, order, { occurredAt: later(30), recurring: { until: later(60), first: false } });
    expect((await access(shop)).accessUntil).toEqual(later(61));
    const entitled = () => shop.in((tx) => accesses.entitled(tx, shop.chatId, shop.buyerId, now));
    expect(await entitled()).toMatchObject({ live: true, paidUntil: later(60) });
    const of = { botId: shop.botId, buyerId: shop.buyerId, id: order.id };
    await shop.in((tx) => subscriptions.report(tx, of, 'canceled', now));
    expect((await access(shop)).accessUntil).toEqual(later(60));
    expect(await events(shop, 'chat_access')).toEqual(['granted', 'updated', 'updated']);
  });
});

describe('admission to a chat', () => {
  it('makes a buyer a member, who can come back after leaving', async () => {
    const { shop } = await member();
    await joins(shop);
    expect(await access(shop)).toMatchObject({ state: 'member', joinedAt: now });
    const leaves = () => shop.in(async (tx) => accesses.left(tx, await chats.get(tx, shop.chatId), shop.buyerId, now));
    await leaves();
    await leaves();
    expect(await access(shop)).toMatchObject({ state: 'invited', joinedAt: null });
    expect(await events(shop, 'chat_access')).toEqual(['granted', 'joined', 'left']);
  });

  it('is granted to buyers only', async () => {
    const shop = await openClub();
    const order = await buy(shop);
    const asks = (userId: number) =>
      shop.in(async (tx) => accesses.requested(tx, await chats.get(tx, shop.chatId), userId, now));
    expect(await asks(telegramId())).toBe(false);
    expect(await asks(shop.buyerId)).toBe(true);
    expect((await access(shop)).requestedAt).toEqual(now);
    await refund(shop, order);
    expect(await asks(shop.buyerId)).toBe(false);
  });

  it('keeps one of two concurrent links, and marks strangers who use it for removal', async () => {
    const shop = await openClub();
    await buy(shop);
    const { id } = await access(shop);
    const keep = (link: string) =>
      shop.in((tx) => accesses.keepLink(tx, id, { link, expiresAt: null, former: null }, now));
    const kept = await Promise.all([keep('t.me/+one'), keep('t.me/+two')]);
    expect(new Set(kept).size).toBe(1);
    const [link] = kept;
    const stranger = telegramId();
    await joins(shop, stranger, link, true);
    expect((await access(shop)).intruderId).toBeNull();
    await joins(shop, stranger, link);
    expect(await access(shop)).toMatchObject({ intruderId: stranger, link: null, state: 'invited' });
    await shop.in((tx) => accesses.expelled(tx, id, stranger));
    expect((await access(shop)).intruderId).toBeNull();
  });

  it('keeps no link that was made after the access ended', async () => {
    const shop = await openClub();
    const order = await buy(shop);
    const { id } = await access(shop);
    const keep = (day = 0) =>
      shop.in((tx) => accesses.keepLink(tx, id, { link: 't.me/+late', expiresAt: null, former: null }, later(day)));
    expect(await keep(40)).toBeUndefined();
    await refund(shop, order);
    expect(await keep()).toBeUndefined();
    expect((await access(shop)).link).toBeNull();
  });

  it("lets a buyer who uses another buyer's link stay, and uses up the link", async () => {
    const shop = await openClub();
    const other = { ...shop, buyerId: telegramId() };
    await shop.in((tx) => buyers.introduce(tx, shop.botId, { id: other.buyerId }));
    await buy(shop);
    await buy(other);
    const { id } = await access(shop);
    const link = 't.me/+shared';
    await shop.in((tx) => accesses.keepLink(tx, id, { link, expiresAt: null, former: null }, now));
    await joins(shop, other.buyerId, link);
    expect(await access(other)).toMatchObject({ state: 'member' });
    expect(await access(shop)).toMatchObject({ state: 'invited', link: null, intruderId: null });
    const mayStay = (userId: number, day = 0) => shop.in((tx) => accesses.mayStay(tx, shop.chatId, userId, later(day)));
    expect([await mayStay(other.buyerId), await mayStay(other.buyerId, 40), await mayStay(telegramId())]).toEqual([
      true,
      false,
      false,
    ]);
  });
});

describe('the end of an access', () => {
  const end = (shop: Club, id: string, day = 40) => shop.in((tx) => accesses.beginEnd(tx, id, later(day)));
  const out = (shop: Club, id: string, day = 40) => shop.in((tx) => accesses.out(tx, id, later(day)));

  it('happens once, when all paid time is over, however many workers check it', async () => {
    const { shop } = await member(-30.5);
    const { id } = await access(shop);
    expect(await end(shop, id, 0.4)).toBe(false);
    expect(await Promise.all([end(shop, id, 0.6), end(shop, id, 0.6)])).toEqual([true, true]);
    await Promise.all([out(shop, id, 0.6), out(shop, id, 0.6)]);
    expect(await access(shop)).toMatchObject({ state: 'ended', endedAt: later(0.6), accessUntil: later(0.5) });
    expect(await events(shop, 'chat_access')).toEqual(['granted', 'joined', 'ended']);
  });

  it('is undone by a payment during the removal', async () => {
    const { shop } = await member();
    const { id } = await access(shop);
    await end(shop, id);
    await buy(shop, { occurredAt: later(39) });
    expect(await shop.in((tx) => accesses.look(tx, id, later(40)))).toMatchObject({ step: { kind: 'readmit' } });
    expect(await out(shop, id)).toBe('again');
    expect(await access(shop)).toMatchObject({ state: 'invited', accessUntil: later(70) });
  });

  it('is undone by a refund that fails', async () => {
    const { shop, order } = await member();
    const { id } = await access(shop);
    const { id: refundId } = await refund(shop, order);
    expect(await shop.in((tx) => accesses.look(tx, id, now))).toMatchObject({ step: { kind: 'end' }, lapsed: false });
    expect(await out(shop, id, 0)).toBe('ended');
    await shop.in((tx) => refunds.begin(tx, refundId, now));
    await shop.in((tx) => refunds.fail(tx, refundId, 'CHARGE_NOT_FOUND', now));
    expect(await access(shop)).toMatchObject({ state: 'invited', accessUntil: later(31), endedAt: null });
  });
});

describe('a chat', () => {
  it('is recorded once, even if it is reported repeatedly and concurrently', async () => {
    const [shop, number] = [await openShop(db), telegramId()];
    const reports = () => shop.in((tx) => chats.heard(tx, shop.botId, channelOf(number), ALL, now));
    await Promise.all(Array.from({ length: 8 }, reports));
    await reports();
    expect(await shop.in((tx) => chats.list(tx, { limit: 10 }))).toHaveLength(1);
    expect(await events(shop, 'chat')).toEqual(['connected']);
  });

  it('is not sold while the bot lacks rights, and its creator is alerted once', async () => {
    const shop = await openClub();
    const order = await place(shop);
    const reports = (rights: typeof ALL) =>
      shop.in((tx) => chats.heard(tx, shop.botId, channelOf(shop.number), rights, now));
    await Promise.all([reports(SOME), reports(SOME)]);
    expect(await jobs(shop, 'alert.send')).toHaveLength(1);
    expect(await shop.in((tx) => chats.get(tx, shop.chatId))).toMatchObject({ canRemove: false, lackingSince: now });
    const query = { queryId: newUuid(), buyerId: shop.buyerId, currency: 'XTR', amount: 50 };
    const approve = () => shop.in((tx) => checkout.approve(tx, shop.botId, publicId('order', order.id), query, now));
    expect(await approve()).toMatchObject({ ok: false, refusal: 'chat_unready' });
    await expect(adds(shop)).rejects.toThrow(ChatNotReady);
    const draft = await adds(shop, { state: 'draft' });
    await expect(shop.in((tx) => products.activate(tx, draft))).rejects.toThrow(ChatNotReady);
    // Access that was paid in the meantime is granted.
    await pay(shop, order);
    expect(await access(shop)).toMatchObject({ state: 'invited' });

    await reports(ALL);
    expect(await approve()).toMatchObject({ ok: false, refusal: 'already_paid' });
    expect((await shop.in((tx) => products.activate(tx, draft))).state).toBe('active');
    expect(await events(shop, 'chat')).toEqual(['connected', 'updated', 'updated']);
  });

  it('gets a check of every waiting access when rights are restored, even of one that only has a link to revoke', async () => {
    const { shop } = await member();
    const { id } = await access(shop);
    await shop.in((tx) => tx.query(`update chat_accesses set link = 't.me/+used' where tenant_id = $1`, [tx.tenantId]));
    const reports = (rights: typeof ALL) =>
      shop.in((tx) => chats.heard(tx, shop.botId, channelOf(shop.number), rights, now));
    await reports({ ...ALL, canInvite: false });
    await shop.in((tx) => tx.query(`update jobs set state = 'parked' where tenant_id = $1`, [tx.tenantId]));
    await reports(ALL);
    const waiting = await shop.in((tx) =>
      tx.query(`select subject from jobs where tenant_id = $1 and kind = 'access.watch' and state = 'waiting'`, [
        tx.tenantId,
      ]),
    );
    expect(waiting).toEqual([{ subject: id }]);
  });

  it('is not stored when strangers have already added the bot to hundreds of chats', async () => {
    const shop = await openShop(db);
    await shop.in((tx) =>
      tx.query(
        `insert into chats (tenant_id, id, bot_id, telegram_id, type, title, standing, can_invite, can_remove, looked_at)
         select $1, gen_random_uuid(), $2, -n, 'group', 'Spam', 'administrator', true, true, now() from generate_series(1, 500) n`,
        [tx.tenantId, shop.botId],
      ),
    );
    const number = telegramId();
    await shop.in((tx) => chats.heard(tx, shop.botId, channelOf(number), ALL, now));
    expect(await shop.in((tx) => chats.find(tx, shop.botId, -number))).toBeUndefined();
  });
});

it('another tenant finds neither the chat nor the access, and cannot sell it', async () => {
  const [mine, other] = [await openClub(), await openClub()];
  await buy(mine);
  const { id } = await access(mine);
  await expect(other.in((tx) => chats.get(tx, mine.chatId))).rejects.toThrow(NotFound);
  await expect(other.in((tx) => chats.update(tx, mine.chatId, { admission: 'single_use' }, now))).rejects.toThrow(
    NotFound,
  );
  await expect(other.in((tx) => accesses.of(tx, mine.chatId, mine.buyerId))).rejects.toThrow(NotFound);
  expect(await other.in((tx) => accesses.look(tx, id, now))).toBeUndefined();
  expect(await other.in((tx) => accessStore.lock(tx, id))).toBeUndefined();
  await expect(adds({ ...other, chatId: mine.chatId })).rejects.toThrow(NotFound);
});
