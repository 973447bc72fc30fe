import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Reminds buyers before their paid time in a chat ends. */
export class AccessReminders1790000033100 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query(REMINDERS);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('alter table chat_accesses drop column reminded_until');
  }
}

const REMINDERS = `
-- The end, without grace, of the last reminder.
alter table chat_accesses add column reminded_until timestamptz;

-- Reschedules pending checks, so that a reminder precedes the end.
alter table jobs no force row level security;
update jobs set due_at = now() where kind = 'access.watch' and state = 'waiting' and lease is null and due_at > now();
alter table jobs force row level security;
`;
