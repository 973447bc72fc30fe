import type { DataSource } from 'typeorm';
import type { Database } from '#libs/database';
import { DAY, newUuid } from '#libs/kernel';
import { openTestDatabase } from '../../../test/support/database.js';
import { openShop, paymentFor, salesServices, type Shop, telegramId } from '../../../test/support/shop.js';
import { rightsOf } from './chat.js';
import type { AccessState } from './chat-access.js';
import type { ChatAccessRow } from './chat-access.entity.js';

let db: Database;
let source: DataSource;
const { checkout, payments, products, chats, accesses } = salesServices();

beforeAll(async () => ({ db, source } = await openTestDatabase()));
afterAll(() => source.destroy());

const now = new Date();
const ALL = rightsOf({ status: 'administrator', can_invite_users: true, can_restrict_members: true });
let updateId = 11_000_000;

/** Creates a channel of the shop's bot, and a product that grants access to it. */
async function openChannel(shop: Shop) {
  const number = telegramId();
  const channel = { telegramId: -number, type: 'channel' as const, title: 'VIP', username: null };
  return shop.in(async (tx) => {
    await chats.heard(tx, shop.botId, channel, ALL, now);
    const chatId = (await chats.find(tx, shop.botId, -number))?.id ?? '';
    const usual = { kind: 'chat_access', title: 'VIP', description: 'A place', stars: 50, botId: shop.botId } as const;
    const terms = { chat_access: { days: 30, graceSeconds: 0 } };
    const { id: productId } = await products.create(tx, { ...usual, chatId, terms });
    return { chatId, productId };
  });
}

/** Creates a buyer's access in this state. */
async function accessIn(state: AccessState = 'invited', changes: Partial<ChatAccessRow> = {}) {
  const shop = await openShop(db);
  const { chatId, productId } = await openChannel(shop);
  updateId += 1;
  const placing = { ...shop, productId, updateId };
  const order = await shop.in(async (tx) => (await checkout.place(tx, placing, now)).order);
  await shop.in((tx) => payments.record(tx, paymentFor(order, { occurredAt: now }), now));
  const row = () => shop.in((tx) => accesses.of(tx, chatId, shop.buyerId));
  const { id } = await row();
  const { link = null, linkLost = false, requestedAt = null, intruderId = null } = changes;
  const set =
    'update chat_accesses set state = $2, link = $3, link_lost = $4, requested_at = $5, intruder_id = $6 where id = $1';
  await shop.in((tx) => tx.query(set, [id, state, link, linkLost, requestedAt, intruderId]));
  const eventTypes = async () =>
    (
      await shop.in((tx) =>
        tx.query<{ type: string }>(`select type from events where type like 'chat_access.%' order by id`),
      )
    )
      .map(({ type }) => type.replace('chat_access.', ''))
      .slice(1);
  return { shop, chatId, id, row, eventTypes };
}

it('access to one chat grants no access to another chat of the same bot', async () => {
  const { shop, chatId } = await accessIn();
  const other = await openChannel(shop);
  const mayStay = (chat: string, buyerId = shop.buyerId) => shop.in((tx) => accesses.mayStay(tx, chat, buyerId, now));
  expect([await mayStay(chatId), await mayStay(other.chatId), await mayStay(chatId, telegramId())]).toEqual([
    true,
    false,
    false,
  ]);
});

describe('an answer to a request to join', () => {
  it.each<[AccessState, boolean, Partial<ChatAccessRow>]>([
    ['invited', true, { state: 'member', requestedAt: null, linkLost: false, joinedAt: now }],
    ['invited', false, { state: 'invited', requestedAt: null, linkLost: true }],
    ['member', true, { state: 'member', requestedAt: null, linkLost: false }],
    ['member', false, { state: 'member', requestedAt: null, linkLost: false }],
  ])('updates an access that is %s, let in: %j', async (state, letIn, after) => {
    const it = await accessIn(state, { requestedAt: now });
    await it.shop.in((tx) => accesses.answered(tx, it.id, letIn, now));
    expect(await it.row()).toMatchObject(after);
  });

  it('changes nothing without a request', async () => {
    const it = await accessIn();
    await it.shop.in((tx) => accesses.answered(tx, it.id, true, now));
    expect(await it.row()).toMatchObject({ state: 'invited', joinedAt: null });
    await it.shop.in((tx) => accesses.answered(tx, newUuid(), true, now));
  });
});

describe('a completed step of an access', () => {
  it.each([
    ['revoked', 't.me/+mine', null],
    ['revoked', 't.me/+other', 't.me/+mine'],
  ] as const)('forgets its link only when the same link was %s (%s): %j', async (_what, link, left) => {
    const it = await accessIn('member', { link: 't.me/+mine' });
    await it.shop.in((tx) => accesses.revoked(tx, it.id, link));
    expect((await it.row()).link).toBe(left);
  });

  it('forgets an intruder only when that person was expelled', async () => {
    const it = await accessIn('invited', { intruderId: 5 });
    const expelled = (userId: number) => it.shop.in((tx) => accesses.expelled(tx, it.id, userId));
    await expelled(6);
    expect((await it.row()).intruderId).toBe(5);
    await expelled(5);
    expect((await it.row()).intruderId).toBeNull();
  });

  it('records a new link and a reminder', async () => {
    const it = await accessIn('invited', { link: 't.me/+old', linkLost: true });
    await it.shop.in((tx) => accesses.reinvited(tx, it.id));
    await it.shop.in((tx) => accesses.reminded(tx, it.id, now));
    expect(await it.row()).toMatchObject({ linkLost: false, remindedUntil: now });
  });

  it('changes nothing if the access is unknown', async () => {
    const { shop } = await accessIn();
    const id = newUuid();
    await shop.in(async (tx) => {
      await accesses.revoked(tx, id, 'link');
      await accesses.reinvited(tx, id);
      await accesses.reminded(tx, id, now);
      await accesses.expelled(tx, id, 5);
      await accesses.hindered(tx, id, 'why', now);
      expect(await accesses.beginEnd(tx, id, now)).toBe(false);
      expect(await accesses.out(tx, id, now)).toBe('ended');
      expect(await accesses.keepLink(tx, id, { link: 'x', expiresAt: null, former: null }, now)).toBeUndefined();
    });
  });
});

it('a hindrance is reported once per reason, and keeps the time of the first failure', async () => {
  const it = await accessIn();
  const hinders = (why: string, at: Date) => it.shop.in((tx) => accesses.hindered(tx, it.id, why, at));
  const [first, second] = [now, new Date(now.getTime() + DAY)];
  await hinders('too many chats', first);
  await hinders('too many chats', second);
  await hinders('banned', second);
  expect(await it.row()).toMatchObject({ failure: 'banned', failedAt: first });
  expect(await it.eventTypes()).toEqual(['failed', 'failed']);
});

describe('a list of accesses', () => {
  it('is limited to one chat, and can be filtered by state or buyer', async () => {
    const it = await accessIn('member');
    const list = async (filter: object) =>
      (await it.shop.in((tx) => accesses.list(tx, it.chatId, { limit: 10, ...filter } as never))).map(({ id }) => id);
    expect(await list({})).toEqual([it.id]);
    expect([await list({ state: 'member' }), await list({ state: 'ended' })]).toEqual([[it.id], []]);
    expect([await list({ buyerId: it.shop.buyerId }), await list({ buyerId: 1 })]).toEqual([[it.id], []]);
  });
});
