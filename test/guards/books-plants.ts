import { randomBytes, randomInt } from 'node:crypto';
import { newUuid } from '#libs/kernel';
import { LASTING_PLANTS } from './books-lasting.js';
import { AGO, type Plant, sql } from './books-plant.js';
import { sealedBytes } from './books-rows.js';
import { type BooksTenant, inserter, LONG_AGO } from './books-tenant.js';

const another =
  (table: string, row: (t: BooksTenant) => Readonly<Record<string, unknown>>): Plant =>
  (source, t) =>
    inserter(source, t)(table, row(t));

/** Builds a plant of DDL that contains the tenant's mark, because the catalogue has no tenants. */
const ddl =
  (...statements: ((mark: string) => string)[]): Plant =>
  async (source, { mark }) => {
    for (const statement of statements) await source.query(statement(mark));
  };

const ofCharge = (t: BooksTenant) => t.charge;
const ofOrder = (t: BooksTenant) => t.order;

/** A violation of each invariant, in a database without constraints. */
export const PLANTS: Readonly<Record<string, Plant>> = {
  telegram_payment_not_recorded: another('star_transactions', (t) => ({
    bot_id: t.bot,
    id: 'stx-nobody-knows',
    direction: 'in',
    kind: 'invoice_payment',
    amount: 5,
    nanostars: 0,
    position: 7,
    occurred_at: new Date(),
    raw: {},
    settled: false,
    read_at: new Date(0),
  })),
  charge_unknown_to_telegram: sql(
    'delete from star_transactions where tenant_id = $1 and id = $2',
    (t) => t.telegramCharge,
  ),
  charge_differs_from_telegram: sql(
    `update star_transactions set amount = 49 where tenant_id = $1 and id = $2`,
    (t) => t.telegramCharge,
  ),
  telegram_refund_not_recorded: (source, t) =>
    source.query(
      `insert into star_transactions (tenant_id, bot_id, id, direction, kind, amount, nanostars, buyer_id, position, occurred_at, raw, settled, read_at)
       values ($1, $2, $3, 'out', 'invoice_payment', 50, 0, $4, 9, now(), '{}', true, ${AGO})`,
      [t.tenant, t.bot, t.telegramCharge, t.buyer],
    ),
  refund_unknown_to_telegram: sql(
    `delete from star_transactions where tenant_id = $1 and id = $2 and direction = 'out'`,
    (t) => t.backTelegramCharge,
  ),
  reconciliation_stuck: sql(
    `update reconciliations set state = 'running', started_at = ${AGO}, finished_at = null where tenant_id = $1`,
  ),
  balance_unexplained: sql('update reconciliations set unexplained = 3 where tenant_id = $1'),

  unlocked_and_not_paid: another('orders', (t) => ({
    id: newUuid(),
    bot_id: t.bot,
    buyer_id: t.buyer,
    product_id: t.media,
    price_version: 1,
    stars: 50,
    state: 'expired',
    unlocked_at: LONG_AGO,
    expires_at: LONG_AGO,
  })),
  paid_and_not_unlocked: sql(
    'update orders set unlocked_at = null where tenant_id = $1 and id = $2',
    (t) => t.mediaOrder,
  ),

  spending_stuck: sql(
    `update spendings set state = 'begun', telegram_transaction_id = null where tenant_id = $1 and id = $2`,
    (t) => t.spending,
  ),
  spending_over_its_ceiling: sql(
    'update spendings set max_stars = 1 where tenant_id = $1 and id = $2',
    (t) => t.spending,
  ),
  spending_unknown_to_telegram: sql(
    'update spendings set telegram_transaction_id = null where tenant_id = $1 and id = $2',
    (t) => t.spending,
  ),
  spending_shown_by_a_strange_row: sql(
    'update star_transactions set amount = 14 where tenant_id = $1 and id = $2',
    (t) => `stx${t.spending}`,
  ),

  charge_without_order: sql('update charges set order_id = null where tenant_id = $1 and id = $2', ofCharge),
  order_paid_without_charge: sql(`delete from charges where tenant_id = $1 and id = $2`, ofCharge),
  charge_without_paid_order: sql(`update orders set state = 'approved' where tenant_id = $1 and id = $2`, ofOrder),
  order_and_charge_disagree: sql(
    `update orders set state = 'paid' where tenant_id = $1 and id = $2`,
    (t) => t.backOrder,
  ),
  charge_of_another_invoice: sql(`update orders set offer = 'offer:other:1' where tenant_id = $1 and id = $2`, ofOrder),
  order_paid_twice: sql(
    `insert into charges select (c).* from (select jsonb_populate_record(c, jsonb_build_object('id', gen_random_uuid(), 'telegram_charge_id', 'again')) c
     from charges c where tenant_id = $1 and id = $2) s`,
    ofCharge,
  ),
  charge_recorded_twice: sql(
    `insert into charges select (c).* from (select jsonb_populate_record(c, jsonb_build_object('id', gen_random_uuid())) c
     from charges c where tenant_id = $1 and id = $2) s`,
    ofCharge,
  ),
  charge_of_two_bots: async (source, t) => {
    const bot = newUuid();
    await source.query(
      `insert into bots select (b).* from (select jsonb_populate_record(b, jsonb_build_object('id', $2::uuid, 'telegram_id', 5, 'state', 'removed', 'token_sealed', null)) b
       from bots b where tenant_id = $1) s`,
      [t.tenant, bot],
    );
    await source.query(
      `insert into charges select (c).* from (select jsonb_populate_record(c, jsonb_build_object('id', gen_random_uuid(), 'bot_id', $3::uuid)) c
       from charges c where tenant_id = $1 and id = $2) s`,
      [t.tenant, t.charge, bot],
    );
    await source.query(`update charges set payload = $2 where tenant_id = $1`, [t.tenant, t.mark]);
  },
  charge_differs_from_order: sql('update orders set stars = 51 where tenant_id = $1 and id = $2', ofOrder),
  second_charge_kept: another('charges', (t) => ({
    id: newUuid(),
    bot_id: t.bot,
    telegram_charge_id: newUuid(),
    order_id: t.order,
    buyer_id: t.buyer,
    stars: 50,
    payload: t.order,
    match: 'duplicate',
    state: 'paid',
    source: 'update',
    occurred_at: new Date(),
  })),

  paid_orders_counted_wrong: sql('update order_counts set paid = 70 where tenant_id = $1'),

  erased_but_present: sql(
    `insert into buyers (tenant_id, bot_id, telegram_id, first_name) select tenant_id, id, -5, 'Rumpel' from bots where tenant_id = $1`,
  ),
  erased_person_kept: sql(
    `insert into erasures (tenant_id, id, pseudonym, telegram_id_sealed, keep_until, requested_by)
     values ($1, gen_random_uuid(), -5, '\\x00', ${AGO}, 'somebody')`,
  ),
  closed_but_open: sql(`update tenants set state = 'closed' where id = $1`),

  ...LASTING_PLANTS,

  posting_not_zero: sql(
    `update ledger_entries set stars = -49 where tenant_id = $1 and cause_id = $2 and account = 'earned'`,
    ofCharge,
  ),
  charge_without_posting: sql('delete from ledger_entries where tenant_id = $1 and cause_id = $2', ofCharge),
  refund_without_posting: sql('delete from ledger_entries where tenant_id = $1 and cause_id = $2', (t) => t.refund),
  posting_without_cause: sql(
    'update ledger_entries set cause_id = gen_random_uuid() where tenant_id = $1 and cause_id = $2',
    ofCharge,
  ),
  posted_to_wrong_account: sql(
    `update ledger_entries set account = 'held' where tenant_id = $1 and cause_id = $2 and account = 'earned'`,
    ofCharge,
  ),

  two_live_refunds: another('refunds', (t) => ({
    id: newUuid(),
    charge_id: t.backCharge,
    state: 'requested',
    requested_by: 'system',
  })),
  refund_and_charge_disagree: sql(
    `update charges set state = 'refund_pending' where tenant_id = $1 and id = $2`,
    ofCharge,
  ),
  refund_stuck: sql(`update refunds set state = 'unknown' where tenant_id = $1`),
  promise_dropped: sql(
    `with dropped as (
       update refunds set state = 'failed', requested_by = 'system' where tenant_id = $1 and charge_id = $2 returning charge_id
     ) update charges c set state = 'paid' from dropped d where c.tenant_id = $1 and c.id = d.charge_id`,
    (t) => t.backCharge,
  ),
  delayed_and_untold: sql(
    `update refunds set state = 'requested', requested_by = 'system', created_at = ${AGO} where tenant_id = $1 and charge_id = $2`,
    (t) => t.backCharge,
  ),
  refunded_but_entitled: sql(
    `update entitlements set state = 'active' where tenant_id = $1 and charge_id = $2`,
    (t) => t.backCharge,
  ),
  paid_but_not_entitled: sql('delete from entitlements where tenant_id = $1 and charge_id = $2', ofCharge),
  entitled_without_charge: sql(
    'update entitlements set buyer_id = buyer_id + 1 where tenant_id = $1 and charge_id = $2',
    ofCharge,
  ),

  payment_update_lost: sql(
    'update charges set telegram_charge_id = gen_random_uuid()::text where tenant_id = $1 and id = $2',
    ofCharge,
  ),
  refund_update_lost: sql(`update charges set state = 'paid' where tenant_id = $1 and id = $2`, (t) => t.backCharge),
  update_stuck: sql(
    `update inbox set state = 'waiting', due_at = ${AGO}, received_at = ${AGO} where tenant_id = $1 and order_id = $2`,
    ofOrder,
  ),
  money_update_parked: sql(
    `update inbox set state = 'parked', received_at = ${AGO} where tenant_id = $1 and order_id = $2`,
    ofOrder,
  ),

  event_missing: sql(`delete from events where tenant_id = $1 and order_id = $2 and type = 'order.paid'`, ofOrder),
  event_twice: sql(
    `insert into events select (v).* from (select jsonb_populate_record(v, jsonb_build_object('id', gen_random_uuid())) v
     from events v where tenant_id = $1 and order_id = $2 and type = 'order.paid') s`,
    ofOrder,
  ),
  event_number_wrong: sql(`update events set sequence = 99 where tenant_id = $1 and id = $2`, (t) => t.event),
  event_not_relayed: sql('update events set relayed_at = null where tenant_id = $1 and id = $2', (t) => t.event),
  job_stuck: another('jobs', (t) => ({ kind: 'x', subject: t.order, queue: 'x', due_at: new Date(0) })),
  job_parked: another('jobs', (t) => ({
    kind: 'x',
    subject: t.order,
    queue: 'x',
    state: 'parked',
    created_at: new Date(0),
  })),
  paid_and_forgotten: sql(`update orders set delivery = 'waiting' where tenant_id = $1 and id = $2`, ofOrder),
  handed_over_twice: another('handover_attempts', (t) => ({
    id: newUuid(),
    order_id: t.order,
    round: 1,
    outcome: 'delivered',
    message_id: randomInt(2 ** 30, 2 ** 31),
  })),
  webhook_after_success: another('webhook_attempts', (t) => ({
    id: newUuid(),
    delivery_id: t.delivery,
    number: 3,
    ok: false,
    duration_ms: 1,
  })),
  webhook_delivered_without_success: sql('delete from webhook_attempts where tenant_id = $1'),
  support_answer_forgotten: async (source, t) => {
    const insert = inserter(source, t);
    const thread = newUuid();
    await insert('support_threads', { id: thread, bot_id: t.bot, buyer_id: t.buyer, state: 'answered' });
    await insert('support_messages', {
      id: newUuid(),
      thread_id: thread,
      direction: 'creator',
      text: 'Sorry!',
      account_id: newUuid(),
      delivery: 'waiting',
      created_at: new Date(0),
    });
  },
  webhook_forgotten: sql(`update webhook_deliveries set state = 'pending' where tenant_id = $1`),

  reservation_kept: sql(
    `update orders set stock_reserved = true, state = 'expired' where tenant_id = $1 and id = $2`,
    ofOrder,
  ),

  credits_differ_from_entries: sql('update credit_accounts set balance = 8 where tenant_id = $1'),
  credits_negative: sql('update credit_accounts set balance = -1 where tenant_id = $1'),
  credits_differ_from_lots: sql('update credit_lots set remaining = 6 where tenant_id = $1'),
  credits_counted_wrong: sql('update credit_entries set number = 5 where tenant_id = $1 and number = 2'),
  credits_reserved_wrong: sql(`update credit_reservations set state = 'released' where tenant_id = $1`),
  credits_not_given: sql('update credit_lots set charge_id = null where tenant_id = $1'),

  order_and_credits_disagree: sql(
    `update orders set state = 'refunded' where tenant_id = $1 and id = $2`,
    (t) => t.useOrder,
  ),

  credit_request_unanswered: another('credit_requests', () => ({ key: 'k', fingerprint: randomBytes(32) })),

  licence_key_not_given: sql('delete from licence_keys where tenant_id = $1 and order_id = $2', (t) => t.licenceOrder),
  licence_key_of_nobody: sql(
    `update licence_keys set state = 'burned' where tenant_id = $1 and order_id = $2`,
    (t) => t.licenceOrder,
  ),
  licence_keys_counted_wrong: sql('update products set stock = 2 where tenant_id = $1 and id = $2', (t) => t.licence),

  promo_uses_counted_wrong: sql('update promo_codes set uses = 2 where tenant_id = $1'),
  promo_price_wrong: sql('update promo_codes set percent_off = 40 where tenant_id = $1'),
  promo_use_forgotten: sql('update orders set promo_taken = false where tenant_id = $1 and id = $2', ofOrder),

  reference_across_tenants: async (source, t) => {
    await source.query(`create table ${t.mark} (tenant_id uuid not null, order_id uuid not null)`);
    await source.query(`insert into ${t.mark} values ($1, $2)`, [newUuid(), t.order]);
  },
  route_astray: sql('update bot_routes set telegram_id = -telegram_id where owner_tenant = $1'),
  nonce_reused: async (source, t) => {
    const sealed = sealedBytes();
    await source.query('update bots set token_sealed = $2 where tenant_id = $1', [t.tenant, sealed]);
    await source.query('update endpoints set secret_sealed = $2 where tenant_id = $1', [t.tenant, sealed]);
  },
  data_key_missing: (source, t) =>
    source.query('update bots set token_sealed = $2 where tenant_id = $1', [
      t.tenant,
      Buffer.concat([Buffer.of(2), randomBytes(80)]),
    ]),
  tenant_table_open: ddl((mark) => `create table ${mark} (tenant_id uuid not null)`),
  view_open: ddl((mark) => `create view ${mark} as select * from orders`),
  foreign_key_without_tenant: ddl(
    (mark) => `create table ${mark}_there (tenant_id uuid not null, id uuid primary key)`,
    (mark) => `create table ${mark} (tenant_id uuid not null, there uuid references ${mark}_there (id))`,
  ),
  application_too_strong: ddl(
    (mark) => `create table ${mark} (tenant_id uuid not null)`,
    (mark) => `alter table ${mark} owner to starwall_app`,
  ),
};
