import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Old sessions, refresh tokens and views of products are found and deleted. */
export class Retention1790000059200 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query(`
      create index refresh_tokens_old on refresh_tokens (issued_at);
      create index staff_refresh_tokens_old on staff_refresh_tokens (issued_at);
      create index sessions_old on sessions (created_at);
      -- Rows come in the order of their days, so a small index suffices.
      create index product_views_old on product_views using brin (day);
      grant delete on staff_refresh_tokens, product_views to starwall_platform;
    `);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`
      drop index refresh_tokens_old, staff_refresh_tokens_old, sessions_old, product_views_old;
      revoke delete on staff_refresh_tokens, product_views from starwall_platform;
    `);
  }
}
