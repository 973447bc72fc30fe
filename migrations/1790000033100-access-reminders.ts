import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Buyers are reminded before the time that they have paid for in a chat is over. */
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
-- The end, without grace, of which the buyer was reminded last.
alter table chat_accesses add column reminded_until timestamptz;

-- Looks that wait for the end of an access are to see that a reminder comes first.
alter table jobs no force row level security;
update jobs set due_at = now() where kind = 'access.watch' and state = 'waiting' and lease is null and due_at > now();
alter table jobs force row level security;
`;
