import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Promised refunds that were given up before promises were kept are found without reading all refunds. */
export class DroppedPromises1790000054100 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query(
      `create index refunds_dropped on refunds (created_at) where requested_by = 'system' and state = 'failed'`,
    );
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('drop index refunds_dropped');
  }
}
