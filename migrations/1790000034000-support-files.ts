import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Photos and files in support messages; answers are looked up by message id, because buyers reply to them. */
export class SupportFiles1790000034000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query(`
-- Telegram's file_id, valid only for the thread's bot. The text is the caption, which may be empty.
alter table support_messages
  add column file_kind text check (file_kind in ('photo', 'video', 'animation', 'video_note', 'voice', 'audio', 'document', 'sticker')),
  add column file_id text check (char_length(file_id) between 1 and 512),
  add column file_name text check (char_length(file_name) between 1 and 256),
  drop constraint support_messages_text_check,
  add constraint support_messages_text_check check (char_length(text) <= 4096 and (text <> '' or file_id is not null)),
  add constraint support_messages_file_check check ((file_id is null) = (file_kind is null)
    and (file_name is null or file_id is not null) and (file_id is null or direction = 'buyer'));`);
  }

  async down(): Promise<void> {
    throw new Error('What buyers sent is not taken back by a migration.');
  }
}
