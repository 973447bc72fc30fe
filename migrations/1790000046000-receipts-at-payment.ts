import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Sends the receipt at payment, even if the goods come later: the order records that it was sent. */
export class ReceiptsAtPayment1790000046000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query('alter table orders add column receipt_at timestamptz');
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('alter table orders drop column receipt_at');
  }
}
