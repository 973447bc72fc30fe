import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Index to list the accesses of a large chat by state. */
export class AccessesByState1790000036200 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query('create index chat_accesses_state on chat_accesses (tenant_id, chat_id, state, id desc)');
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('drop index chat_accesses_state');
  }
}
