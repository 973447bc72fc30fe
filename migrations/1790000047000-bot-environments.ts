import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Adds Telegram's two environments. Each assigns bot ids separately, so the same id may occur twice. */
export class BotEnvironments1790000047000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query(UP);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(DOWN);
  }
}

const UP = `
alter table bots add column environment text not null default 'production' check (environment in ('production', 'test'));
alter table bots drop constraint bots_tenant_id_telegram_id_key;
alter table bots add constraint bots_telegram_key unique (tenant_id, environment, telegram_id);
alter table bot_routes add column environment text not null default 'production' check (environment in ('production', 'test'));
alter table bot_routes drop constraint bot_routes_telegram_id_key;
alter table bot_routes add constraint bot_routes_telegram_key unique (environment, telegram_id);
`;

const DOWN = `
alter table bot_routes drop constraint bot_routes_telegram_key;
alter table bot_routes drop column environment;
alter table bot_routes add constraint bot_routes_telegram_id_key unique (telegram_id);
alter table bots drop constraint bots_telegram_key;
alter table bots drop column environment;
alter table bots add constraint bots_tenant_id_telegram_id_key unique (tenant_id, telegram_id);
`;
