import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The pools of licence keys. */
export class LicenceKeys1790000021500 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query(POOLS);
    await q.query(KEYS);
  }

  async down(): Promise<void> {
    throw new Error('Keys that buyers paid for are not taken back by a migration.');
  }
}

const POOLS = `
alter table licence_pools
  -- Key of the hash that finds duplicates: a dump of the database alone does not reveal which keys were sold.
  add column hash_key_sealed bytea,
  -- The threshold of the creator's last warning, until the stock rises above it again.
  add column warned_at integer;
`;

const KEYS = `
create table licence_keys (
  tenant_id uuid not null references tenants,
  id uuid not null,
  product_id uuid not null,
  key_sealed bytea not null,
  key_hash bytea not null check (length(key_hash) = 32),
  hint text not null check (char_length(hint) <= 4),
  -- A sold key never becomes free again, because its buyer has seen it.
  state text not null default 'free' check (state in ('free', 'sold', 'burned')),
  order_id uuid,
  created_at timestamptz not null default now(),
  sold_at timestamptz,
  burned_at timestamptz,
  primary key (tenant_id, id),
  unique (tenant_id, product_id, key_hash),
  unique (tenant_id, order_id),
  foreign key (tenant_id, product_id) references licence_pools (tenant_id, product_id),
  foreign key (tenant_id, order_id) references orders (tenant_id, id),
  check ((state = 'free') = (order_id is null) and (state = 'free') = (sold_at is null)),
  check ((state = 'burned') = (burned_at is not null))
);
create index licence_keys_free on licence_keys (tenant_id, product_id, id) where state = 'free';
create index licence_keys_list on licence_keys (tenant_id, product_id, id desc);
select make_tenant_owned('licence_keys', 'select, insert, update, delete', 'select');
`;
