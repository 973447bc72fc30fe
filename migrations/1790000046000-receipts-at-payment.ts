import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A buyer gets the receipt when the money came, also when the goods come later: the order remembers that it was sent. */
export class ReceiptsAtPayment1790000046000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query('alter table orders add column receipt_at timestamptz');
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('alter table orders drop column receipt_at');
  }
}
