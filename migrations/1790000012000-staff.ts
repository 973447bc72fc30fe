import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Staff accounts with their sessions, and the audit log. */
export class Staff1790000012000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query(STAFF);
    await q.query(AUDIT);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('drop table staff_outcome_entries, staff_entries, audit_outcome_entries, audit_entries');
    await q.query('drop table staff_sessions, staff_accounts');
  }
}

// Platform-owned, and separate from creators' accounts: a creator's account never gives staff rights.
const STAFF = `
create table staff_accounts (
  id uuid primary key,
  email text not null unique check (email = lower(email) and char_length(email) <= 254),
  role text not null check (role in ('viewer', 'support', 'risk', 'admin')),
  password_hash text not null,
  totp_sealed bytea,
  totp_confirmed_at timestamptz,
  -- The time step of the last accepted code, so that no code is accepted twice.
  totp_step bigint,
  recovery_hashes bytea[] not null default '{}',
  -- Incremented when password or second factor change, which ends everything begun before.
  generation integer not null default 1,
  created_at timestamptz not null default now(),
  disabled_at timestamptz,
  check (totp_confirmed_at is null or totp_sealed is not null)
);
create table staff_sessions (
  id uuid primary key,
  staff_id uuid not null references staff_accounts,
  refresh_hash bytea not null unique check (length(refresh_hash) = 32),
  previous_hash bytea unique check (length(previous_hash) = 32),
  created_at timestamptz not null default now(),
  refreshed_at timestamptz not null default now(),
  idle_until timestamptz not null,
  expires_at timestamptz not null,
  revoked_at timestamptz,
  revoked_because text,
  check (idle_until <= expires_at)
);
create index staff_sessions_staff on staff_sessions (staff_id);
grant select, insert, update on staff_accounts, staff_sessions to starwall_platform;
`;

const ENTRY = `
  action text not null check (char_length(action) between 1 and 100),
  actor_kind text not null check (actor_kind in ('account', 'api_key', 'staff', 'command')),
  actor_id uuid,
  via text not null check (via in ('session', 'api_key', 'staff', 'impersonation', 'command')),
  targets text[] not null default '{}',
  reason text check (char_length(reason) between 1 and 500),
  request_id text check (char_length(request_id) <= 64),
  network text check (char_length(network) <= 64),
  user_agent text check (char_length(user_agent) <= 200),
  -- The outcome of a begun action is a separate row. If it is missing, the process died or is still working.
  outcome text not null check (outcome in ('done', 'begun')),
  created_at timestamptz not null default now(),
  check ((actor_kind = 'command') = (actor_id is null))
`;

const AUDIT = `
create table audit_entries (
  tenant_id uuid not null references tenants,
  id uuid not null,
  ${ENTRY},
  primary key (tenant_id, id)
);
create index audit_entries_everywhere on audit_entries (id);
create index audit_entries_actor on audit_entries (tenant_id, actor_id, id);
select make_tenant_owned('audit_entries', 'select, insert', 'select, insert');

create table audit_outcome_entries (
  tenant_id uuid not null references tenants,
  entry_id uuid not null,
  outcome text not null check (outcome in ('done', 'refused')),
  created_at timestamptz not null default now(),
  primary key (tenant_id, entry_id),
  foreign key (tenant_id, entry_id) references audit_entries (tenant_id, id)
);
select make_tenant_owned('audit_outcome_entries', 'select, insert', 'select, insert');

-- Staff actions that change no tenant: on their own accounts, and reads across tenants.
create table staff_entries (
  id uuid primary key,
  owner_tenant uuid references tenants,
  ${ENTRY}
);
create index staff_entries_tenant on staff_entries (owner_tenant, id);
create index staff_entries_actor on staff_entries (actor_id, id);
create table staff_outcome_entries (
  entry_id uuid primary key references staff_entries,
  outcome text not null check (outcome in ('done', 'refused')),
  created_at timestamptz not null default now()
);
grant select, insert on staff_entries, staff_outcome_entries to starwall_platform;
`;
