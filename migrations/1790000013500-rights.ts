import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Erasure of buyers, and closing of workspaces. */
export class Rights1790000013500 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query(ERASURES);
    await q.query(CLOSURES);
  }

  async down(): Promise<void> {
    throw new Error('Who was erased is not forgotten by a migration: a backup would bring them back.');
  }
}

const ERASURES = `
-- Erased buyers. The pseudonym replaces the person everywhere; no Telegram user has a negative id.
create table erasures (
  tenant_id uuid not null references tenants,
  id uuid not null,
  pseudonym bigint not null check (pseudonym < 0),
  -- The real id, encrypted: needed for refunds and after restoring a backup. Null after the retention period.
  telegram_id_sealed bytea,
  keep_until timestamptz not null,
  requested_by text not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, pseudonym)
);
create index erasures_kept on erasures (keep_until) where telegram_id_sealed is not null;
select make_tenant_owned('erasures', 'select, insert, update', 'select, update');

-- An erasure deletes the person's buyer rows and rewrites texts about them.
grant delete on buyers to starwall_app;
grant update on events, webhook_attempts, manual_deliveries to starwall_app;
`;

const CLOSURES = `
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
create unique index closures_one on closures (tenant_id) where state = 'pending';
create index closures_due on closures (due_at) where state = 'pending';
select make_tenant_owned('closures', 'select, insert, update', 'select, insert, update');

-- The state of new sales in a month: 'open', 'month_used_up' or 'closing'.
create function selling_state(tenant uuid, of_month date) returns text language sql stable as $$
  select case
    when exists (select from closures c where c.tenant_id = tenant and c.state = 'pending') then 'closing'
    when tenant_limit(tenant, 'orders_per_month') <= (
      select coalesce(sum(o.paid), 0) from order_counts o where o.tenant_id = tenant and o.month = of_month) then 'month_used_up'
    else 'open' end
$$;

grant delete on fulfilment_secrets, credit_requests to starwall_app;
`;
