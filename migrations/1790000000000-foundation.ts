import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Roles, the helper for tenant-owned tables, and everything needed for a first sale. */
export class Foundation1790000000000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query(ROLES);
    await q.query(PEOPLE);
    await q.query(BOTS);
    await q.query(CATALOG);
    await q.query(SALES);
    await q.query(JOURNAL);
    await q.query(DELIVERY);
  }

  async down(): Promise<void> {
    throw new Error('The first migration is not taken back: drop the database instead.');
  }
}

const ROLES = `
do $$ begin
  if not exists (select from pg_roles where rolname = 'starwall_app') then create role starwall_app nologin; end if;
  if not exists (select from pg_roles where rolname = 'starwall_platform') then create role starwall_platform nologin; end if;
exception when duplicate_object or unique_violation then null;
end $$;
grant usage on schema public to starwall_app, starwall_platform;

create function current_tenant() returns uuid language sql stable
  as $$ select nullif(current_setting('app.tenant_id', true), '')::uuid $$;

-- The only way to create a tenant-owned table: forced row-level security, which shows nothing when no tenant is set. Rights are granted
-- explicitly, so that append-only rows cannot be changed or deleted.
create function make_tenant_owned(t regclass, app_rights text, platform_rights text) returns void language plpgsql as $$
begin
  execute format('alter table %s enable row level security', t);
  execute format('alter table %s force row level security', t);
  execute format('create policy tenant_only on %s to starwall_app
                  using (tenant_id = current_tenant()) with check (tenant_id = current_tenant())', t);
  execute format('create policy platform_all on %s to starwall_platform using (true) with check (true)', t);
  execute format('grant %s on %s to starwall_app', app_rights, t);
  execute format('grant %s on %s to starwall_platform', platform_rights, t);
end $$;
revoke execute on function make_tenant_owned(regclass, text, text) from public;
`;

const PEOPLE = `
create table tenants (
  id uuid primary key,
  name text not null check (char_length(name) between 1 and 100),
  state text not null default 'active'
    check (state in ('active', 'warned', 'no_new_sales', 'outbound_stopped', 'locked', 'closed')),
  created_at timestamptz not null default now()
);
alter table tenants enable row level security;
alter table tenants force row level security;
create policy tenant_only on tenants for select to starwall_app using (id = current_tenant());
create policy platform_all on tenants to starwall_platform using (true) with check (true);
grant select on tenants to starwall_app;
grant select, insert, update on tenants to starwall_platform;

create table accounts (
  id uuid primary key,
  email text not null unique check (email = lower(email) and char_length(email) <= 254),
  password_hash text not null,
  created_at timestamptz not null default now()
);
create table sessions (
  id uuid primary key,
  account_id uuid not null references accounts,
  owner_tenant uuid not null references tenants,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  revoked_at timestamptz,
  revoked_because text
);
create index sessions_account on sessions (account_id);
create table refresh_tokens (
  hash bytea primary key check (length(hash) = 32),
  session_id uuid not null references sessions,
  issued_at timestamptz not null default now(),
  used_at timestamptz
);
create index refresh_tokens_session on refresh_tokens (session_id);
grant select, insert, update on accounts, sessions, refresh_tokens to starwall_platform;
grant delete on sessions, refresh_tokens to starwall_platform;

create table memberships (
  tenant_id uuid not null references tenants,
  account_id uuid not null references accounts,
  role text not null check (role in ('owner', 'admin', 'support', 'viewer')),
  created_at timestamptz not null default now(),
  primary key (tenant_id, account_id)
);
create index memberships_account on memberships (account_id);
select make_tenant_owned('memberships', 'select', 'select, insert, update, delete');
`;

const BOTS = `
create table bots (
  tenant_id uuid not null references tenants,
  id uuid not null,
  telegram_id bigint not null,
  username text not null,
  name text not null,
  info jsonb not null,
  token_sealed bytea,
  token_last4 text not null,
  state text not null check (state in ('registering', 'active', 'paused', 'token_invalid', 'removed')),
  support_text text check (char_length(support_text) <= 1000),
  terms_text text check (char_length(terms_text) <= 4000),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, telegram_id),
  check (state = 'removed' or token_sealed is not null)
);
select make_tenant_owned('bots', 'select, insert, update', 'select, insert, update');

-- Platform-owned: maps a webhook path, or a Telegram bot id, to its owner.
create table bot_routes (
  path_key text primary key check (char_length(path_key) >= 32),
  telegram_id bigint not null unique,
  owner_tenant uuid not null,
  bot_id uuid not null,
  secret_hash bytea not null check (length(secret_hash) = 32),
  previous_secret_hash bytea check (length(previous_secret_hash) = 32),
  previous_secret_until timestamptz,
  rotating_since timestamptz,
  foreign key (owner_tenant, bot_id) references bots (tenant_id, id)
);
grant select, insert, update, delete on bot_routes to starwall_platform;

create table buyers (
  tenant_id uuid not null references tenants,
  bot_id uuid not null,
  telegram_id bigint not null,
  first_name text,
  last_name text,
  username text,
  language_code text,
  reachable boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, bot_id, telegram_id),
  foreign key (tenant_id, bot_id) references bots (tenant_id, id)
);
create index buyers_telegram on buyers (tenant_id, telegram_id);
select make_tenant_owned('buyers', 'select, insert, update', 'select, insert, update');
`;

const CATALOG = `
create table files (
  tenant_id uuid not null references tenants,
  id uuid not null,
  name text not null check (char_length(name) between 1 and 255),
  mime text not null,
  bytes bigint not null check (bytes between 1 and 52428800),
  sha256 bytea not null check (length(sha256) = 32),
  storage_key text not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id)
);
select make_tenant_owned('files', 'select, insert', 'select');

-- A file_id is valid only for the bot that uploaded the file.
create table telegram_files (
  tenant_id uuid not null references tenants,
  bot_id uuid not null,
  file_id uuid not null,
  telegram_file_id text not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, bot_id, file_id),
  foreign key (tenant_id, bot_id) references bots (tenant_id, id),
  foreign key (tenant_id, file_id) references files (tenant_id, id)
);
select make_tenant_owned('telegram_files', 'select, insert, update', 'select');

create table products (
  tenant_id uuid not null references tenants,
  id uuid not null,
  bot_id uuid not null,
  kind text not null check (kind in ('text', 'link', 'file')),
  title text not null check (char_length(title) between 1 and 32),
  description text not null check (char_length(description) between 1 and 255),
  state text not null default 'active' check (state in ('draft', 'active', 'archived')),
  price_version integer not null check (price_version >= 1),
  stars integer not null check (stars >= 1),
  content text check (char_length(content) <= 4096),
  file_id uuid,
  stock integer check (stock >= 0),
  limit_per_buyer integer check (limit_per_buyer >= 1),
  sale_starts_at timestamptz,
  sale_ends_at timestamptz,
  position integer not null default 0,
  metadata jsonb not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, bot_id) references bots (tenant_id, id),
  foreign key (tenant_id, file_id) references files (tenant_id, id),
  check ((kind = 'file') = (file_id is not null)),
  check ((kind in ('text', 'link')) = (content is not null))
);
create index products_shop on products (tenant_id, bot_id, state, position, id);
select make_tenant_owned('products', 'select, insert, update', 'select');

create table price_versions (
  tenant_id uuid not null references tenants,
  product_id uuid not null,
  version integer not null,
  stars integer not null check (stars >= 1),
  created_at timestamptz not null default now(),
  primary key (tenant_id, product_id, version),
  foreign key (tenant_id, product_id) references products (tenant_id, id)
);
select make_tenant_owned('price_versions', 'select, insert', 'select');
`;

const SALES = `
create table orders (
  tenant_id uuid not null references tenants,
  id uuid not null,
  bot_id uuid not null,
  buyer_id bigint not null,
  product_id uuid not null,
  price_version integer not null,
  stars integer not null check (stars >= 1),
  state text not null check (state in ('placed', 'approved', 'paid', 'refunded', 'expired', 'cancelled')),
  delivery text not null default 'none'
    check (delivery in ('none', 'waiting', 'delivered', 'failed', 'unreachable', 'revoked')),
  delivery_error text,
  -- Counts requests for the goods: within one round they are sent once.
  handover_round integer not null default 1 check (handover_round >= 1),
  placed_by_update bigint,
  source text check (char_length(source) <= 64),
  stock_reserved boolean not null default false,
  approved_query_id text,
  approved_at timestamptz,
  paid_at timestamptz,
  delivered_at timestamptz,
  refunded_at timestamptz,
  expires_at timestamptz not null,
  event_sequence integer not null default 0,
  metadata jsonb not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, bot_id, placed_by_update),
  foreign key (tenant_id, bot_id, buyer_id) references buyers (tenant_id, bot_id, telegram_id),
  foreign key (tenant_id, product_id, price_version) references price_versions (tenant_id, product_id, version),
  check ((state in ('paid', 'refunded')) = (paid_at is not null)),
  check ((state = 'refunded') = (refunded_at is not null))
);
create index orders_list on orders (tenant_id, id desc);
create index orders_buyer on orders (tenant_id, bot_id, buyer_id, id desc);
create index orders_expiring on orders (expires_at) where state in ('placed', 'approved');
select make_tenant_owned('orders', 'select, insert, update', 'select, update');

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
  match text not null check (match in ('order', 'duplicate', 'mismatch', 'unmatched')),
  state text not null check (state in ('paid', 'refund_pending', 'refunded')),
  source text not null check (source in ('update', 'reconciliation')),
  occurred_at timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, bot_id, telegram_charge_id),
  foreign key (tenant_id, bot_id) references bots (tenant_id, id),
  foreign key (tenant_id, order_id) references orders (tenant_id, id),
  check (match = 'unmatched' or order_id is not null)
);
-- At most one charge counts for an order; a second one is a duplicate and is refunded.
create unique index charges_one_per_order on charges (tenant_id, order_id) where match = 'order';
create index charges_order on charges (tenant_id, order_id);
select make_tenant_owned('charges', 'select, insert, update', 'select');

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
  primary key (tenant_id, id),
  foreign key (tenant_id, charge_id) references charges (tenant_id, id),
  foreign key (tenant_id, order_id) references orders (tenant_id, id)
);
create unique index refunds_one_live on refunds (tenant_id, charge_id) where state <> 'failed';
create index refunds_order on refunds (tenant_id, order_id);
select make_tenant_owned('refunds', 'select, insert, update', 'select');

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
  primary key (tenant_id, id),
  unique (tenant_id, charge_id),
  foreign key (tenant_id, order_id) references orders (tenant_id, id),
  foreign key (tenant_id, charge_id) references charges (tenant_id, id),
  foreign key (tenant_id, product_id) references products (tenant_id, id),
  check ((state = 'revoked') = (revoked_at is not null))
);
create index entitlements_buyer on entitlements (tenant_id, buyer_id, product_id);
create index entitlements_order on entitlements (tenant_id, order_id);
select make_tenant_owned('entitlements', 'select, insert, update', 'select');

-- Append-only, by rights: entries can be neither updated nor deleted. The entries of one cause add up to zero.
create table ledger_entries (
  tenant_id uuid not null references tenants,
  id uuid not null,
  bot_id uuid not null,
  account text not null check (account in ('telegram', 'earned', 'held')),
  stars bigint not null check (stars <> 0),
  cause text not null check (cause in ('charge', 'refund')),
  cause_id uuid not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, cause, cause_id, account),
  foreign key (tenant_id, bot_id) references bots (tenant_id, id)
);
create index ledger_entries_bot on ledger_entries (tenant_id, bot_id, account);
select make_tenant_owned('ledger_entries', 'select, insert', 'select');
`;

const JOURNAL = `
-- Updates from Telegram, stored before they are processed.
create table inbox (
  tenant_id uuid not null references tenants,
  bot_id uuid not null,
  update_id bigint not null,
  seq bigint generated always as identity,
  lane bigint not null,
  kind text not null,
  body jsonb not null,
  state text not null default 'waiting' check (state in ('waiting', 'done', 'parked')),
  attempts integer not null default 0,
  due_at timestamptz not null default now(),
  lease_until timestamptz,
  error text,
  order_id uuid,
  received_at timestamptz not null default now(),
  handled_at timestamptz,
  primary key (tenant_id, bot_id, update_id),
  foreign key (tenant_id, bot_id) references bots (tenant_id, id)
);
create index inbox_waiting on inbox (tenant_id, bot_id, lane, seq) where state = 'waiting';
create index inbox_parked on inbox (tenant_id, bot_id, seq) where state = 'parked';
create index inbox_order on inbox (tenant_id, order_id) where order_id is not null;
select make_tenant_owned('inbox', 'select, insert, update', 'select, insert, update, delete');
grant usage on sequence inbox_seq_seq to starwall_app, starwall_platform;

-- Events, each written in the transaction that made it true. The relay turns them into jobs.
create table events (
  tenant_id uuid not null references tenants,
  id uuid not null,
  type text not null,
  bot_id uuid,
  order_id uuid,
  sequence integer,
  data jsonb not null,
  previous jsonb,
  created_at timestamptz not null default now(),
  relayed_at timestamptz,
  primary key (tenant_id, id),
  unique (tenant_id, order_id, sequence),
  foreign key (tenant_id, order_id) references orders (tenant_id, id)
);
create index events_unrelayed on events (id) where relayed_at is null;
select make_tenant_owned('events', 'select, insert', 'select, update, delete');

-- Pending work. The rows are the truth; the doorbell only wakes workers. Finished jobs are deleted; attempts and events keep their traces.
create table jobs (
  tenant_id uuid not null references tenants,
  kind text not null,
  subject uuid not null,
  queue text not null,
  state text not null default 'waiting' check (state in ('waiting', 'parked')),
  attempts integer not null default 0,
  due_at timestamptz not null default now(),
  lease uuid,
  lease_until timestamptz,
  error text,
  created_at timestamptz not null default now(),
  primary key (tenant_id, kind, subject)
);
create index jobs_due on jobs (queue, tenant_id, due_at) where state = 'waiting';
create index jobs_leased on jobs (lease) where lease is not null;
select make_tenant_owned('jobs', 'select, insert, update, delete', 'select, insert, update, delete');
`;

const DELIVERY = `
create table handover_attempts (
  tenant_id uuid not null references tenants,
  id uuid not null,
  order_id uuid not null,
  round integer not null,
  outcome text not null check (outcome in ('delivered', 'retry', 'unreachable', 'failed')),
  message_id bigint,
  error text,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, order_id) references orders (tenant_id, id)
);
create index handover_attempts_order on handover_attempts (tenant_id, order_id);
select make_tenant_owned('handover_attempts', 'select, insert', 'select');

create table endpoints (
  tenant_id uuid not null references tenants,
  id uuid not null,
  url text not null check (char_length(url) <= 2048),
  description text check (char_length(description) <= 255),
  secret_sealed bytea not null,
  event_types text[] not null default '{}',
  state text not null default 'enabled' check (state in ('enabled', 'paused', 'disabled')),
  disabled_because text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id)
);
select make_tenant_owned('endpoints', 'select, insert, update, delete', 'select');

create table webhook_deliveries (
  tenant_id uuid not null references tenants,
  id uuid not null,
  endpoint_id uuid not null,
  event_id uuid not null,
  state text not null default 'pending' check (state in ('pending', 'delivered', 'failed')),
  attempts integer not null default 0,
  next_attempt_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, endpoint_id, event_id),
  foreign key (tenant_id, endpoint_id) references endpoints (tenant_id, id) on delete cascade,
  foreign key (tenant_id, event_id) references events (tenant_id, id) on delete cascade
);
create index webhook_deliveries_event on webhook_deliveries (tenant_id, event_id);
select make_tenant_owned('webhook_deliveries', 'select, insert, update', 'select, insert, delete');

create table webhook_attempts (
  tenant_id uuid not null references tenants,
  id uuid not null,
  delivery_id uuid not null,
  number integer not null,
  ok boolean not null,
  status integer,
  response text check (octet_length(response) <= 4096),
  error text,
  duration_ms integer not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, delivery_id) references webhook_deliveries (tenant_id, id) on delete cascade
);
create index webhook_attempts_delivery on webhook_attempts (tenant_id, delivery_id, number);
select make_tenant_owned('webhook_attempts', 'select, insert', 'select, delete');
`;
