import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tables of `rights`. */
export class Rights1790000001300 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(TABLES);
  }

  async down(): Promise<void> {
    throw new Error('The baseline is not taken back: drop the database instead.');
  }
}

const TABLES = `
create table bot_removals (
  tenant_id uuid not null references tenants,
  id uuid not null,
  bot_id uuid not null,
  -- stuck: something could not be ended, and nobody has acknowledged it yet.
  state text not null check (state in ('running', 'stuck', 'done')),
  requested_by text not null,
  -- Since when the bot may be removed although something could not be ended.
  acknowledged_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  ended_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, bot_id) references bots (tenant_id, id),
  check ((state = 'done') = (ended_at is not null))
);
create unique index bot_removals_open on bot_removals (tenant_id, bot_id) where state <> 'done';
create index bot_removals_unfinished on bot_removals (created_at) where state <> 'done';
select make_tenant_owned('bot_removals', 'select, insert, update', 'select, update');

-- Obligations that could not be ended, with reasons. During a removal only links are stored here; other failures are read from their own tables and copied at the end.
create table bot_removal_failures (
  tenant_id uuid not null references tenants,
  removal_id uuid not null,
  kind text not null,
  subject text not null check (char_length(subject) between 1 and 64),
  reason text not null check (char_length(reason) between 1 and 500),
  created_at timestamptz not null default now(),
  primary key (tenant_id, removal_id, kind, subject),
  foreign key (tenant_id, removal_id) references bot_removals (tenant_id, id)
);
select make_tenant_owned('bot_removal_failures', 'select, insert, delete', 'select, insert');

-- Requests to close a workspace. While one is pending, nothing new is sold; when it is due, everything except the books is deleted.
create table closures (
  tenant_id uuid not null references tenants,
  id uuid not null,
  state text not null check (state in ('pending', 'cancelled', 'done')),
  requested_by text not null,
  reason text check (char_length(reason) between 1 and 500),
  due_at timestamptz not null,
  created_at timestamptz not null default now(),
  ended_at timestamptz,
  primary key (tenant_id, id),
  check ((state = 'pending') = (ended_at is null))
);
create index closures_due on closures (due_at) where state = 'pending';
create unique index closures_one on closures (tenant_id) where state = 'pending';
select make_tenant_owned('closures', 'select, insert, update', 'select, insert, update');

-- The state of new sales in a month: 'open', 'month_used_up' or 'closing'.
create function selling_state(tenant uuid, of_month date) returns text language sql stable as $$
  select case
    when exists (select from closures c where c.tenant_id = tenant and c.state = 'pending') then 'closing'
    when tenant_limit(tenant, 'orders_per_month') <= (
      select coalesce(sum(o.paid), 0) from order_counts o where o.tenant_id = tenant and o.month = of_month) then 'month_used_up'
    else 'open' end
$$;
`;
