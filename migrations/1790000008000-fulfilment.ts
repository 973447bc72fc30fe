import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Products whose goods the creator's server makes after payment. */
export class Fulfilment1790000008000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query(PRODUCTS);
    await q.query(ORDERS);
    await q.query(FULFILMENTS);
  }

  async down(): Promise<void> {
    throw new Error('Goods that buyers paid for are not taken back by a migration.');
  }
}

const PRODUCTS = `
alter table products drop constraint products_kind_check;
alter table products add constraint products_kind_check check (kind in ('text', 'link', 'file', 'credits', 'callback'));
alter table products
  add column fulfilment_url text check (char_length(fulfilment_url) <= 2048),
  add column fulfilment_deadline_seconds integer check (fulfilment_deadline_seconds between 60 and 2592000),
  add column refund_at_deadline boolean,
  add constraint products_callback_check check (
    (kind = 'callback') = (fulfilment_url is not null) and (kind = 'callback') = (fulfilment_deadline_seconds is not null)
    and (kind = 'callback') = (refund_at_deadline is not null));

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
select make_tenant_owned('fulfilment_secrets', 'select, insert, update', 'select');
`;

const ORDERS = `
alter table orders drop constraint orders_delivery_check;
alter table orders add constraint orders_delivery_check
  check (delivery in ('none', 'waiting', 'generating', 'delivered', 'failed', 'unreachable', 'revoked'));
`;

const FULFILMENTS = `
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
  primary key (tenant_id, order_id),
  foreign key (tenant_id, order_id) references orders (tenant_id, id),
  foreign key (tenant_id, goods_file_id) references files (tenant_id, id),
  check ((state = 'ready') = (goods_kind is not null) and (state = 'ready') = (ready_at is not null)),
  check (coalesce(goods_kind in ('text', 'link', 'key'), false) = (goods is not null)),
  check (coalesce(goods_kind = 'file', false) = (goods_file_id is not null))
);
select make_tenant_owned('fulfilments', 'select, insert, update', 'select');
`;
