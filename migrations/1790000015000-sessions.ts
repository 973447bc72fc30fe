import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Sessions record where they were opened and when they were last used, for display to their owner. */
export class Sessions1790000015000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query(`
      alter table sessions
        add column last_used_at timestamptz,
        -- Truncated, so that it gives only a rough location.
        add column network text check (char_length(network) <= 64),
        add column user_agent text check (char_length(user_agent) <= 200);
      create index sessions_open on sessions (account_id, id desc) where revoked_at is null`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('drop index sessions_open');
    await q.query('alter table sessions drop column last_used_at, drop column network, drop column user_agent');
  }
}
