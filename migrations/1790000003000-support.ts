import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Support conversations; repeated and manual delivery; indexes for look-ups and statements. */
export class Support1790000003000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query(CONVERSATIONS);
    await q.query(HANDOVERS);
    await q.query(LOOK_UP);
  }

  async down(): Promise<void> {
    throw new Error('What buyers wrote is not taken back by a migration.');
  }
}

const CONVERSATIONS = `
-- \`open\` waits for the creator, \`answered\` for the buyer. A buyer's message goes into the most recently active live thread.
create table support_threads (
  tenant_id uuid not null references tenants,
  id uuid not null,
  bot_id uuid not null,
  buyer_id bigint not null,
  order_id uuid,
  state text not null check (state in ('open', 'answered', 'closed')),
  active_at timestamptz not null default now(),
  last_message_at timestamptz,
  created_at timestamptz not null default now(),
  closed_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, bot_id, buyer_id) references buyers (tenant_id, bot_id, telegram_id),
  foreign key (tenant_id, order_id) references orders (tenant_id, id),
  check ((state = 'closed') = (closed_at is not null))
);
-- At most one live thread per order, and one without an order.
create unique index support_threads_one_live on support_threads (tenant_id, bot_id, buyer_id, order_id)
  nulls not distinct where state <> 'closed';
create index support_threads_state on support_threads (tenant_id, state, id desc);
create index support_threads_buyer on support_threads (tenant_id, buyer_id, id desc);
create index support_threads_order on support_threads (tenant_id, order_id) where order_id is not null;
select make_tenant_owned('support_threads', 'select, insert, update', 'select');

create table support_messages (
  tenant_id uuid not null references tenants,
  id uuid not null,
  thread_id uuid not null,
  direction text not null check (direction in ('buyer', 'creator')),
  text text not null check (char_length(text) between 1 and 4096),
  -- The member who wrote it. The message outlives the account.
  account_id uuid,
  telegram_message_id bigint,
  delivery text check (delivery in ('waiting', 'sent', 'unreachable', 'failed')),
  delivery_error text,
  created_at timestamptz not null default now(),
  sent_at timestamptz,
  primary key (tenant_id, id),
  unique (tenant_id, thread_id, telegram_message_id),
  foreign key (tenant_id, thread_id) references support_threads (tenant_id, id),
  check ((direction = 'creator') = (delivery is not null) and (direction = 'creator') = (account_id is not null)),
  check ((delivery = 'sent') = (sent_at is not null))
);
create index support_messages_thread on support_messages (tenant_id, thread_id, id);
create index support_messages_waiting on support_messages (tenant_id, thread_id, id) where delivery = 'waiting';
select make_tenant_owned('support_messages', 'select, insert, update', 'select');
`;

const HANDOVERS = `
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
select make_tenant_owned('manual_deliveries', 'select, insert', 'select');
`;

const LOOK_UP = `
-- A separate column, because under row-level security a condition on lower(username) uses no index: lower() is not leakproof.
alter table buyers add column username_key text generated always as (lower(username)) stored;
create index buyers_username on buyers (tenant_id, username_key) where username_key is not null;
create index charges_telegram on charges (tenant_id, telegram_charge_id);
create index ledger_entries_booked on ledger_entries (tenant_id, bot_id, created_at, id) include (account, cause, cause_id, stars);
`;
