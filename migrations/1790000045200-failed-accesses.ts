import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Records why a paying buyer could not be let into a chat, or a former one not removed. */
export class FailedAccesses1790000045200 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query(`
      alter table chat_accesses add column failure text, add column failed_at timestamptz,
        add check ((failure is null) = (failed_at is null));
      create index chat_accesses_failed on chat_accesses (failed_at) where failed_at is not null;
    `);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('alter table chat_accesses drop column failure, drop column failed_at');
  }
}
