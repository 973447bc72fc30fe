import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Support for more kinds of products, each with its own table of terms, and the first of them: licence keys. */
export class Kinds1790000021000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query(PRODUCTS);
    await q.query(LICENCE_POOLS);
  }

  async down(): Promise<void> {
    throw new Error('Products that buyers paid for are not taken back by a migration.');
  }
}

// Kinds are named here before their code exists, so that their migrations can run in any order.
const PRODUCTS = `
alter table products drop constraint products_kind_check;
alter table products add constraint products_kind_check check (kind in ('text', 'link', 'file', 'credits', 'callback',
  'licence_key', 'subscription', 'chat_access', 'paid_media', 'paid_command', 'bundle'));
alter table products drop constraint products_callback_check;
alter table products add constraint products_callback_check check (
  (kind in ('callback', 'paid_command')) = (fulfilment_url is not null)
  and (kind in ('callback', 'paid_command')) = (fulfilment_deadline_seconds is not null)
  and (kind in ('callback', 'paid_command')) = (refund_at_deadline is not null));
-- The stock of licence keys is the number of keys that are neither sold nor reserved.
alter table products add constraint products_pooled_check check (kind <> 'licence_key' or stock is not null);
`;

const LICENCE_POOLS = `
create table licence_pools (
  tenant_id uuid not null references tenants,
  product_id uuid not null,
  low_stock_at integer check (low_stock_at between 1 and 1000000),
  primary key (tenant_id, product_id),
  foreign key (tenant_id, product_id) references products (tenant_id, id)
);
select make_tenant_owned('licence_pools', 'select, insert, update', 'select');
`;
