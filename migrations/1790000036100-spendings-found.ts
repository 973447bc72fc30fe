import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Indexes to settle spendings without reading a bot's whole list, and to find interrupted calls in all workspaces. */
export class SpendingsFound1790000036100 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query(INDEXES);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('drop index star_transactions_spent, spendings_begun, spendings_unknown, spendings_unlisted');
    await q.query(
      `create index spendings_open on spendings (tenant_id, bot_id, id) where telegram_transaction_id is null and state <> 'refused'`,
    );
  }
}

const INDEXES = `
create index star_transactions_spent on star_transactions (tenant_id, bot_id, kind, buyer_id, occurred_at)
  where kind in ('gift_purchase', 'premium_purchase', 'business_account_transfer');
create index spendings_begun on spendings (begun_at) where state = 'begun';
create index spendings_unknown on spendings (tenant_id, bot_id) where state = 'unknown';
create index spendings_unlisted on spendings (tenant_id, bot_id, begun_at) where state = 'done' and telegram_transaction_id is null;
drop index spendings_open;
`;
