import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tables of `staff`. */
export class Staff1790000000200 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(TABLES);
  }

  async down(): Promise<void> {
    throw new Error('The baseline is not taken back: drop the database instead.');
  }
}

const TABLES = `
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
  -- Consecutive: an accepted code resets it.
  wrong_codes integer not null default 0 check (wrong_codes >= 0),
  codes_locked_until timestamptz,
  check (totp_confirmed_at is null or totp_sealed is not null)
);
grant select, insert, update on staff_accounts to starwall_platform;

create table staff_sessions (
  id uuid primary key,
  staff_id uuid not null references staff_accounts,
  created_at timestamptz not null default now(),
  idle_until timestamptz not null,
  expires_at timestamptz not null,
  revoked_at timestamptz,
  revoked_because text,
  network text check (char_length(network) <= 64),
  check (idle_until <= expires_at)
);
create index staff_sessions_staff on staff_sessions (staff_id);
grant select, insert, update on staff_sessions to starwall_platform;

create table impersonation_entries (
  id uuid primary key,
  staff_id uuid not null references staff_accounts,
  -- The impersonation ends with this session.
  session_id uuid not null references staff_sessions,
  owner_tenant uuid not null references tenants,
  reason text not null check (char_length(reason) between 1 and 500),
  created_at timestamptz not null,
  expires_at timestamptz not null,
  check (expires_at > created_at)
);
create index impersonation_entries_tenant on impersonation_entries (owner_tenant, id);
grant select, insert on impersonation_entries to starwall_platform;

create table staff_refresh_tokens (
  hash bytea primary key check (length(hash) = 32),
  session_id uuid not null references staff_sessions,
  issued_at timestamptz not null default now(),
  used_at timestamptz
);
create index staff_refresh_tokens_session on staff_refresh_tokens (session_id);
grant select, insert, update on staff_refresh_tokens to starwall_platform;

alter table staff_note_entries add foreign key (staff_id) references staff_accounts;
alter table tenant_state_entries add foreign key (staff_id) references staff_accounts;
`;
