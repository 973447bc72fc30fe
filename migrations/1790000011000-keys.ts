import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Data keys that encrypt secrets, separate for each tenant, and keys that sign tokens. All of them are stored encrypted. */
export class Keys1790000011000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query(`
      create table data_keys (
        tenant_id uuid not null references tenants,
        id uuid not null,
        -- The highest generation encrypts; all of them decrypt.
        generation integer not null check (generation >= 1),
        -- Nonce, tag and 32 bytes, wrapped by the named master key.
        wrapped bytea not null check (length(wrapped) = 60),
        master_key_id text not null check (master_key_id ~ '^[0-9a-f]{16}$'),
        created_at timestamptz not null default now(),
        primary key (tenant_id, id),
        unique (tenant_id, generation)
      );
      create index data_keys_master on data_keys (master_key_id);
      select make_tenant_owned('data_keys', 'select, insert', 'select, insert, update');

      create table platform_keys (
        id uuid primary key,
        generation integer not null unique check (generation >= 1),
        wrapped bytea not null check (length(wrapped) = 60),
        master_key_id text not null check (master_key_id ~ '^[0-9a-f]{16}$'),
        created_at timestamptz not null default now()
      );
      grant select, insert, update on platform_keys to starwall_platform;

      create table signing_keys (
        kid text primary key check (kid ~ '^[0-9A-Za-z_-]{22}$'),
        purpose text not null check (purpose ~ '^[a-z_]{1,40}$'),
        generation integer not null check (generation >= 1),
        secret_sealed bytea not null,
        -- In the future while processes learn of the key.
        signs_from timestamptz not null,
        -- When the last token that it signed expires.
        retires_at timestamptz,
        created_at timestamptz not null default now(),
        unique (purpose, generation)
      );
      grant select, insert, update, delete on signing_keys to starwall_platform;
    `);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('drop table signing_keys, platform_keys, data_keys');
  }
}
