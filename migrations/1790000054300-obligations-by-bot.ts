import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a bot owes is found without reading everything that was ever sold in its workspace. */
export class ObligationsByBot1790000054300 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query(`
      create index orders_owed on orders (tenant_id, bot_id)
        where state = 'paid' and delivery in ('waiting', 'generating', 'failed', 'unreachable');
      create index orders_approved on orders (tenant_id, bot_id, approved_at) where state = 'approved';
      create index chat_accesses_links on chat_accesses (tenant_id, bot_id) where link is not null;
    `);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('drop index orders_owed, orders_approved, chat_accesses_links');
  }
}
