import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Answers of creators to buyers with a picture or another file. */
export class AnswersWithFiles1790000070100 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query(`
      alter table support_messages
        -- The stored file of an answer. Its file_id follows once the bot has sent it.
        add column upload_id uuid,
        add foreign key (tenant_id, upload_id) references files (tenant_id, id),
        drop constraint support_messages_file_check,
        add constraint support_messages_file_check check (
          (file_kind is null) = (file_id is null and upload_id is null) and (file_name is null or file_kind is not null)
          and (upload_id is null or direction = 'creator')
        ) not valid,
        drop constraint support_messages_text_check,
        add constraint support_messages_text_check
          check (char_length(text) <= 4096 and (text <> '' or file_kind is not null)) not valid;
    `);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`
      update support_messages set file_id = null, file_kind = null, file_name = null, text = coalesce(nullif(text, ''), '[file]')
        where direction = 'creator';
      alter table support_messages
        drop constraint support_messages_file_check, drop constraint support_messages_text_check, drop column upload_id,
        add constraint support_messages_file_check check (
          (file_id is null) = (file_kind is null) and (file_name is null or file_id is not null)
          and (file_id is null or direction = 'buyer')
        ) not valid,
        add constraint support_messages_text_check
          check (char_length(text) <= 4096 and (text <> '' or file_id is not null)) not valid;
    `);
  }
}
