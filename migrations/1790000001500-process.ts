import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tables of `process`. */
export class Process1790000001500 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(TABLES);
  }

  async down(): Promise<void> {
    throw new Error('The baseline is not taken back: drop the database instead.');
  }
}

const TABLES = `
create table idempotency_keys (
  tenant_id uuid not null references tenants,
  principal_id uuid not null,
  key text not null check (char_length(key) between 1 and 255),
  fingerprint bytea not null check (length(fingerprint) = 32),
  state text not null check (state in ('done', 'running')),
  -- Encrypted, because an answer may contain a secret that is shown once.
  answer_sealed bytea,
  -- The process of a request that is still running by then has died.
  running_until timestamptz,
  created_at timestamptz not null default now(),
  primary key (tenant_id, principal_id, key),
  check ((state = 'running') = (running_until is not null))
);
create index idempotency_keys_age on idempotency_keys (created_at);
select make_tenant_owned('idempotency_keys', 'select, insert, update, delete', 'select, delete');
`;
