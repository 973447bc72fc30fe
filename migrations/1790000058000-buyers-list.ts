import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Indexes for listing buyers newest first, and for finding them by a prefix of a name. */
export class BuyersList1790000058000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query(`
      create index buyers_newest on buyers (tenant_id, created_at desc, telegram_id desc, bot_id desc);
      create index buyers_first_name on buyers (tenant_id, lower(first_name) text_pattern_ops);
      create index buyers_last_name on buyers (tenant_id, lower(last_name) text_pattern_ops);
      create index buyers_username_begins on buyers (tenant_id, username_key text_pattern_ops);
    `);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('drop index buyers_newest, buyers_first_name, buyers_last_name, buyers_username_begins');
  }
}
