import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A group that became a supergroup is one row under its new id; merges pairs of rows that were stored earlier. */
export class OneChatOneRow1790000042000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query(CHATS);
    await q.query(ACCESSES);
  }

  async down(): Promise<void> {
    throw new Error('This migration is not taken back: merged chats cannot be told apart again.');
  }
}

const CHATS = `
alter table chats
  -- The chat's id as a group, before it became a supergroup. Telegram may still use it.
  add column former_telegram_id bigint check (former_telegram_id < 0),
  -- The surviving row of this chat. Set when one chat turned out to have two rows.
  add column merged_into uuid,
  add constraint chats_merged_into_fkey foreign key (tenant_id, merged_into) references chats (tenant_id, id),
  add constraint chats_merged_into_check check (merged_into <> id);
alter table chats drop constraint chats_tenant_id_bot_id_telegram_id_key;
create unique index chats_number on chats (tenant_id, bot_id, telegram_id) where merged_into is null;
create unique index chats_former_number on chats (tenant_id, bot_id, former_telegram_id) where merged_into is null;
-- All rows of one chat, for all bots.
create index chats_numbers on chats (tenant_id, telegram_id) where merged_into is null;
`;

const ACCESSES = `
-- The link belongs to the former group. The buyer needs a new one.
alter table chat_accesses add column link_lost boolean not null default false;
`;
