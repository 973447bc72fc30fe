import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A creator who begins may well have a dozen bots: what keeps a shop small is its sales, not the number of its doors. */
export class LargerPlans1790000014000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query(`update plans set bots = 50 where id = 'free' and bots = 5`);
    await q.query(`update plans set bots = 200 where id = 'creator' and bots = 25`);
    await q.query(`update plans set bots = 1000 where id = 'business' and bots = 250`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`update plans set bots = 5 where id = 'free' and bots = 50`);
    await q.query(`update plans set bots = 25 where id = 'creator' and bots = 200`);
    await q.query(`update plans set bots = 250 where id = 'business' and bots = 1000`);
  }
}
