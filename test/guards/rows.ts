import type { DataSource } from 'typeorm';
import { newUuid } from '#libs/kernel';

/** Two sales worth of ids; everything in the database that belongs to this tenant can be told by them. */
function newTenant() {
  const telegramId = 1_000_000 + Math.floor(Math.random() * 1_000_000_000);
  const id = () => newUuid();
  return {
    tenant: id(),
    account: id(),
    bot: id(),
    telegramId,
    buyer: telegramId + 1,
    file: id(),
    product: id(),
    order: id(),
    charge: id(),
    refund: id(),
    event: id(),
    endpoint: id(),
    delivery: id(),
  };
}

export type GuardTenant = ReturnType<typeof newTenant>;

/** For each tenant table one row of the tenant, as `columns` and `values`, in an order that foreign keys allow. */
export const ROWS: Readonly<Record<string, (t: GuardTenant) => Readonly<Record<string, unknown>>>> = {
  memberships: (t) => ({ account_id: t.account, role: 'owner' }),
  bots: (t) => ({
    id: t.bot,
    telegram_id: t.telegramId,
    username: 'a_bot',
    name: 'A',
    info: '{}',
    token_sealed: Buffer.from('sealed'),
    token_last4: 'abcd',
    state: 'active',
  }),
  buyers: (t) => ({ bot_id: t.bot, telegram_id: t.buyer }),
  files: (t) => ({
    id: t.file,
    name: 'a.pdf',
    mime: 'application/pdf',
    bytes: 1,
    sha256: Buffer.alloc(32),
    storage_key: t.file,
  }),
  telegram_files: (t) => ({ bot_id: t.bot, file_id: t.file, telegram_file_id: 'x' }),
  products: (t) => ({
    id: t.product,
    bot_id: t.bot,
    kind: 'text',
    title: 'Guide',
    description: 'A guide',
    price_version: 1,
    stars: 50,
    content: 'Thank you',
  }),
  price_versions: (t) => ({ product_id: t.product, version: 1, stars: 50 }),
  orders: (t) => ({
    id: t.order,
    bot_id: t.bot,
    buyer_id: t.buyer,
    product_id: t.product,
    price_version: 1,
    stars: 50,
    state: 'paid',
    paid_at: new Date(),
    expires_at: new Date(),
  }),
  charges: (t) => ({
    id: t.charge,
    bot_id: t.bot,
    telegram_charge_id: `charge-${t.charge}`,
    order_id: t.order,
    buyer_id: t.buyer,
    stars: 50,
    payload: t.order,
    match: 'order',
    state: 'paid',
    source: 'update',
    occurred_at: new Date(),
  }),
  refunds: (t) => ({ id: t.refund, charge_id: t.charge, order_id: t.order, state: 'requested', requested_by: 'guard' }),
  entitlements: (t) => ({
    id: newUuid(),
    bot_id: t.bot,
    buyer_id: t.buyer,
    product_id: t.product,
    order_id: t.order,
    charge_id: t.charge,
    state: 'active',
    starts_at: new Date(),
  }),
  ledger_entries: (t) => ({
    id: newUuid(),
    bot_id: t.bot,
    account: 'telegram',
    stars: 50,
    cause: 'charge',
    cause_id: t.charge,
  }),
  inbox: (t) => ({ bot_id: t.bot, update_id: 1, lane: t.buyer, kind: 'message', body: '{}', state: 'done' }),
  events: (t) => ({ id: t.event, type: 'order.paid', order_id: t.order, data: '{}', relayed_at: new Date() }),
  jobs: (t) => ({ kind: 'guard', subject: t.order, queue: 'guard', state: 'parked' }),
  handover_attempts: (t) => ({ id: newUuid(), order_id: t.order, outcome: 'delivered' }),
  endpoints: (t) => ({ id: t.endpoint, url: 'https://creator.example/hook', secret_sealed: Buffer.from('sealed') }),
  webhook_deliveries: (t) => ({ id: t.delivery, endpoint_id: t.endpoint, event_id: t.event }),
  webhook_attempts: (t) => ({ id: newUuid(), delivery_id: t.delivery, number: 1, ok: true, duration_ms: 1 }),
};

/** The row of a table as an INSERT with its parameters; `owner` says whose tenant_id it carries. */
export function insertOf(table: string, row: Readonly<Record<string, unknown>>, owner: string): [string, unknown[]] {
  const all = { tenant_id: owner, ...row };
  const columns = Object.keys(all);
  const places = columns.map((_, i) => `$${i + 1}`);
  return [`insert into ${table} (${columns.join(', ')}) values (${places.join(', ')})`, Object.values(all)];
}

/** A tenant with one row in every table, written past row-level security. */
export async function tenantWithEverything(owner: DataSource): Promise<GuardTenant> {
  const t = newTenant();
  await owner.query('insert into tenants (id, name) values ($1, $2)', [t.tenant, 'Guarded']);
  await owner.query('insert into accounts (id, email, password_hash) values ($1, $2, $3)', [
    t.account,
    `${t.account}@example.com`,
    'none',
  ]);
  for (const [table, rowOf] of Object.entries(ROWS)) await owner.query(...insertOf(table, rowOf(t), t.tenant));
  return t;
}
