import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tables of `spending`. */
export class Spending1790000001200 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(TABLES);
  }

  async down(): Promise<void> {
    throw new Error('The baseline is not taken back: drop the database instead.');
  }
}

const TABLES = `
create table business_connections (
  tenant_id uuid not null references tenants,
  id uuid not null,
  bot_id uuid not null,
  -- Telegram's id of it.
  telegram_connection_id text not null check (char_length(telegram_connection_id) between 1 and 256),
  user_id bigint not null,
  rights text[] not null,
  enabled boolean not null,
  connected_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, bot_id, telegram_connection_id),
  foreign key (tenant_id, bot_id) references bots (tenant_id, id)
);
create index business_connections_list on business_connections (tenant_id, id desc);
select make_tenant_owned('business_connections', 'select, insert, update', 'select');

create table spendings (
  tenant_id uuid not null references tenants,
  id uuid not null,
  bot_id uuid not null,
  business_connection_id uuid,
  kind text not null check (kind in ('gift', 'premium', 'star_transfer', 'gift_conversion', 'gift_upgrade', 'gift_transfer')),
  state text not null check (state in ('begun', 'done', 'refused', 'unknown')),
  idempotency_key text not null check (char_length(idempotency_key) between 1 and 255),
  fingerprint bytea not null check (length(fingerprint) = 32),
  -- The price, and the maximum allowed.
  stars integer not null check (stars >= 0),
  max_stars integer not null check (max_stars >= 0),
  -- The recipient, or the owner of the moved Stars.
  person_id bigint,
  details jsonb not null,
  failure text,
  telegram_transaction_id text,
  requested_by text not null,
  begun_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, idempotency_key),
  foreign key (tenant_id, bot_id) references bots (tenant_id, id),
  foreign key (tenant_id, business_connection_id) references business_connections (tenant_id, id),
  check (stars <= max_stars),
  check (state in ('done', 'unknown') or telegram_transaction_id is null)
);
create index spendings_begun on spendings (begun_at) where state = 'begun';
create index spendings_connection on spendings (tenant_id, business_connection_id) where business_connection_id is not null;
create index spendings_list on spendings (tenant_id, id desc);
-- A row of Telegram's list belongs to at most one spending.
create unique index spendings_transaction on spendings (tenant_id, bot_id, telegram_transaction_id)
  where telegram_transaction_id is not null;
create index spendings_unknown on spendings (tenant_id, bot_id) where state = 'unknown';
create index spendings_unlisted on spendings (tenant_id, bot_id, begun_at) where state = 'done' and telegram_transaction_id is null;
select make_tenant_owned('spendings', 'select, insert, update', 'select');
`;
