import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Marks refunds that Telegram refuses for now as delayed; they count as stuck from the time of the request. */
export class DelayedRefunds1790000045000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query(`
      alter table refunds add column delayed_since timestamptz;
      create index refunds_delayed on refunds (tenant_id, charge_id)
        where delayed_since is not null and state in ('requested', 'sent', 'unknown');
      drop index refunds_stuck;
      create index refunds_stuck on refunds (created_at) where state in ('requested', 'sent', 'unknown');
    `);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`
      drop index refunds_delayed, refunds_stuck;
      create index refunds_stuck on refunds (updated_at) where state in ('requested', 'sent', 'unknown');
      alter table refunds drop column delayed_since;
    `);
  }
}
