import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tables of `delivery`. */
export class Delivery1790000001000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(TABLES);
  }

  async down(): Promise<void> {
    throw new Error('The baseline is not taken back: drop the database instead.');
  }
}

const TABLES = `
-- The alert chat of a creator, and the bot that sends the alerts.
create table alert_chats (
  tenant_id uuid primary key references tenants,
  bot_id uuid not null,
  telegram_id bigint not null,
  created_at timestamptz not null default now(),
  -- The account that set the chat, and the author of answers written in it; null for chats set before this was recorded.
  account_id uuid,
  sales boolean not null default false,
  failures boolean not null default false,
  support boolean not null default false,
  -- Alerts sent in the minute that began then.
  minute_at timestamptz not null default now(),
  minute_count integer not null default 0 check (minute_count >= 0),
  -- Events of which the creator should have heard while they could not be reached, oldest first.
  missed uuid[] not null default '{}',
  foreign key (tenant_id, bot_id, telegram_id) references buyers (tenant_id, bot_id, telegram_id)
);
select make_tenant_owned('alert_chats', 'select, insert, update, delete', 'select');

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
  previous_secret_sealed bytea,
  previous_secret_until timestamptz,
  -- The first failure since the last success.
  failing_since timestamptz,
  -- Its last answer was slow, or never came.
  slow boolean not null default false,
  metadata jsonb not null default '{}',
  -- Why the newest attempt failed; null while it does not fail.
  failure text,
  -- When the creator was last told of an outage.
  failure_told_at timestamptz,
  primary key (tenant_id, id),
  check ((previous_secret_sealed is null) = (previous_secret_until is null))
);
create index endpoints_stuck on endpoints (failing_since) where failing_since is not null;
select make_tenant_owned('endpoints', 'select, insert, update, delete', 'select');

-- The secret that signs requests to a product's fulfilment URL.
create table fulfilment_secrets (
  tenant_id uuid not null references tenants,
  product_id uuid not null,
  secret_sealed bytea not null,
  previous_secret_sealed bytea,
  previous_secret_until timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, product_id),
  foreign key (tenant_id, product_id) references products (tenant_id, id),
  check ((previous_secret_sealed is null) = (previous_secret_until is null))
);
select make_tenant_owned('fulfilment_secrets', 'select, insert, update, delete', 'select');

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

create table webhook_deliveries (
  tenant_id uuid not null references tenants,
  id uuid not null,
  endpoint_id uuid not null,
  event_id uuid not null,
  state text not null default 'pending' check (state in ('pending', 'delivered', 'failed')),
  attempts integer not null default 0,
  next_attempt_at timestamptz,
  created_at timestamptz not null default now(),
  -- Counts the requests for the delivery: within one round nothing is sent after a success.
  round integer not null default 1 check (round >= 1),
  primary key (tenant_id, id),
  unique (tenant_id, endpoint_id, event_id),
  foreign key (tenant_id, endpoint_id) references endpoints (tenant_id, id) on delete cascade,
  foreign key (tenant_id, event_id) references events (tenant_id, id) on delete cascade
);
create index webhook_deliveries_endpoint on webhook_deliveries (tenant_id, endpoint_id, id desc);
create index webhook_deliveries_event on webhook_deliveries (tenant_id, event_id);
create index webhook_deliveries_failed on webhook_deliveries (tenant_id, endpoint_id, id) where state = 'failed';
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
  round integer not null default 1 check (round >= 1),
  -- The attempt as sent; the body itself is the event.
  url text check (char_length(url) <= 2048),
  signed_at timestamptz,
  body_sha256 bytea check (length(body_sha256) = 32),
  body_bytes integer,
  primary key (tenant_id, id),
  foreign key (tenant_id, delivery_id) references webhook_deliveries (tenant_id, id) on delete cascade
);
create index webhook_attempts_delivery on webhook_attempts (tenant_id, delivery_id, number);
select make_tenant_owned('webhook_attempts', 'select, insert, update', 'select, delete');
`;
