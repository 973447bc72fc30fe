import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Reads the three tables once; writes go on meanwhile. */
export class PartitionBoundsHold1790000080100 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query(`
      alter table webhook_attempts validate constraint webhook_attempts_first;
      alter table webhook_deliveries validate constraint webhook_deliveries_first;
      alter table events validate constraint events_first;
    `);
  }

  async down(): Promise<void> {}
}
