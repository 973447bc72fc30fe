import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tables of `vault`. */
export class Vault1790000001400 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(TABLES);
  }

  async down(): Promise<void> {
    throw new Error('The baseline is not taken back: drop the database instead.');
  }
}

const TABLES = `
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

create table key_rotations (
  id uuid primary key,
  -- A tenant's id, the platform, or everybody.
  owner text not null check (owner in ('all', 'platform') or owner ~ '^[0-9a-f-]{36}$'),
  begun_at timestamptz not null default now(),
  finished_at timestamptz,
  check (finished_at >= begun_at)
);
create unique index key_rotations_running on key_rotations (owner) where finished_at is null;
grant select, insert, update on key_rotations to starwall_platform;

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
`;
