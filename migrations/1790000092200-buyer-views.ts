import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Saved views of buyers, beside those of orders. A process of the former version lists both as views of orders. */
export class BuyerViews1790000092200 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query(`
      alter table order_views add column list text not null default 'orders' check (list in ('orders', 'buyers')),
        drop constraint order_views_name_key,
        add constraint order_views_name_key unique (tenant_id, account_id, list, name);
    `);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`
      delete from order_views where list <> 'orders';
      alter table order_views drop column list,
        add constraint order_views_name_key unique (tenant_id, account_id, name);
    `);
  }
}
