import type { MigrationInterface, QueryRunner } from 'typeorm';

/** An outage of a creator's server, of an alert chat or of a bot's webhook is told when it begins. */
export class OutagesAreTold1790000054000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query(`
      alter table endpoints
        -- Why the newest attempt failed; null while it does not fail.
        add column failure text,
        -- When the creator was last told of an outage.
        add column failure_told_at timestamptz;
      -- Events of which the creator should have heard while they could not be reached, oldest first.
      alter table alert_chats add column missed uuid[] not null default '{}';
      create index stray_payments_payload on stray_payments (tenant_id, bot_id, payload) where payload is not null;
      -- The problem of which the creator was told; null when all was well at the last look.
      alter table webhook_looks add column told text;
    `);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`
      drop index stray_payments_payload;
      alter table endpoints drop column failure, drop column failure_told_at;
      alter table alert_chats drop column missed;
      alter table webhook_looks drop column told;
    `);
  }
}
