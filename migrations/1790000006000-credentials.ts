import type { MigrationInterface, QueryRunner } from 'typeorm';

/** API keys, and invitations to a workspace. */
export class Credentials1790000006000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query(API_KEYS);
    await q.query(INVITATIONS);
    // Owners and admins change and remove members within their own tenant, under row-level security.
    await q.query('grant update, delete on memberships to starwall_app');
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('revoke update, delete on memberships from starwall_app');
    await q.query('drop table invitations, api_keys');
  }
}

const API_KEYS = `
create table api_keys (
  tenant_id uuid not null references tenants,
  id uuid not null,
  name text not null check (char_length(name) between 1 and 100),
  -- A hash of the whole key. The key itself is not stored.
  hash bytea not null check (length(hash) = 32),
  last4 text not null check (char_length(last4) = 4),
  livemode boolean not null,
  scopes text[] not null check (cardinality(scopes) > 0),
  created_by uuid not null references accounts,
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz,
  primary key (tenant_id, id),
  unique (tenant_id, hash),
  check (expires_at > created_at)
);
-- For look-ups by hash, which return the key's tenant.
create index api_keys_hash on api_keys (hash);
select make_tenant_owned('api_keys', 'select, insert, update', 'select');
`;

const INVITATIONS = `
create table invitations (
  tenant_id uuid not null references tenants,
  id uuid not null,
  email text not null check (email = lower(email) and char_length(email) <= 254),
  role text not null check (role in ('owner', 'admin', 'support', 'viewer')),
  token_hash bytea not null check (length(token_hash) = 32),
  invited_by uuid not null references accounts,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  accepted_at timestamptz,
  accepted_by uuid references accounts,
  revoked_at timestamptz,
  primary key (tenant_id, id),
  unique (tenant_id, token_hash),
  check ((accepted_at is null) = (accepted_by is null)),
  check (accepted_at is null or revoked_at is null)
);
create index invitations_token on invitations (token_hash);
select make_tenant_owned('invitations', 'select, insert, update', 'select, update');
`;
