import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Posts with paid media are product posts, stored before Telegram is called. */
export class PaidMediaPosts1790000031000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query(`
alter table product_posts
  drop constraint product_posts_way_check,
  add constraint product_posts_way_check check (way in ('button', 'invoice', 'paid_media')),
  -- Up to 1,024 UTF-16 units, so at most that many characters.
  add column caption text check (char_length(caption) <= 1024),
  add constraint product_posts_caption_check1 check (way = 'paid_media' or caption is null)`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`
alter table product_posts
  drop column caption,
  drop constraint product_posts_way_check,
  add constraint product_posts_way_check check (way in ('button', 'invoice'))`);
  }
}
