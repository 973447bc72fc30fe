import { randomBytes, randomInt } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { newUuid } from '#libs/kernel';
import { giftGiven, mediaSale } from './books-media.js';
import { accessSale } from './books-chat.js';
import { subscribed } from './books-subscription.js';
import { type BooksTenant, type Insert, inserter, LONG_AGO, newBooksTenant } from './books-tenant.js';

export type Rows = readonly Record<string, unknown>[];

/** Creates a tenant whose ledger is correct and so old that nothing is excused as recent. */
export async function cleanTenant(source: DataSource): Promise<BooksTenant> {
  const t = newBooksTenant();
  const insert = inserter(source, t);
  await source.query('insert into tenants (id, name) values ($1, $2)', [t.tenant, 'In order']);
  await shop(insert, source, t);
  await sale(insert, t, { order: t.order, charge: t.charge, telegramCharge: t.telegramCharge, product: t.product });
  await told(insert, t);
  await refundedSale(insert, t);
  await settleRefund(source, t);
  await creditSale(insert, t);
  await subscribed(insert, source, t, sale);
  await licenceSale(insert, t);
  await mediaSale(insert, source, t, sale);
  await giftGiven(insert, t);
  await accessSale(insert, source, t, sale);
  await promoted(insert, source, t);
  await reconciled(insert, t);
  await insert('order_counts', { month: '2026-01-01', slot: 3, paid: 8 });
  return t;
}

/** Returns bytes as long and as undecipherable as a secret sealed with a master key. */
export const sealedBytes = () => Buffer.concat([Buffer.of(1), randomBytes(79)]);

async function shop(insert: Insert, source: DataSource, t: BooksTenant): Promise<void> {
  await insert('bots', {
    id: t.bot,
    telegram_id: t.telegramId,
    username: 'a_bot',
    name: 'A',
    info: '{}',
    token_sealed: sealedBytes(),
    token_last4: 'abcd',
    state: 'active',
  });
  await source.query(
    'insert into bot_routes (path_key, telegram_id, owner_tenant, bot_id, secret_hash) values ($1, $2, $3, $4, $5)',
    [randomBytes(24).toString('hex'), t.telegramId, t.tenant, t.bot, randomBytes(32)],
  );
  await insert('buyers', { bot_id: t.bot, telegram_id: t.buyer });
  const product = { bot_id: t.bot, title: 'Guide', description: 'A guide', price_version: 1, stars: 50 };
  await insert('products', { ...product, id: t.product, kind: 'text', content: 'Thank you' });
  await insert('products', { ...product, id: t.credits, kind: 'credits', credit_unit: 'images', credit_amount: 10 });
  await insert('products', { ...product, id: t.licence, kind: 'licence_key', stock: 1 });
  for (const id of [t.product, t.credits, t.licence])
    await insert('price_versions', { product_id: id, version: 1, stars: 50 });
}

export type Sell = typeof sale;

interface SaleIds {
  readonly order: string;
  readonly charge: string;
  readonly telegramCharge: string;
  readonly product: string;
}

async function sale(insert: Insert, t: BooksTenant, ids: SaleIds): Promise<void> {
  await insert('orders', {
    id: ids.order,
    bot_id: t.bot,
    buyer_id: t.buyer,
    product_id: ids.product,
    price_version: 1,
    stars: 50,
    state: 'paid',
    delivery: 'delivered',
    paid_at: LONG_AGO,
    delivered_at: LONG_AGO,
    expires_at: LONG_AGO,
    event_sequence: 2,
    updated_at: LONG_AGO,
  });
  await insert('charges', {
    id: ids.charge,
    bot_id: t.bot,
    telegram_charge_id: ids.telegramCharge,
    order_id: ids.order,
    buyer_id: t.buyer,
    stars: 50,
    payload: ids.order,
    match: 'order',
    state: 'paid',
    source: 'update',
    occurred_at: LONG_AGO,
  });
  await post(insert, t, 'charge', ids.charge, 50);
  await insert('entitlements', {
    id: newUuid(),
    bot_id: t.bot,
    buyer_id: t.buyer,
    product_id: ids.product,
    order_id: ids.order,
    charge_id: ids.charge,
    state: 'active',
    starts_at: LONG_AGO,
  });
  await insert('inbox', {
    bot_id: t.bot,
    update_id: randomInt(2 ** 40),
    lane: t.buyer,
    kind: 'successful_payment',
    body: { message: { successful_payment: { telegram_payment_charge_id: ids.telegramCharge } } },
    state: 'done',
    received_at: LONG_AGO,
    due_at: LONG_AGO,
    order_id: ids.order,
  });
  await announce(insert, t, newUuid(), 'order.paid', ids.order, 1);
  await transaction(insert, t, ids.telegramCharge, 'in');
}

async function post(insert: Insert, t: BooksTenant, cause: string, causeId: string, stars: number): Promise<void> {
  const entry = { bot_id: t.bot, cause, cause_id: causeId };
  await insert('ledger_entries', { ...entry, id: newUuid(), account: 'telegram', stars });
  await insert('ledger_entries', { ...entry, id: newUuid(), account: 'earned', stars: -stars });
}

const announce = (insert: Insert, t: BooksTenant, id: string, type: string, order: string, sequence: number) =>
  insert('events', {
    id,
    type,
    bot_id: t.bot,
    order_id: order,
    sequence,
    data: {},
    created_at: LONG_AGO,
    relayed_at: LONG_AGO,
  });

const transaction = (insert: Insert, t: BooksTenant, id: string, direction: 'in' | 'out') =>
  insert('star_transactions', {
    bot_id: t.bot,
    id,
    direction,
    kind: 'invoice_payment',
    amount: 50,
    nanostars: 0,
    buyer_id: t.buyer,
    position: randomInt(2 ** 30),
    occurred_at: LONG_AGO,
    raw: {},
    settled: true,
    read_at: LONG_AGO,
  });

async function told(insert: Insert, t: BooksTenant): Promise<void> {
  await insert('handover_attempts', {
    id: newUuid(),
    order_id: t.order,
    round: 1,
    outcome: 'delivered',
    message_id: randomInt(2 ** 30),
  });
  await announce(insert, t, t.event, 'order.delivered', t.order, 2);
  await insert('endpoints', { id: t.endpoint, url: 'https://creator.example/hook', secret_sealed: sealedBytes() });
  await insert('webhook_deliveries', {
    id: t.delivery,
    endpoint_id: t.endpoint,
    event_id: t.event,
    state: 'delivered',
    attempts: 2,
    created_at: LONG_AGO,
  });
  for (const [number, ok] of [
    [1, false],
    [2, true],
  ]) {
    await insert('webhook_attempts', { id: newUuid(), delivery_id: t.delivery, number, ok, duration_ms: 1 });
  }
}

async function refundedSale(insert: Insert, t: BooksTenant): Promise<void> {
  const ids = { order: t.backOrder, charge: t.backCharge, telegramCharge: t.backTelegramCharge, product: t.product };
  await sale(insert, t, ids);
  await insert('refunds', {
    id: t.refund,
    charge_id: t.backCharge,
    order_id: t.backOrder,
    state: 'refunded',
    requested_by: 'system',
    updated_at: LONG_AGO,
  });
  await post(insert, t, 'refund', t.refund, -50);
  await announce(insert, t, t.backEvent, 'order.refunded', t.backOrder, 2);
  await transaction(insert, t, t.backTelegramCharge, 'out');
  await insert('inbox', {
    bot_id: t.bot,
    update_id: randomInt(2 ** 40),
    lane: t.buyer,
    kind: 'refunded_payment',
    body: { message: { refunded_payment: { telegram_payment_charge_id: t.backTelegramCharge } } },
    state: 'done',
  });
}

async function creditSale(insert: Insert, t: BooksTenant): Promise<void> {
  const ids = {
    order: t.creditOrder,
    charge: t.creditCharge,
    telegramCharge: t.creditTelegramCharge,
    product: t.credits,
  };
  await sale(insert, t, ids);
  await insert('credit_accounts', {
    id: t.account,
    buyer_id: t.buyer,
    unit: 'images',
    balance: 7,
    reserved: 2,
    entries: 2,
  });
  const lot = { account_id: t.account, charge_id: t.creditCharge, amount: 10, remaining: 7, reserved: 2 };
  await insert('credit_lots', { id: t.lot, ...lot });
  const entry = { account_id: t.account, lot_id: t.lot };
  const bought = { number: 1, cause: 'purchase', cause_id: t.creditCharge, amount: 10, balance: 10 };
  await insert('credit_entries', { id: newUuid(), ...entry, ...bought });
  await spentCredits(insert, t, entry);
  await insert('credit_reservations', {
    id: t.reservation,
    account_id: t.account,
    amount: 2,
    state: 'open',
    expires_at: LONG_AGO,
  });
  await insert('credit_holds', { reservation_id: t.reservation, lot_id: t.lot, amount: 2 });
}

/** Inserts an order paid with three of the credits. */
async function spentCredits(insert: Insert, t: BooksTenant, entry: Readonly<Record<string, unknown>>): Promise<void> {
  await insert('orders', {
    id: t.useOrder,
    bot_id: t.bot,
    buyer_id: t.buyer,
    product_id: t.product,
    price_version: 1,
    stars: 0,
    billing: 'credits',
    credit_unit: 'images',
    credit_amount: 3,
    state: 'paid',
    delivery: 'delivered',
    paid_at: LONG_AGO,
    delivered_at: LONG_AGO,
    expires_at: LONG_AGO,
    updated_at: LONG_AGO,
  });
  const held = { id: newUuid(), account_id: t.account, order_id: t.useOrder, amount: 3, committed: 3 };
  await insert('credit_reservations', { ...held, state: 'committed', closed_at: LONG_AGO });
  await insert('credit_holds', { reservation_id: held.id, lot_id: t.lot, amount: 3 });
  const spent = { number: 2, cause: 'reservation', cause_id: held.id, amount: -3, balance: 7 };
  await insert('credit_entries', { id: newUuid(), ...entry, ...spent });
}

/** Inserts a licence pool with one sold key and one unsold key. */
async function licenceSale(insert: Insert, t: BooksTenant): Promise<void> {
  const ids = {
    order: t.licenceOrder,
    charge: t.licenceCharge,
    telegramCharge: t.licenceTelegramCharge,
    product: t.licence,
  };
  await sale(insert, t, ids);
  await insert('licence_pools', { product_id: t.licence });
  const key = () => ({
    id: newUuid(),
    product_id: t.licence,
    key_sealed: sealedBytes(),
    key_hash: randomBytes(32),
    hint: '',
  });
  await insert('licence_keys', { ...key(), state: 'sold', order_id: t.licenceOrder, sold_at: LONG_AGO });
  await insert('licence_keys', key());
}

/** Marks the first sale as sold at half the price. */
async function promoted(insert: Insert, source: DataSource, t: BooksTenant): Promise<void> {
  await insert('promo_codes', { id: t.promo, bot_id: t.bot, code: 'SPRING', percent_off: 50, uses: 1 });
  await source.query(
    'update orders set promo_code_id = $3, list_stars = 100, promo_taken = true where tenant_id = $1 and id = $2',
    [t.tenant, t.order, t.promo],
  );
}

const reconciled = (insert: Insert, t: BooksTenant) =>
  insert('reconciliations', {
    id: t.reconciliation,
    bot_id: t.bot,
    state: 'succeeded',
    trigger: 'request',
    unexplained: 0,
    explanation: {},
    started_at: new Date(Date.now() + 86_400_000),
    finished_at: LONG_AGO,
  });

/** Turns the second sale into a refunded one, because both start with the same rows. */
async function settleRefund(source: DataSource, t: BooksTenant): Promise<void> {
  await source.query(
    `update orders set state = 'refunded', refunded_at = now(), delivery = 'revoked' where tenant_id = $1 and id = $2`,
    [t.tenant, t.backOrder],
  );
  await source.query(`update charges set state = 'refunded' where tenant_id = $1 and id = $2`, [
    t.tenant,
    t.backCharge,
  ]);
  await source.query(
    `update entitlements set state = 'revoked', revoked_at = now() where tenant_id = $1 and charge_id = $2`,
    [t.tenant, t.backCharge],
  );
}
