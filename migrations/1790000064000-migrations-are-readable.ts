import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Lets `npm run doctor` compare the schema with the program, using the application's login. */
export class MigrationsAreReadable1790000064000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query('grant select on migrations to starwall_platform');
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('revoke select on migrations from starwall_platform');
  }
}
