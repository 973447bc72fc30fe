import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Raises the limits on bots: even a new creator may have a dozen. Sales limit a small shop, not its number of bots. */
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
