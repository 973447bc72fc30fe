import type { DataSource } from 'typeorm';
import { newUuid } from '#libs/kernel';

export type Row = Readonly<Record<string, unknown>>;

export interface GuardTenant {
  readonly tenant: string;
  readonly bot: string;
  /** The tenant's row in each tenant table. */
  readonly rows: ReadonlyMap<string, Row>;
}

function newIds() {
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
    chat: id(),
    order: id(),
    charge: id(),
    refund: id(),
    event: id(),
    endpoint: id(),
    delivery: id(),
  };
}

type Ids = ReturnType<typeof newIds>;

const thisMonth = () => `${new Date().toISOString().slice(0, 7)}-01`;

/** Values for rows that the catalogue alone cannot provide: those that checks require, and ids that other rows refer to. */
const WORDS: Readonly<Record<string, (t: Ids) => Row>> = {
  data_keys: () => ({ wrapped: Buffer.alloc(60), master_key_id: 'ab'.repeat(8) }),
  memberships: (t) => ({ account_id: t.account, role: 'owner' }),
  api_keys: (t) => ({ created_by: t.account, last4: 'abcd', scopes: ['orders:read'] }),
  invitations: (t) => ({ invited_by: t.account }),
  telegram_links: (t) => ({ account_id: t.account, expires_at: new Date(Date.now() + 60_000) }),
  order_views: (t) => ({ account_id: t.account }),
  mail_alerts: (t) => ({ account_id: t.account }),
  mail_alert_paces: () => ({ kind: 'sales' }),
  mails: (t) => ({ account_id: t.account, kind: 'new_device' }),
  tenant_state_entries: () => ({ from_state: 'warned', to_state: 'active' }),
  audit_entries: (t) => ({ actor_id: t.account }),
  bot_imports: (t) => ({ created_by: t.account, state: 'done', finished_at: new Date() }),
  bot_import_lines: () => ({ state: 'failed' }),
  webhook_looks: (t) => ({ bot_id: t.bot }),
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
  telegram_files: (t) => ({ bot_id: t.bot, file_id: t.file, sent_as: 'document', telegram_file_id: 'x' }),
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
  business_connections: (t) => ({ telegram_connection_id: 'guard', user_id: t.buyer }),
  spendings: (t) => ({ bot_id: t.bot, kind: 'gift', state: 'done', max_stars: 1, stars: 1, person_id: t.buyer }),
  bot_texts: (t) => ({ bot_id: t.bot, product_id: t.product, language: 'en', key: 'help', text: 'Help' }),
  subscription_plans: () => ({ period_seconds: 2_592_000, grace_seconds: 0 }),
  paid_commands: () => ({ command: 'guard' }),
  credit_reservations: () => ({ expires_at: new Date() }),
  subscriptions: (t) => ({
    id: t.order,
    bot_id: t.bot,
    buyer_id: t.buyer,
    stars: 50,
    period_seconds: 2_592_000,
    grace_seconds: 0,
    state: 'active',
    paid_until: new Date(0),
    access_until: new Date(0),
  }),
  licence_keys: () => ({ hint: '' }),
  chats: (t) => ({
    id: t.chat,
    bot_id: t.bot,
    telegram_id: -t.telegramId,
    type: 'channel',
    title: 'VIP',
    standing: 'administrator',
    can_invite: true,
    can_remove: true,
  }),
  chat_access_terms: () => ({ grace_seconds: 0 }),
  chat_accesses: (t) => ({ id: newUuid(), chat_id: t.chat, bot_id: t.bot, buyer_id: t.buyer, state: 'invited' }),
  chat_paid_links: (t) => ({
    id: newUuid(),
    chat_id: t.chat,
    link: 'https://t.me/+x',
    stars: 50,
    period_seconds: 2_592_000,
  }),
  chat_upgrades: () => ({ from_telegram_id: -1, to_telegram_id: -2 }),
  stray_payments: () => ({ kind: 'successful_payment', reason: 'currency' }),
  promo_codes: () => ({ code: 'GUARD', percent_off: 10 }),
  product_posts: () => ({ request: Buffer.alloc(32), state: 'refused', way: 'button', language: 'en' }),
  product_views: (t) => ({ product_id: t.product, day: '2026-01-01', buyer_id: t.buyer, source: '' }),
  paid_media_items: (t) => ({ product_id: t.product, place: 0, file_id: t.file }),
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
  // Matches the number of paid orders above.
  order_counts: () => ({ month: thisMonth(), slot: 0, paid: 1 }),
  erasures: () => ({ pseudonym: -7 }),
  quota_warnings: () => ({ month: thisMonth() }),
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

interface Column {
  readonly name: string;
  readonly type: string;
  readonly needed: boolean;
  /** The first value in a check that lists a column's values. */
  readonly word: string | null;
}

interface Reference {
  readonly to: string;
  readonly near: readonly string[];
  readonly far: readonly string[];
}

interface Shape {
  readonly table: string;
  readonly columns: readonly Column[];
  readonly references: readonly Reference[];
}

/** Selects the tenant tables with their columns, and with their foreign keys to other tenant tables. */
const SHAPES = `
select c.relname as "table",
  (select json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
     'needed', a.attnotnull and not a.atthasdef and a.attidentity = '',
     'word', (select substring(pg_get_constraintdef(k.oid) from 'ARRAY\\[''([^'']+)''::text') from pg_constraint k
              where k.conrelid = c.oid and k.contype = 'c' and k.conkey = array[a.attnum] limit 1)))
   from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
  (select coalesce(json_agg(json_build_object('to', f.confrelid::regclass::text,
     'near', (select array_agg(a.attname order by n) from unnest(f.conkey) with ordinality k (num, n)
              join pg_attribute a on a.attrelid = f.conrelid and a.attnum = k.num),
     'far', (select array_agg(a.attname order by n) from unnest(f.confkey) with ordinality k (num, n)
             join pg_attribute a on a.attrelid = f.confrelid and a.attnum = k.num))), '[]')
   from pg_constraint f where f.conrelid = c.oid and f.contype = 'f' and f.confrelid <> c.oid
     and exists (select from pg_attribute a where a.attrelid = f.confrelid and a.attname = 'tenant_id')) as references
from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
  and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id') order by 1`;

function anything({ type, word }: Column): unknown {
  if (type === 'uuid') return newUuid();
  if (type === 'bytea') return Buffer.alloc(32);
  if (type === 'jsonb') return '{}';
  if (type === 'boolean') return false;
  if (type.endsWith('[]')) return [];
  if (type.startsWith('timestamp')) return new Date();
  return type === 'text' ? (word ?? 'guard') : 1;
}

/** Builds a valid row: values for foreign keys, then defaults for required columns, then the values above. */
function rowOf({ table, columns, references }: Shape, ids: Ids, rows: ReadonlyMap<string, Row>): Row {
  const needed = columns.filter((column) => column.needed);
  const row: Record<string, unknown> = Object.fromEntries(needed.map((column) => [column.name, anything(column)]));
  for (const { to, near, far } of references) {
    near.forEach((name, i) => {
      const there = rows.get(to)?.[far[i] ?? ''];
      if (name in row && there !== undefined) row[name] = there;
    });
  }
  return { ...row, ...WORDS[table]?.(ids), tenant_id: ids.tenant };
}

const isNeeded = ({ columns }: Shape, { near }: Reference) =>
  near.every((name) => columns.some((column) => column.name === name && column.needed));

/** Returns the references of a table that must exist before its row: all but optional ones to tables that need it. */
function awaited(shape: Shape, all: readonly Shape[]): readonly Reference[] {
  const needsUs = (table: string) =>
    all.some(
      (other) => other.table === table && other.references.some((it) => it.to === shape.table && isNeeded(other, it)),
    );
  return shape.references.filter((it) => isNeeded(shape, it) || !needsUs(it.to));
}

export function insertOf(table: string, row: Row): [string, unknown[]] {
  const columns = Object.keys(row);
  const places = columns.map((_, i) => `$${i + 1}`);
  return [`insert into ${table} (${columns.join(', ')}) values (${places.join(', ')})`, Object.values(row)];
}

/** Creates a tenant with one row in every tenant table, bypassing row-level security. */
export async function tenantWithEverything(owner: DataSource): Promise<GuardTenant> {
  const ids = newIds();
  await owner.query('insert into tenants (id, name) values ($1, $2)', [ids.tenant, 'Guarded']);
  await owner.query('insert into accounts (id, email, password_hash) values ($1, $2, $3)', [
    ids.account,
    `${ids.account}@example.com`,
    'none',
  ]);
  const rows = new Map<string, Row>();
  const all: readonly Shape[] = await owner.query(SHAPES);
  let waiting = [...all];
  while (waiting.length > 0) {
    const ready = waiting.filter((shape) => awaited(shape, all).every(({ to }) => rows.has(to)));
    if (ready.length === 0) throw new Error(`foreign keys run in a circle: ${waiting.map((s) => s.table).join(', ')}`);
    for (const shape of ready) {
      const row = rowOf(shape, ids, rows);
      await owner.query(...insertOf(shape.table, row)).catch((error: Error) => {
        throw new Error(`${shape.table}: ${error.message}. Say in WORDS in test/guards/rows.ts what its row needs.`);
      });
      rows.set(shape.table, row);
    }
    waiting = waiting.filter((shape) => !rows.has(shape.table));
  }
  return { tenant: ids.tenant, bot: ids.bot, rows };
}
