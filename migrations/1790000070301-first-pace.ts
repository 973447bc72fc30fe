import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The first turn makes the row of the pace, if it is missing. */
export class FirstPace1790000070301 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query('grant insert on registration_paces to starwall_platform');
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('revoke insert on registration_paces from starwall_platform');
  }
}
