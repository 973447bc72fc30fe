import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The accesses to a large chat that are in one state are listed without reading all of them. */
export class AccessesByState1790000036200 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query('create index chat_accesses_state on chat_accesses (tenant_id, chat_id, state, id desc)');
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('drop index chat_accesses_state');
  }
}
