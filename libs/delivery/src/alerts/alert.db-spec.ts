import type { DataSource } from 'typeorm';
import type { Database } from '#libs/database';
import { EventStore, JobStore } from '#libs/journal';
import { MINUTE, newUuid } from '#libs/kernel';
import { openAsOwner, openTestDatabase } from '../../../../test/support/database.js';
import { openShop, paymentFor, salesServices, type Shop } from '../../../../test/support/shop.js';
import { ALERTS_A_MINUTE, type AlertSwitches } from './alert.js';
import { AlertService } from './alert.service.js';

let db: Database;
let source: DataSource;
let owner: DataSource;
const { checkout, payments } = salesServices();
const alerts = new AlertService(new EventStore(), new JobStore());

beforeAll(async () => {
  ({ db, source } = await openTestDatabase());
  owner = await openAsOwner();
});
afterAll(() => Promise.all([source.destroy(), owner.destroy()]));

const OFF: AlertSwitches = { sales: false, failures: false, support: false };
const setChat = (shop: Shop, switches: Partial<AlertSwitches>, accountId = newUuid()) =>
  shop.in((tx) => alerts.setChat(tx, { ...OFF, ...switches, botId: shop.botId, telegramId: shop.buyerId, accountId }));
const about = (shop: Shop, eventId: string, now: Date) => shop.in((tx) => alerts.about(tx, eventId, now));

/** Pays an order. @returns the id of its event */
async function sale(shop: Shop): Promise<string> {
  const { order } = await shop.in((tx) => checkout.place(tx, { ...shop, updateId: 1 }, new Date()));
  await shop.in((tx) => payments.record(tx, paymentFor(order), new Date()));
  const [event] = await shop.in((tx) => tx.query<{ id: string }>(`select id from events where type = 'order.paid'`));
  return String(event?.id);
}

async function member(shop: Shop, role: string): Promise<string> {
  const id = newUuid();
  const account = [id, `${id}@example.com`];
  await owner.query(`insert into accounts (id, email, password_hash) values ($1, $2, 'none')`, account);
  await owner.query('insert into memberships (tenant_id, account_id, role) values ($1, $2, $3)', [
    shop.tenantId,
    id,
    role,
  ]);
  return id;
}

describe('a sale', () => {
  it('is reported if the creator has switched sales on, at most twenty times a minute', async () => {
    const shop = await openShop(db);
    const [event, now] = [await sale(shop), new Date()];
    expect(await about(shop, event, now)).toBeUndefined();
    await setChat(shop, { failures: true, support: true });
    expect(await about(shop, event, now)).toBeUndefined();

    await setChat(shop, { sales: true });
    for (let n = 1; n <= ALERTS_A_MINUTE; n += 1) {
      const told = await about(shop, event, now);
      expect(told).toMatchObject({ botId: shop.botId, telegramId: shop.buyerId });
      expect(told?.text).toMatch(/^💰 “Guide” was bought for 50 Stars\.\nBot: @shop_bot\nBuyer: Buyer\nord_/);
    }
    expect(await about(shop, event, now)).toBeUndefined();
    expect(await about(shop, event, new Date(Date.now() + MINUTE + 1))).toBeDefined();
  });

  it('is not reported to another workspace', async () => {
    const [shop, other] = [await openShop(db), await openShop(db)];
    const event = await sale(other);
    await setChat(shop, { sales: true });
    expect(await about(shop, event, new Date())).toBeUndefined();
  });
});

describe('a creator’s server that refuses orders', () => {
  const { fulfilments } = salesServices();
  const refuse = (shop: Shop, orderId: string, at = new Date()) =>
    shop.in((tx) => fulfilments.recordRefusal(tx, orderId, 'your server answered 401', at));
  const eventOf = async (shop: Shop, orderId: string, type: string) => {
    const sql = 'select id from events where order_id = $1 and type = $2';
    const [event] = await shop.in((tx) => tx.query<{ id: string }>(sql, [orderId, type]));
    return String(event?.id);
  };
  async function outage() {
    const shop = await openShop(db, {
      kind: 'callback',
      content: null as never,
      fulfilmentUrl: 'https://creator.com/',
      fulfilmentDeadlineSeconds: 3_600,
    });
    await setChat(shop, {});
    const orders: string[] = [];
    for (const updateId of [1, 2]) {
      const { order } = await shop.in((tx) => checkout.place(tx, { ...shop, updateId }, new Date()));
      await shop.in((tx) => payments.record(tx, paymentFor(order), new Date()));
      await refuse(shop, order.id);
      orders.push(order.id);
    }
    return { shop, first: String(orders[0]), second: String(orders[1]) };
  }

  it('is reported once with the reason, even with all switches off, and once more after its recovery', async () => {
    const { shop, first, second } = await outage();
    const told = async (orderId: string, type: string) =>
      (await about(shop, await eventOf(shop, orderId, type), new Date()))?.text;
    expect(await told(first, 'order.fulfilment_refused')).toMatch(
      /refuses to make goods[\s\S]*Reason: your server answered 401[\s\S]*“Guide”/,
    );
    expect(await told(second, 'order.fulfilment_refused')).toBeUndefined();
    for (const orderId of [first, second]) {
      await shop.in((tx) => fulfilments.recordGenerating(tx, orderId, new Date()));
      const recovered = await told(orderId, 'order.fulfilment_recovered');
      if (orderId === first) expect(recovered).toBeUndefined();
      else expect(recovered).toContain('makes goods again');
    }
  });
});

describe('an answer from the alert chat', () => {
  const answerer = (shop: Shop, botId = shop.botId, telegramId = shop.buyerId) =>
    shop.in((tx) => alerts.answererIn(tx, botId, telegramId));

  it.each([
    ['owner', true],
    ['admin', true],
    ['support', true],
    ['viewer', false],
  ])('is accepted from a member with the role %s: %j', async (role, may) => {
    const shop = await openShop(db);
    const account = await member(shop, role);
    await setChat(shop, { support: true }, account);
    expect(await answerer(shop)).toBe(may ? account : undefined);
  });

  it('is rejected in another chat, with another bot, in another workspace, or without the member', async () => {
    const [shop, other] = [await openShop(db), await openShop(db)];
    const account = await member(shop, 'owner');
    expect(await answerer(shop)).toBeUndefined();
    await setChat(shop, { support: true }, account);
    expect(await answerer(shop, shop.botId, shop.buyerId + 1)).toBeUndefined();
    expect(await answerer(shop, newUuid())).toBeUndefined();
    expect(await answerer(other, shop.botId, shop.buyerId)).toBeUndefined();
    await owner.query('delete from memberships where tenant_id = $1', [shop.tenantId]);
    expect(await answerer(shop)).toBeUndefined();
  });
});
