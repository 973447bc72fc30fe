import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tables of `quotas`. */
export class Quotas1790000000300 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(TABLES);
  }

  async down(): Promise<void> {
    throw new Error('The baseline is not taken back: drop the database instead.');
  }
}

const TABLES = `
-- A limit that staff set for one workspace instead of its plan's. The reason is also in the audit log.
create table limit_overrides (
  tenant_id uuid not null references tenants,
  name text not null
    check (
      name in ('bots', 'products', 'orders_per_month', 'endpoints', 'api_requests_per_minute', 'storage_bytes', 'members', 'api_keys')
    ),
  value bigint not null check (value between 0 and 9007199254740991),
  reason text not null check (char_length(reason) between 1 and 500),
  created_at timestamptz not null default now(),
  primary key (tenant_id, name)
);
select make_tenant_owned('limit_overrides', 'select', 'select, insert, update, delete');

-- Paid orders per UTC month. Sixteen rows share the count, so that payments do not wait for a single row.
create table order_counts (
  tenant_id uuid not null references tenants,
  month date not null check (extract(day from month) = 1),
  slot smallint not null check (slot between 0 and 15),
  paid bigint not null check (paid >= 1),
  primary key (tenant_id, month, slot)
);
select make_tenant_owned('order_counts', 'select, insert, update', 'select');

-- A public price list. A null limit means no limit; for requests it means the process's setting.
create table plans (
  id text primary key check (id ~ '^[a-z0-9_-]{1,32}$'),
  name text not null check (char_length(name) between 1 and 100),
  bots bigint check (bots >= 0),
  products bigint check (products >= 0),
  orders_per_month bigint check (orders_per_month >= 0),
  endpoints bigint check (endpoints >= 0),
  api_requests_per_minute bigint check (api_requests_per_minute >= 1),
  storage_bytes bigint check (storage_bytes >= 0),
  members bigint check (members >= 1),
  api_keys bigint check (api_keys >= 0),
  created_at timestamptz not null default now()
);
grant select on plans to starwall_app;
grant select, insert, update on plans to starwall_platform;

-- One row per limit and month in which a workspace was warned.
create table quota_warnings (
  tenant_id uuid not null references tenants,
  name text not null,
  month date not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, name, month)
);
select make_tenant_owned('quota_warnings', 'select, insert', 'select, insert');

alter table tenants add foreign key (plan_id) references plans;

insert into plans (id, name, bots, products, orders_per_month, endpoints, api_requests_per_minute, storage_bytes, members, api_keys)
values ('free', 'Free', 50, 500, 10000, 10, null, 5368709120, 10, 50),
       ('creator', 'Creator', 200, 5000, 100000, 10, 600, 53687091200, 50, 50),
       ('business', 'Business', 1000, 50000, null, 10, 3000, 536870912000, 500, 50);

-- The effective limit of a workspace; null: no limit.
create function tenant_limit(tenant uuid, limit_name text) returns bigint language sql stable as $$
  select coalesce(
    (select o.value from limit_overrides o where o.tenant_id = tenant and o.name = limit_name),
    (select (to_jsonb(p) ->> limit_name)::bigint from tenants t join plans p on p.id = t.plan_id where t.id = tenant))
$$;
`;
