import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Orders of one product, charges of one buyer, refunds of one charge: lists that stay quick however much there is. */
export class Metrics1790000009000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    // The primary key is read backwards for the newest orders: a second index with the same columns only cost writes.
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
