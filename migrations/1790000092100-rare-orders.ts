import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Finds the few refunded, expired or cancelled orders of a large shop. */
export class RareOrders1790000092100 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query(`
      create index orders_ended on orders (tenant_id, state, id desc) where state in ('refunded', 'expired', 'cancelled');
    `);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('drop index orders_ended');
  }
}
