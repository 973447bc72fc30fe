import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Categories, products that are reachable only by link, and product views. */
export class Shop1790000020500 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query(`
alter table products
  add column tags text[] not null default '{}' check (cardinality(tags) <= 10),
  add column hidden boolean not null default false;

-- Repeated views of a product by a buyer on one day count once.
create table product_views (
  tenant_id uuid not null references tenants,
  product_id uuid not null,
  day date not null,
  buyer_id bigint not null,
  -- Empty for the shop itself.
  source text not null check (char_length(source) <= 64),
  primary key (tenant_id, product_id, day, buyer_id, source),
  foreign key (tenant_id, product_id) references products (tenant_id, id)
);
create index product_views_day on product_views (tenant_id, day);
create index product_views_buyer on product_views (tenant_id, buyer_id);
select make_tenant_owned('product_views', 'select, insert, update', 'select, update');`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('drop table product_views; alter table products drop column tags, drop column hidden');
  }
}
