import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tables of `journal`. */
export class Journal1790000000900 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(TABLES);
  }

  async down(): Promise<void> {
    throw new Error('The baseline is not taken back: drop the database instead.');
  }
}

const TABLES = `
create table audit_entries (
  tenant_id uuid not null references tenants,
  id uuid not null,
  action text not null check (char_length(action) between 1 and 100),
  actor_kind text not null check (actor_kind in ('account', 'api_key', 'staff', 'command')),
  actor_id uuid,
  via text not null check (via in ('session', 'api_key', 'staff', 'impersonation', 'command')),
  targets text[] not null default '{}',
  reason text check (char_length(reason) between 1 and 500),
  request_id text check (char_length(request_id) <= 64),
  network text check (char_length(network) <= 64),
  user_agent text check (char_length(user_agent) <= 200),
  outcome text not null check (outcome in ('done', 'begun')),
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  check ((actor_kind = 'command') = (actor_id is null))
);
create index audit_entries_actor on audit_entries (tenant_id, actor_id, id);
create index audit_entries_everywhere on audit_entries (id);
select make_tenant_owned('audit_entries', 'select, insert', 'select, insert');

-- The outcome of a begun action is a separate row. If it is missing, the process died or is still working.
create table audit_outcome_entries (
  tenant_id uuid not null references tenants,
  entry_id uuid not null,
  outcome text not null check (outcome in ('done', 'refused')),
  created_at timestamptz not null default now(),
  -- For writes with outside calls, the created objects are known only afterwards.
  targets text[] not null default '{}',
  primary key (tenant_id, entry_id),
  foreign key (tenant_id, entry_id) references audit_entries (tenant_id, id)
);
select make_tenant_owned('audit_outcome_entries', 'select, insert', 'select, insert');

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
create index events_age on events (created_at);
create index events_type on events (tenant_id, type, id desc);
-- The relay takes the oldest events of all tenants. With the tenant first, it would sort the whole backlog.
create index events_waiting on events (id) where relayed_at is null;
select make_tenant_owned('events', 'select, insert, update', 'select, insert, update, delete');

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
  -- The lease is a fence: only the holder of the latest one can conclude the update.
  lease uuid,
  -- The author and reason of closing a parked update. Such an update is done and has a resolution.
  resolution text check (char_length(resolution) between 1 and 500),
  primary key (tenant_id, bot_id, update_id),
  foreign key (tenant_id, bot_id) references bots (tenant_id, id)
);
create index inbox_handled on inbox (handled_at) where state = 'done';
-- Finds money updates first, without scanning the rest of the backlog.
create index inbox_money on inbox (tenant_id, bot_id, lane, seq)
  where state = 'waiting' and kind in ('successful_payment', 'refunded_payment');
create index inbox_order on inbox (tenant_id, order_id) where order_id is not null;
create index inbox_parked on inbox (tenant_id, bot_id, seq) where state = 'parked';
create index inbox_stuck on inbox (received_at) where state = 'parked';
create index inbox_waiting on inbox (tenant_id, bot_id, lane, seq) where state = 'waiting';
select make_tenant_owned('inbox', 'select, insert, update', 'select, insert, update, delete');

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
  -- The webhooks of one endpoint share a lane, which limits its concurrent jobs. Zero: no lane.
  lane uuid not null default '00000000-0000-0000-0000-000000000000',
  waits_for text,
  primary key (tenant_id, kind, subject),
  constraint jobs_waits_for check (waits_for in ('lifting', 'token'))
);
create index jobs_held on jobs (queue, tenant_id, lane) where lease is not null;
create index jobs_late on jobs (due_at) where state = 'waiting' and lease is null;
create index jobs_leased on jobs (lease) where lease is not null;
create index jobs_parked on jobs (tenant_id) where state = 'parked';
create index jobs_stuck on jobs (created_at) where state = 'parked';
create index jobs_turns on jobs (queue, tenant_id, lane, due_at) where state = 'waiting';
select make_tenant_owned('jobs', 'select, insert, update, delete', 'select, insert, update, delete');

-- Staff actions that change no tenant: on their own accounts, and reads across tenants.
create table staff_entries (
  id uuid primary key,
  owner_tenant uuid references tenants,
  action text not null check (char_length(action) between 1 and 100),
  actor_kind text not null check (actor_kind in ('account', 'api_key', 'staff', 'command')),
  actor_id uuid,
  via text not null check (via in ('session', 'api_key', 'staff', 'impersonation', 'command')),
  targets text[] not null default '{}',
  reason text check (char_length(reason) between 1 and 500),
  request_id text check (char_length(request_id) <= 64),
  network text check (char_length(network) <= 64),
  user_agent text check (char_length(user_agent) <= 200),
  outcome text not null check (outcome in ('done', 'begun')),
  created_at timestamptz not null default now(),
  check ((actor_kind = 'command') = (actor_id is null))
);
create index staff_entries_actor on staff_entries (actor_id, id);
create index staff_entries_tenant on staff_entries (owner_tenant, id);
grant select, insert on staff_entries to starwall_platform;

create table staff_outcome_entries (
  entry_id uuid primary key references staff_entries,
  outcome text not null check (outcome in ('done', 'refused')),
  created_at timestamptz not null default now(),
  targets text[] not null default '{}'
);
grant select, insert on staff_outcome_entries to starwall_platform;

grant usage on sequence inbox_seq_seq to starwall_app, starwall_platform;

-- Locks the order until the transaction ends. Null for an event that is about no order.
create function number_of_event(tenant uuid, subject uuid) returns integer language plpgsql as $$
declare number integer;
begin
  update orders set event_sequence = event_sequence + 1 where tenant_id = tenant and id = subject returning event_sequence into number;
  return number;
end
$$;
`;
