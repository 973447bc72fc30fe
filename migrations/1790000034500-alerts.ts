import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The alert chat's switches, and the account that answers buyers from it. */
export class Alerts1790000034500 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query(`
alter table alert_chats
  -- The account that set the chat, and the author of answers written in it; null for chats set before this was recorded.
  add column account_id uuid,
  add column sales boolean not null default false,
  add column failures boolean not null default false,
  add column support boolean not null default false,
  -- Alerts sent in the minute that began then.
  add column minute_at timestamptz not null default now(),
  add column minute_count integer not null default 0 check (minute_count >= 0);`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`
alter table alert_chats drop column account_id, drop column sales, drop column failures, drop column support,
  drop column minute_at, drop column minute_count`);
  }
}
