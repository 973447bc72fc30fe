import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Finds money without a purchase without reading all charges. */
export class HeldCharges1790000064100 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query(
      `create index charges_held on charges (created_at) where match in ('unmatched', 'mismatch') and state = 'paid'`,
    );
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('drop index charges_held');
  }
}
