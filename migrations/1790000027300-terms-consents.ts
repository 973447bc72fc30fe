import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Terms that buyers must agree to before buying, and their consents. */
export class TermsConsents1790000027300 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query(`
-- The creator's name for the current version of the terms; null if no consent is required.
alter table bots add column terms_version text check (char_length(terms_version) between 1 and 40);

create table terms_consents (
  tenant_id uuid not null references tenants,
  bot_id uuid not null,
  buyer_id bigint not null,
  version text not null check (char_length(version) between 1 and 40),
  language text not null,
  -- Digest of the displayed text.
  text_sha256 bytea not null check (octet_length(text_sha256) = 32),
  agreed_at timestamptz not null,
  primary key (tenant_id, bot_id, buyer_id, version),
  foreign key (tenant_id, bot_id, buyer_id) references buyers (tenant_id, bot_id, telegram_id)
);
create index terms_consents_buyer on terms_consents (tenant_id, buyer_id);
select make_tenant_owned('terms_consents', 'select, insert, delete', 'select, delete');`);
  }

  async down(): Promise<void> {
    throw new Error('Who agreed to which terms is not forgotten by a migration.');
  }
}
