import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Notes on promo codes, and a counter of a buyer's attempts with unknown codes. */
export class PromoManners1790000027200 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query(`
alter table promo_codes add column metadata jsonb not null default '{}';

create table promo_guesses (
  tenant_id uuid not null references tenants,
  bot_id uuid not null,
  buyer_id bigint not null,
  -- Unknown codes since then.
  since timestamptz not null,
  wrong integer not null check (wrong >= 0),
  primary key (tenant_id, bot_id, buyer_id),
  foreign key (tenant_id, bot_id, buyer_id) references buyers (tenant_id, bot_id, telegram_id)
);
select make_tenant_owned('promo_guesses', 'select, insert, update, delete', 'select, delete');`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('drop table promo_guesses; alter table promo_codes drop column metadata');
  }
}
