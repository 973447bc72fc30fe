import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Indexes for lists of a product's orders, a buyer's charges and a charge's refunds. */
export class Metrics1790000009000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    // A backward scan of the primary key lists the newest orders, so the second index with the same columns only cost writes.
    await q.query('drop index orders_list');
    await q.query('create index orders_product on orders (tenant_id, product_id, id)');
    await q.query('create index charges_buyer on charges (tenant_id, buyer_id, id)');
    await q.query('create index refunds_charge on refunds (tenant_id, charge_id)');
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('drop index refunds_charge, charges_buyer, orders_product');
    await q.query('create index orders_list on orders (tenant_id, id desc)');
  }
}
