import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Telegram's list of a bot's Stars, stored beside our books, and the results of comparing the two. */
export class Reconciliation1790000001000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query(TABLES);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('drop table reconciliations, star_cursors, star_transactions');
  }
}

const TABLES = `
-- A refund has the id of its payment and the opposite direction. Amounts are absolute: the direction is the sign.
create table star_transactions (
  tenant_id uuid not null references tenants,
  bot_id uuid not null,
  id text not null check (char_length(id) >= 1),
  direction text not null check (direction in ('in', 'out')),
  kind text not null check (kind in ('invoice_payment', 'paid_media_payment', 'gift_purchase', 'premium_purchase',
    'business_account_transfer', 'chat', 'affiliate_program', 'withdrawal', 'telegram_ads', 'telegram_api', 'other')),
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
create index star_transactions_open on star_transactions (tenant_id, bot_id, tried_at nulls first, position) where not settled;
create index star_transactions_pending on star_transactions (tenant_id, bot_id, position) where withdrawal = 'pending';
select make_tenant_owned('star_transactions', 'select, insert, update', 'select');

-- The read position in a bot's list: the number of rows, and the last row. While \`rereading\`, the list is read again from its start.
create table star_cursors (
  tenant_id uuid not null references tenants,
  bot_id uuid not null,
  rows_read bigint not null default 0 check (rows_read >= 0),
  last_key text,
  last_at timestamptz,
  rereading boolean not null default false,
  primary key (tenant_id, bot_id),
  foreign key (tenant_id, bot_id) references bots (tenant_id, id),
  check ((last_key is null) = (last_at is null))
);
select make_tenant_owned('star_cursors', 'select, insert, update', 'select, update');

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
create unique index reconciliations_one_running on reconciliations (tenant_id, bot_id) where state = 'running';
create index reconciliations_bot on reconciliations (tenant_id, bot_id, id desc);
select make_tenant_owned('reconciliations', 'select, insert, update, delete', 'select');
`;
