import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Creators' own wording of bot texts, for a whole bot or for one of its products. */
export class Texts1790000020000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query(`
alter table products add unique (tenant_id, bot_id, id);

create table bot_texts (
  tenant_id uuid not null references tenants,
  id uuid not null,
  bot_id uuid not null,
  -- Null for the whole bot.
  product_id uuid,
  language text not null check (language in ('en', 'ru')),
  key text not null check (char_length(key) between 1 and 64),
  text text not null check (char_length(text) between 1 and 4096),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint bot_texts_one unique nulls not distinct (tenant_id, bot_id, product_id, language, key),
  foreign key (tenant_id, bot_id) references bots (tenant_id, id),
  foreign key (tenant_id, bot_id, product_id) references products (tenant_id, bot_id, id)
);
select make_tenant_owned('bot_texts', 'select, insert, update, delete', 'select');`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('drop table bot_texts; alter table products drop constraint products_tenant_id_bot_id_id_key');
  }
}
