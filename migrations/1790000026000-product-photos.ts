import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A photo for a product's card and invoice: a file of the workspace, or a URL that Telegram fetches. */
export class ProductPhotos1790000026000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query(`
alter table products add column photo_file_id uuid;
alter table products add column photo_url text check (char_length(photo_url) between 1 and 2048);
alter table products add constraint products_photo_file_fkey foreign key (tenant_id, photo_file_id) references files (tenant_id, id);
alter table products add constraint products_photo_check check (photo_file_id is null or photo_url is null);`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('alter table products drop column photo_file_id, drop column photo_url');
  }
}
