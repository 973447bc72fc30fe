import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a creator hears of in the alert chat, and as whom they answer buyers from there. */
export class Alerts1790000034500 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query(`
alter table alert_chats
  -- Who set it. Answers that are written in the chat are theirs; null where that was not kept yet.
  add column account_id uuid,
  add column sales boolean not null default false,
  add column failures boolean not null default false,
  add column support boolean not null default false,
  -- How many alerts went out in the minute that began then.
  add column minute_at timestamptz not null default now(),
  add column minute_count integer not null default 0 check (minute_count >= 0);`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`
alter table alert_chats drop column account_id, drop column sales, drop column failures, drop column support,
  drop column minute_at, drop column minute_count`);
  }
}
