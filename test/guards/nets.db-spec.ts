import type { DataSource } from 'typeorm';
import { loadEntities } from './entities.js';
import { type Guarded, openGuarded } from './guarded.js';

/** Unique constraints. Each SQL fragment describes a row that, inserted twice, violates only that constraint. */
const UNIQUE: Readonly<Record<string, string>> = {
  account_links_token_hash_key: `token_hash = 'h'`,
  accounts_email_key: '',
  api_keys_tenant_id_hash_key: '',
  bot_import_lines_tenant_id_import_id_line_key: '',
  bot_removals_open: `state = 'running'`,
  bot_routes_telegram_key: `environment = 'live', telegram_id = 1`,
  bot_texts_one: '',
  bots_telegram_key: '',
  business_connections_tenant_id_bot_id_telegram_connection_i_key: '',
  charges_one_per_order: `match = 'order'`,
  charges_tenant_id_bot_id_telegram_charge_id_key: '',
  chat_accesses_tenant_id_chat_id_buyer_id_key: '',
  chats_former_number: 'merged_into = null, former_telegram_id = 1',
  chats_number: 'merged_into = null',
  closures_one: `state = 'pending'`,
  credit_accounts_tenant_id_buyer_id_unit_key: '',
  credit_entries_tenant_id_account_id_number_key: '',
  credit_entries_tenant_id_cause_cause_id_lot_id_key: '',
  credit_lots_tenant_id_charge_id_key: `charge_id = id`,
  credit_reservations_order: 'order_id = id',
  data_keys_tenant_id_generation_key: '',
  entitlements_tenant_id_charge_id_key: 'charge_id = id',
  erasures_tenant_id_pseudonym_key: '',
  invitations_tenant_id_token_hash_key: '',
  key_rotations_running: `owner = 'o', finished_at = null`,
  ledger_entries_tenant_id_cause_cause_id_account_key: '',
  licence_keys_tenant_id_order_id_key: 'order_id = id',
  licence_keys_tenant_id_product_id_key_hash_key: '',
  orders_offer_open: `offer = 'o', state = 'approved'`,
  orders_tenant_id_bot_id_placed_by_update_key: 'placed_by_update = 1',
  paid_commands_one: '',
  platform_keys_generation_key: 'generation = 1',
  product_posts_tenant_id_request_key: `request = 'r'`,
  products_tenant_id_bot_id_id_key: '',
  promo_codes_tenant_id_bot_id_code_key: '',
  reconciliations_one_running: `state = 'running'`,
  refunds_one_live: `state = 'requested'`,
  signing_keys_purpose_generation_key: `purpose = 'p', generation = 1`,
  spendings_tenant_id_idempotency_key_key: '',
  spendings_transaction: `telegram_transaction_id = 't'`,
  staff_accounts_email_key: `email = 'e'`,
  stray_payments_tenant_id_bot_id_update_id_key: '',
  order_views_name_key: '',
  support_messages_tenant_id_thread_id_telegram_message_id_key: 'telegram_message_id = 1',
  support_threads_one_live: `state = 'open'`,
  telegram_links_account: 'linked_at = now(), ended_at = null',
  telegram_links_person: 'telegram_id = 1, linked_at = now(), ended_at = null',
  telegram_links_tenant_id_code_hash_key: '',
};

/** Constraints between columns of one row of money, with a change that violates each. */
const CHECKS: Readonly<Record<string, string>> = {
  charges_check: `match = 'order', order_id = null`,
  credit_accounts_check: 'balance = 1, reserved = 2',
  credit_entries_check: `cause = 'debit', amount = 1`,
  credit_lots_check: 'amount = 1, remaining = 2',
  credit_lots_check1: 'remaining = 1, reserved = 2',
  credit_lots_check2: 'amount = 1, clawed_back = 2',
  credit_lots_check3: 'refund_id = null, clawed_back = 1',
  credit_reservations_check: 'amount = 1, committed = 2',
  credit_reservations_check1: `state = 'committed', committed = null`,
  credit_reservations_check2: `state = 'open', closed_at = now()`,
  credit_reservations_end_check: 'order_id = null, expires_at = null',
  entitlements_check: `state = 'revoked', revoked_at = null`,
  entitlements_ends_check: 'starts_at = now(), ends_at = now()',
  orders_billing_subscription_check: `billing = 'purchase', subscription_id = id`,
  orders_check: `state = 'paid', paid_at = null`,
  orders_check1: `state = 'refunded', refunded_at = null`,
  orders_credits_check: `billing = 'credits', credit_unit = null`,
  orders_promo_check: 'promo_code_id = null, list_stars = null, promo_taken = true',
  orders_reported_when_check: `reported = 'active', reported_at = null`,
  orders_stars_check: `billing = 'purchase', stars = 0`,
  promo_codes_check: 'percent_off = null, stars_off = null',
  promo_codes_check1: 'starts_at = now(), ends_at = now()',
  spendings_check: 'stars = 2, max_stars = 1',
  spendings_check1: `state = 'begun', telegram_transaction_id = 't'`,
};
/** The tables of these constraints. */
const OF_MONEY = `('orders', 'charges', 'refunds', 'ledger_entries', 'entitlements', 'credit_accounts', 'credit_lots', 'credit_entries',
  'credit_reservations', 'spendings', 'promo_codes')`;

interface Net {
  readonly name: string;
  readonly table: string;
}

const EVERY_UNIQUE = `
select c.relname::text as name, i.indrelid::regclass::text as "table" from pg_index i join pg_class c on c.oid = i.indexrelid
where c.relnamespace = 'public'::regnamespace and i.indisunique and not i.indisprimary and i.indrelid::regclass::text <> 'migrations'`;
const EVERY_CHECK = `
select conname::text as name, conrelid::regclass::text as "table" from pg_constraint
where connamespace = 'public'::regnamespace and contype = 'c' and cardinality(conkey) > 1 and conname not like '%readable'
  and conrelid::regclass::text in ${OF_MONEY}`;
/** Selects statements that remove all constraints of a table but one. */
const ALL_BUT = `
select format('alter table %s drop constraint %I cascade', conrelid::regclass, conname) as sql from pg_constraint
where conrelid = $1::regclass and conname <> $2 and contype in ('c', 'p', 'u', 'f')
union all
select format('drop index %s', indexrelid::regclass) from pg_index
where indrelid = $1::regclass and indisunique and indexrelid::regclass::text <> $2
  and not exists (select from pg_constraint where conindid = indexrelid)
union all
select format('alter table %s disable trigger user', $1::regclass)
union all
select format('alter table %s alter column %I drop not null', attrelid::regclass, attname) from pg_attribute
where attrelid = $1::regclass and attnum > 0 and not attisdropped`;

let guarded: Guarded;
let owner: DataSource;
const tableOf = new Map<string, string>();

beforeAll(async () => {
  await loadEntities();
  guarded = await openGuarded();
  ({ owner } = guarded);
  for (const sql of [EVERY_UNIQUE, EVERY_CHECK]) {
    for (const { name, table } of await owner.query<Net[]>(sql)) tableOf.set(name, table);
  }
});
afterAll(() => guarded.close());

/** Runs statements on a table with only one constraint left, and rolls back. @returns the constraint that refused them */
async function refusedBy(net: string, work: (table: string) => readonly string[]): Promise<unknown> {
  const table = tableOf.get(net);
  if (table === undefined) return 'there is no such net';
  const runner = owner.createQueryRunner();
  await runner.query('begin');
  try {
    for (const { sql } of await runner.query(ALL_BUT, [table, net])) await runner.query(sql);
    for (const sql of work(table)) await runner.query(sql);
    return 'nobody';
  } catch (error) {
    return (error as { driverError?: { constraint?: string } }).driverError?.constraint ?? error;
  } finally {
    await runner.query('rollback');
    await runner.release();
  }
}

describe('a unique constraint', () => {
  it('is listed here by name', async () => {
    const names = (await owner.query<Net[]>(EVERY_UNIQUE)).map(({ name }) => name);
    expect(names.toSorted()).toEqual(Object.keys(UNIQUE).toSorted());
  });

  it.each(Object.entries(UNIQUE))('is enforced: %s', async (net, change) => {
    const twice = (table: string) => [
      `insert into ${table} select (null::${table}).* where not exists (select from ${table})`,
      ...(change === '' ? [] : [`update ${table} set ${change}`]),
      `insert into ${table} select * from ${table} limit 1`,
    ];
    expect(await refusedBy(net, twice)).toBe(net);
  });
});

describe('a check constraint on a row of money', () => {
  it('is listed here by name', async () => {
    const names = (await owner.query<Net[]>(EVERY_CHECK)).map(({ name }) => name);
    expect(names.toSorted()).toEqual(Object.keys(CHECKS).toSorted());
  });

  it.each(Object.entries(CHECKS))('is enforced: %s', async (net, change) => {
    expect(await refusedBy(net, (table) => [`update ${table} set ${change}`])).toBe(net);
  });
});
