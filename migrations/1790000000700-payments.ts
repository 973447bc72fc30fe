import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tables of `sales` about money that came and went: charges, refunds, entitlements, reconciliation. */
export class Payments1790000000700 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(TABLES);
  }

  async down(): Promise<void> {
    throw new Error('The baseline is not taken back: drop the database instead.');
  }
}

const TABLES = `
create table charges (
  tenant_id uuid not null references tenants,
  id uuid not null,
  bot_id uuid not null,
  telegram_charge_id text not null check (char_length(telegram_charge_id) >= 1),
  provider_charge_id text,
  order_id uuid,
  buyer_id bigint not null,
  stars integer not null check (stars >= 1),
  payload text not null,
  -- undeliverable: the payment came after its order had ended and the last unit was sold. It is refunded automatically.
  match text not null check (match in ('order', 'duplicate', 'mismatch', 'unmatched', 'undeliverable')),
  state text not null check (state in ('paid', 'refund_pending', 'refunded')),
  source text not null check (source in ('update', 'reconciliation')),
  occurred_at timestamptz not null,
  created_at timestamptz not null default now(),
  metadata jsonb not null default '{}',
  primary key (tenant_id, id),
  unique (tenant_id, bot_id, telegram_charge_id),
  foreign key (tenant_id, bot_id) references bots (tenant_id, id),
  foreign key (tenant_id, order_id) references orders (tenant_id, id),
  check (match = 'unmatched' or order_id is not null)
);
create index charges_anywhere on charges (telegram_charge_id);
create index charges_buyer on charges (tenant_id, buyer_id, id);
create index charges_ids on charges (id);
-- At most one charge counts for an order; a second one is a duplicate and is refunded.
create unique index charges_one_per_order on charges (tenant_id, order_id) where match = 'order';
create index charges_order on charges (tenant_id, order_id);
create index charges_payload on charges (tenant_id, payload) where order_id is null;
create index charges_telegram on charges (tenant_id, telegram_charge_id);
select make_tenant_owned('charges', 'select, insert, update', 'select');

create table entitlements (
  tenant_id uuid not null references tenants,
  id uuid not null,
  bot_id uuid not null,
  buyer_id bigint not null,
  product_id uuid not null,
  order_id uuid not null,
  charge_id uuid not null,
  state text not null check (state in ('active', 'revoked')),
  starts_at timestamptz not null,
  revoked_at timestamptz,
  -- Null: no end.
  ends_at timestamptz,
  primary key (tenant_id, id),
  unique (tenant_id, charge_id),
  foreign key (tenant_id, charge_id) references charges (tenant_id, id),
  foreign key (tenant_id, order_id) references orders (tenant_id, id),
  foreign key (tenant_id, product_id) references products (tenant_id, id),
  check ((state = 'revoked') = (revoked_at is not null)),
  constraint entitlements_ends_check check (ends_at > starts_at)
);
create index entitlements_buyer on entitlements (tenant_id, buyer_id, product_id);
create index entitlements_order on entitlements (tenant_id, order_id);
select make_tenant_owned('entitlements', 'select, insert, update', 'select');

-- Goods that a creator's server makes for a paid order. The product's promise is stored with the order.
create table fulfilments (
  tenant_id uuid not null references tenants,
  order_id uuid not null,
  state text not null check (state in ('requested', 'generating', 'ready', 'failed')),
  -- The purchased goods. Never logged, never part of an event.
  goods_kind text check (goods_kind in ('text', 'link', 'key', 'file')),
  goods text check (char_length(goods) between 1 and 4096),
  goods_file_id uuid,
  attempts integer not null default 0 check (attempts >= 0),
  last_error text check (char_length(last_error) <= 500),
  deadline_at timestamptz not null,
  refund_at_deadline boolean not null,
  ready_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  -- The URL of submitted goods, until they have been fetched. It may contain a key: never shown, never logged.
  goods_url text check (char_length(goods_url) between 1 and 2048),
  refused_since timestamptz,
  primary key (tenant_id, order_id),
  foreign key (tenant_id, goods_file_id) references files (tenant_id, id),
  foreign key (tenant_id, order_id) references orders (tenant_id, id),
  check ((state = 'ready') = (goods_kind is not null) and (state = 'ready') = (ready_at is not null)),
  check (coalesce(goods_kind in ('text', 'link', 'key'), false) = (goods is not null)),
  check (coalesce((goods_kind = 'file'), false) = (goods_file_id is not null)),
  constraint fulfilments_fetching check (goods_url is null or state in ('requested', 'generating'))
);
create index fulfilments_refused on fulfilments (tenant_id, refused_since)
  where refused_since is not null and state in ('requested', 'generating');
select make_tenant_owned('fulfilments', 'select, insert, update', 'select');

-- Repeated or manual deliveries by a creator's members. Append-only.
create table manual_deliveries (
  tenant_id uuid not null references tenants,
  id uuid not null,
  order_id uuid not null,
  mode text not null check (mode in ('send_again', 'mark_delivered')),
  reason text not null check (char_length(reason) between 1 and 500),
  account_id uuid not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, order_id) references orders (tenant_id, id)
);
create index manual_deliveries_order on manual_deliveries (tenant_id, order_id);
select make_tenant_owned('manual_deliveries', 'select, insert, update', 'select');

create table reconciliations (
  tenant_id uuid not null references tenants,
  id uuid not null,
  bot_id uuid not null,
  state text not null check (state in ('running', 'succeeded', 'failed')),
  trigger text not null check (trigger in ('schedule', 'request')),
  rows_read integer not null default 0,
  rows_new integer not null default 0,
  healed_payments integer not null default 0,
  healed_refunds integer not null default 0,
  unknown_here integer not null default 0,
  unknown_there integer not null default 0,
  full_read_because text,
  balance_telegram bigint,
  balance_ours bigint,
  difference bigint,
  unexplained bigint,
  explanation jsonb,
  error text,
  started_at timestamptz not null,
  finished_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, bot_id) references bots (tenant_id, id),
  check ((state = 'running') = (finished_at is null)),
  check ((state = 'failed') = (error is not null)),
  check ((state = 'succeeded') = (explanation is not null))
);
create index reconciliations_bot on reconciliations (tenant_id, bot_id, id desc);
create unique index reconciliations_one_running on reconciliations (tenant_id, bot_id) where state = 'running';
select make_tenant_owned('reconciliations', 'select, insert, update, delete', 'select');

create table refunds (
  tenant_id uuid not null references tenants,
  id uuid not null,
  charge_id uuid not null,
  order_id uuid,
  state text not null check (state in ('requested', 'sent', 'refunded', 'failed', 'unknown')),
  reason text check (char_length(reason) between 1 and 500),
  requested_by text not null,
  failure text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  -- The refund's effect on the credits that its charge had bought; null if it bought none, or if the refund failed.
  credits jsonb,
  metadata jsonb not null default '{}',
  delayed_since timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, charge_id) references charges (tenant_id, id),
  foreign key (tenant_id, order_id) references orders (tenant_id, id)
);
create index refunds_charge on refunds (tenant_id, charge_id);
create index refunds_delayed on refunds (tenant_id, charge_id)
  where delayed_since is not null and state in ('requested', 'sent', 'unknown');
create index refunds_dropped on refunds (created_at) where requested_by = 'system' and state = 'failed';
create unique index refunds_one_live on refunds (tenant_id, charge_id) where state <> 'failed';
-- For the counts on a workspace's page.
create index refunds_open on refunds (tenant_id, id) where state in ('requested', 'sent', 'unknown');
create index refunds_order on refunds (tenant_id, order_id);
create index refunds_stuck on refunds (created_at) where state in ('requested', 'sent', 'unknown');
select make_tenant_owned('refunds', 'select, insert, update', 'select');

-- The read position in a bot's list: the number of rows, and the last row. While \`rereading\`, the list is read again from its start.
-- Since when every reconciliation of the bot has failed, and when its creator was told.
create table star_cursors (
  tenant_id uuid not null references tenants,
  bot_id uuid not null,
  rows_read bigint not null default 0 check (rows_read >= 0),
  last_key text,
  last_at timestamptz,
  rereading boolean not null default false,
  failing_since timestamptz,
  failing_told_at timestamptz,
  differs_since timestamptz,
  primary key (tenant_id, bot_id),
  foreign key (tenant_id, bot_id) references bots (tenant_id, id),
  check ((last_key is null) = (last_at is null)),
  constraint star_cursors_failing_check check (failing_told_at is null or failing_since is not null)
);
create index star_cursors_differing on star_cursors (differs_since) where differs_since is not null;
create index star_cursors_failing on star_cursors (failing_since) where failing_since is not null;
select make_tenant_owned('star_cursors', 'select, insert, update', 'select, update');

-- A refund has the id of its payment and the opposite direction. Amounts are absolute: the direction is the sign.
-- Earlier sales of paid media without a charge are recorded like any other payment.
create table star_transactions (
  tenant_id uuid not null references tenants,
  bot_id uuid not null,
  id text not null check (char_length(id) >= 1),
  direction text not null check (direction in ('in', 'out')),
  kind text not null
    check (
      kind in ('invoice_payment', 'paid_media_payment', 'gift_purchase', 'premium_purchase', 'business_account_transfer', 'chat', 'affiliate_program', 'withdrawal', 'telegram_ads', 'telegram_api', 'other')
    ),
  amount bigint not null check (amount >= 0),
  nanostars integer not null check (nanostars between 0 and 999999999),
  buyer_id bigint,
  payload text,
  withdrawal text check (withdrawal in ('pending', 'succeeded', 'failed')),
  position bigint not null check (position >= 0),
  occurred_at timestamptz not null,
  raw jsonb not null,
  settled boolean not null,
  tried_at timestamptz,
  problem text,
  read_at timestamptz not null default now(),
  primary key (tenant_id, bot_id, id, direction),
  foreign key (tenant_id, bot_id) references bots (tenant_id, id)
);
-- Reported by Telegram but not yet on our books.
create index star_transactions_open on star_transactions (tenant_id, bot_id, tried_at nulls first, "position") where not settled;
create index star_transactions_pending on star_transactions (tenant_id, bot_id, "position") where withdrawal = 'pending';
create index star_transactions_spent on star_transactions (tenant_id, bot_id, kind, buyer_id, occurred_at)
  where kind in ('gift_purchase', 'premium_purchase', 'business_account_transfer');
select make_tenant_owned('star_transactions', 'select, insert, update', 'select');

create table stray_payments (
  tenant_id uuid not null references tenants,
  id uuid not null,
  bot_id uuid not null,
  -- The update that reported it. Each update is recorded once.
  update_id bigint not null,
  kind text not null check (kind in ('successful_payment', 'refunded_payment')),
  reason text not null check (reason in ('currency', 'amount', 'payer', 'charge', 'date')),
  telegram_charge_id text,
  currency text,
  -- As text, because the reported number may exceed every number type.
  amount text,
  buyer_id bigint check (buyer_id between -9007199254740991 and 4503599627370495),
  payload text,
  occurred_at timestamptz,
  created_at timestamptz not null,
  primary key (tenant_id, id),
  unique (tenant_id, bot_id, update_id),
  foreign key (tenant_id, bot_id) references bots (tenant_id, id)
);
create index stray_payments_list on stray_payments (tenant_id, id desc);
create index stray_payments_payload on stray_payments (tenant_id, bot_id, payload) where payload is not null;
select make_tenant_owned('stray_payments', 'select, insert, update', 'select, update');
`;
