import type { DataSource } from 'typeorm';
import { chatOfProduct } from '#libs/catalog';
import type { Database } from '#libs/database';
import { DAY, NotFound } from '#libs/kernel';
import type { OrderRow } from '#libs/sales';
import { openAsOwner, openTestDatabase } from '../../../test/support/database.js';
import { openShop, paymentFor, salesServices, type Shop, telegramId } from '../../../test/support/shop.js';
import { rightsOf } from './chat.js';

let db: Database;
let source: DataSource;
const { checkout, payments, products, chats, accesses } = salesServices();

beforeAll(async () => ({ db, source } = await openTestDatabase()));
afterAll(() => source.destroy());

const now = new Date();
const ALL = rightsOf({ status: 'administrator', can_invite_users: true, can_restrict_members: true });

/** Returns the numbers of a group and of the supergroup that it becomes. */
function newNumbers() {
  const number = telegramId();
  return { from: -number, to: -1_000_000_000_000 - number };
}

async function openGroup(shop?: Shop) {
  const group = { ...(shop ?? (await openShop(db))), ...newNumbers() };
  await reports(group, 'from');
  return group;
}
type Group = Awaited<ReturnType<typeof openGroup>>;
type Number = 'from' | 'to';

const reportOf = (group: Group, which: Number) => {
  const [telegramId, type] = which === 'from' ? [group.from, 'group' as const] : [group.to, 'supergroup' as const];
  return { telegramId, type, title: 'VIP', username: null };
};
const reports = (group: Group, which: Number, rights = ALL, at = now) =>
  group.in((tx) => chats.heard(tx, group.botId, reportOf(group, which), rights, at));
const migrates = (group: Group) => group.in((tx) => chats.migrated(tx, { from: group.from, to: group.to }, now));
const rows = (group: Group) =>
  group.in((tx) => chats.list(tx, { botId: group.botId, limit: 100, before: undefined, after: undefined } as never));
const idAt = async (group: Group, which: Number) =>
  (await group.in((tx) => chats.find(tx, group.botId, group[which])))?.id ?? '';
const sells = (group: Group, chatId: string) =>
  group.in(async (tx) => {
    const usual = {
      kind: 'chat_access',
      title: 'VIP',
      description: 'A place',
      stars: 50,
      botId: group.botId,
      chatId,
    } as const;
    return products.create(tx, { ...usual, terms: { chat_access: { days: 30, graceSeconds: 0 } } });
  });

let lastUpdate = 6_000_000;
async function place(group: Group, productId: string): Promise<OrderRow> {
  lastUpdate += 1;
  const updateId = lastUpdate;
  return group.in(async (tx) => (await checkout.place(tx, { ...group, productId, updateId }, now)).order);
}
const pay = (group: Group, order: OrderRow) =>
  group.in((tx) => payments.record(tx, paymentFor(order, { occurredAt: now }), now));
const buys = async (group: Group, productId: string) => pay(group, await place(group, productId));
const access = (group: Group, chatId: string, buyerId = group.buyerId) =>
  group.in((tx) => accesses.of(tx, chatId, buyerId));
const chatOf = (group: Group, productId: string) => group.in((tx) => chatOfProduct(tx, productId));

const FACTS = {
  migration: migrates,
  'membership in the new chat': (group: Group) => reports(group, 'to'),
  'membership in the old chat': (group: Group) => reports(group, 'from'),
};
type Fact = keyof typeof FACTS;
const ORDERS: Fact[][] = [
  ['migration', 'membership in the new chat', 'membership in the old chat'],
  ['migration', 'membership in the old chat', 'membership in the new chat'],
  ['membership in the new chat', 'migration', 'membership in the old chat'],
  ['membership in the new chat', 'membership in the old chat', 'migration'],
  ['membership in the old chat', 'migration', 'membership in the new chat'],
  ['membership in the old chat', 'membership in the new chat', 'migration'],
];

describe('a group that becomes a supergroup', () => {
  it.each(ORDERS)('is one chat when Telegram reports %s, %s, %s, each twice', async (...order) => {
    const group = await openGroup();
    const id = await idAt(group, 'from');
    for (const fact of [...order, ...order]) await FACTS[fact](group);
    expect(await rows(group)).toMatchObject([{ id, telegramId: group.to, type: 'supergroup', lackingSince: null }]);
    expect(await idAt(group, 'from')).toBe(id);
    expect(await idAt(group, 'to')).toBe(id);
  });

  it('is one chat when everything is reported concurrently while access to it is being bought', async () => {
    const group = await openGroup();
    const id = await idAt(group, 'from');
    await reports(group, 'to');
    const [old, fresh] = [await sells(group, id), await sells(group, await idAt(group, 'to'))];
    const orders = await Promise.all(
      [old, fresh, old, fresh, old, fresh].map(({ id: product }) => place(group, product)),
    );
    await Promise.all([
      ...Object.values(FACTS).flatMap((tell) => [tell(group), tell(group)]),
      ...orders.map((order) => pay(group, order)),
    ]);
    expect(await rows(group)).toMatchObject([{ id, telegramId: group.to }]);
    expect(await access(group, id)).toMatchObject({
      state: 'invited',
      accessUntil: new Date(now.getTime() + 90 * DAY),
    });
  });

  it('is one chat when the supergroup and the upgrade are reported concurrently', async () => {
    const groups = await Promise.all(Array.from({ length: 5 }, () => openGroup()));
    await Promise.all(
      groups.flatMap((group) => [reports(group, 'to'), migrates(group), reports(group, 'to'), migrates(group)]),
    );
    for (const group of groups) expect(await rows(group)).toMatchObject([{ telegramId: group.to }]);
  });

  it.each([
    ['the old chat', 'the new chat', ['from', 'to']],
    ['the new chat', 'the old chat', ['to', 'from']],
  ] as const)(
    'is one chat when its upgrade is reported first and, days later, membership in %s and in %s',
    async (_first, _second, numbers) => {
      const group = { ...(await openGroup()), ...newNumbers() };
      const [hadOne] = [await rows(group)];
      await migrates(group);
      await migrates(group);
      for (const [n, number] of numbers.entries())
        await reports(group, number, ALL, new Date(now.getTime() + (n + 1) * DAY));
      for (const number of numbers) await reports(group, number, ALL, new Date(now.getTime() + 5 * DAY));
      const fresh = (await rows(group)).filter(({ id }) => !hadOne.some((one) => one.id === id));
      expect(fresh).toMatchObject([{ telegramId: group.to, formerTelegramId: group.from, type: 'supergroup' }]);
      for (const number of numbers) expect(await idAt(group, number)).toBe(fresh[0]?.id);
    },
  );

  it('is one chat for a bot that is added after another bot of the workspace has recorded the upgrade', async () => {
    const group = await openGroup();
    await migrates(group);
    const botId = await openSecondBot(group);
    await reports({ ...group, botId }, 'from');
    await reports({ ...group, botId }, 'to');
    expect(await rows({ ...group, botId })).toMatchObject([{ telegramId: group.to, formerTelegramId: group.from }]);
  });

  it("keeps the group's row even if the bot knew the supergroup first", async () => {
    const group = { ...(await openShop(db)), ...newNumbers() };
    await reports(group, 'to');
    await reports(group, 'from', ALL, new Date(now.getTime() + DAY));
    const [id, strayId] = [await idAt(group, 'from'), await idAt(group, 'to')];
    expect(strayId < id).toBe(true);
    await migrates(group);
    expect(await rows(group)).toMatchObject([{ id, telegramId: group.to, type: 'supergroup' }]);
    expect((await group.in((tx) => chats.get(tx, strayId))).id).toBe(id);
  });

  it('keeps the products and accesses of both numbers when the upgrade is reported late', async () => {
    const group = await openGroup();
    const id = await idAt(group, 'from');
    const old = await sells(group, id);
    await buys(group, old.id);
    await reports(group, 'to');
    const strayId = await idAt(group, 'to');
    expect(strayId).not.toBe(id);
    const fresh = await sells(group, strayId);
    await buys(group, fresh.id);
    await group.in(async (tx) => {
      const { id: accessId } = await accesses.of(tx, strayId, group.buyerId);
      await accesses.keepLink(tx, accessId, { link: 't.me/+new', expiresAt: null, former: null }, now);
    });
    await migrates(group);
    expect(await chatOf(group, fresh.id)).toBe(id);
    expect(await access(group, id)).toMatchObject({
      state: 'invited',
      link: 't.me/+new',
      linkLost: false,
      accessUntil: new Date(now.getTime() + 30 * DAY),
    });
    expect((await group.in((tx) => chats.get(tx, strayId))).id).toBe(id);
    const mayStay = (chatId: string) => group.in((tx) => accesses.mayStay(tx, chatId, group.buyerId, now));
    expect([await mayStay(id), await mayStay(strayId)]).toEqual([true, false]);
    expect((await sells(group, strayId)).chatId).toBe(id);
    expect(await group.in((tx) => accesses.list(tx, strayId, { limit: 10 } as never))).toMatchObject([
      { state: 'ended' },
    ]);
  });

  it('takes over the access of a buyer who bought only through the new number', async () => {
    const group = await openGroup();
    const id = await idAt(group, 'from');
    await reports(group, 'to');
    const strayId = await idAt(group, 'to');
    const fresh = await sells(group, strayId);
    await buys(group, fresh.id);
    await group.in(async (tx) =>
      accesses.entered(
        tx,
        await chats.get(tx, strayId),
        { userId: group.buyerId, link: undefined, viaRequest: false },
        now,
      ),
    );
    await migrates(group);
    expect(await access(group, id)).toMatchObject({ state: 'member', endedAt: null });
    expect(await group.in((tx) => accesses.list(tx, strayId, { limit: 10 } as never))).toEqual([]);
  });

  it('loses its links, and invited buyers get new ones', async () => {
    const group = await openGroup();
    const id = await idAt(group, 'from');
    const { id: productId } = await sells(group, id);
    await buys(group, productId);
    const before = await access(group, id);
    await group.in((tx) => accesses.keepLink(tx, before.id, { link: 't.me/+old', expiresAt: null, former: null }, now));
    await migrates(group);
    const look = await group.in((tx) => accesses.look(tx, before.id, now));
    expect(look).toMatchObject({ step: { kind: 'reinvite' }, access: { link: 't.me/+old', linkLost: true } });
    await group.in((tx) => accesses.reinvited(tx, before.id));
    expect((await group.in((tx) => accesses.look(tx, before.id, now)))?.step).toMatchObject({ kind: 'wait' });
  });

  it('also loses its links if the supergroup was known before', async () => {
    const group = await openGroup();
    const id = await idAt(group, 'from');
    await buys(group, (await sells(group, id)).id);
    const before = await access(group, id);
    await group.in((tx) => accesses.keepLink(tx, before.id, { link: 't.me/+old', expiresAt: null, former: null }, now));
    await reports(group, 'to');
    await migrates(group);
    expect(await group.in((tx) => accesses.look(tx, before.id, now))).toMatchObject({ step: { kind: 'reinvite' } });
  });

  it('is no longer known as an upgrade after 90 days', async () => {
    const group = await openGroup();
    const days = (count: number) => new Date(now.getTime() + count * DAY);
    const known = () =>
      group.in((tx) => tx.query('select from chat_upgrades where from_telegram_id = $1', [group.from]));
    const another = (at: Date) => group.in((tx) => chats.migrated(tx, newNumbers(), at));
    await migrates(group);
    await another(days(90));
    expect(await known()).toHaveLength(1);
    await another(days(90.1));
    expect(await known()).toHaveLength(0);
  });

  it('notifies the creator that the other chat was merged into it', async () => {
    const group = await openGroup();
    await reports(group, 'to');
    const strayId = await idAt(group, 'to');
    await migrates(group);
    const recorded = await group.in((tx) =>
      tx.query<{ type: string; data: object; previous: object }>(
        `select type, data, previous from events where tenant_id = $1 and type = 'chat.updated' order by id`,
        [tx.tenantId],
      ),
    );
    const merged = recorded.find(({ data }) => (data as { merged_into?: string }).merged_into !== null);
    expect(merged).toMatchObject({ data: { telegram_id: group.to }, previous: { merged_into: null } });
    expect(recorded).toContainEqual(
      expect.objectContaining({ previous: expect.objectContaining({ telegram_id: group.from, type: 'group' }) }),
    );
    expect(strayId).not.toBe('');
  });

  it("is upgraded for all bots of the workspace, so that none removes another's buyers", async () => {
    const group = await openGroup();
    const other = { ...group, botId: await openSecondBot(group) };
    await reports(other, 'from');
    await migrates(group);
    expect(await rows(other)).toMatchObject([{ telegramId: group.to, type: 'supergroup' }]);
  });

  it('is not changed in another workspace', async () => {
    const group = await openGroup();
    const stranger = { ...group, ...(await openShop(db)) };
    await reports(stranger, 'from');
    await reports(stranger, 'to');
    await migrates(group);
    expect(new Set((await rows(stranger)).map(({ telegramId }) => telegramId))).toEqual(
      new Set([group.to, group.from]),
    );
    await expect(group.in(async (tx) => chats.get(tx, await idAt(stranger, 'to')))).rejects.toThrow(NotFound);
  });

  it.each([
    ['the same number', -5, -5],
    ['a person', 5, -6],
    ['a number that no chat has', -5, -(2 ** 53)],
  ])('ignores an impossible upgrade: %s', async (_what, from, to) => {
    const group = await openGroup();
    await group.in((tx) =>
      chats.migrated(tx, { from: from === -5 ? group.from : from, to: to === -5 ? group.from : to }, now),
    );
    expect(await rows(group)).toMatchObject([{ telegramId: group.from, type: 'group' }]);
  });
});

async function openSecondBot({ tenantId }: Group): Promise<string> {
  const shop = await openShop(db);
  await db.inPlatform('a second bot for a test', (tx) =>
    tx.query(
      `insert into bots (tenant_id, id, telegram_id, username, name, info, token_sealed, token_last4, state)
       select $1, id, telegram_id + 1, username, name, info, token_sealed, token_last4, state from bots where id = $2`,
      [tenantId, shop.botId],
    ),
  );
  return shop.botId;
}

it('merging two chats moves everything that refers to a chat', async () => {
  const owner = await openAsOwner();
  const found: { name: string }[] = await owner.query(
    `select distinct conrelid::regclass::text as name from pg_constraint where contype = 'f' and confrelid = 'chats'::regclass order by 1`,
  );
  await owner.destroy();
  // ChatAccessStore.merge moves the first, ChatMigrations the others.
  expect(found.map(({ name }) => name)).toEqual(['chat_accesses', 'chat_paid_links', 'chats', 'products']);
});
