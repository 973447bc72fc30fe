import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Goods fetched from a creator's URL, and a look-up by payload for charges without an order. */
export class FetchedGoods1790000010000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query(`
      -- The URL of submitted goods, until they have been fetched. It may contain a key: never shown, never logged.
      alter table fulfilments
        add column goods_url text check (char_length(goods_url) between 1 and 2048),
        add constraint fulfilments_fetching check (goods_url is null or state in ('requested', 'generating'))`);
    await q.query('create index charges_payload on charges (tenant_id, payload) where order_id is null');
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('drop index charges_payload');
    await q.query('alter table fulfilments drop column goods_url');
  }
}
