import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Filters of the list of orders under a name, for one member or the whole workspace. */
export class OrderViews1790000074000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query(`
      create table order_views (
        tenant_id uuid not null references tenants,
        id uuid not null,
        -- Whoever saved it. A shared view stays when they leave.
        account_id uuid not null references accounts,
        name text not null check (char_length(name) between 1 and 40),
        filters jsonb not null check (jsonb_typeof(filters) = 'object'),
        shared boolean not null,
        created_at timestamptz not null default now(),
        primary key (tenant_id, id),
        constraint order_views_name_key unique (tenant_id, account_id, name)
      );
      select make_tenant_owned('order_views', 'select, insert, update, delete', 'select');
    `);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('drop table order_views');
  }
}
