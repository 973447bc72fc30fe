import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Groups that became supergroups: a bot may hear of one later, and still by the number of the group. */
export class ChatUpgrades1790000054200 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query(`
      create table chat_upgrades (
        tenant_id uuid not null references tenants,
        from_telegram_id bigint not null check (from_telegram_id between -9007199254740991 and -1),
        to_telegram_id bigint not null check (to_telegram_id between -9007199254740991 and -1),
        told_at timestamptz not null,
        primary key (tenant_id, from_telegram_id)
      );
      create index chat_upgrades_to on chat_upgrades (tenant_id, to_telegram_id);
      select make_tenant_owned('chat_upgrades', 'select, insert, delete', 'select, delete');
    `);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('drop table chat_upgrades');
  }
}
