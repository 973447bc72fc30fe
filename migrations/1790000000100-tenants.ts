import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tables of `tenants`. */
export class Tenants1790000000100 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(TABLES);
  }

  async down(): Promise<void> {
    throw new Error('The baseline is not taken back: drop the database instead.');
  }
}

const TABLES = `
create table accounts (
  id uuid primary key,
  email text not null unique check (email = lower(email) and char_length(email) <= 254),
  password_hash text not null,
  created_at timestamptz not null default now()
);
grant select, insert, update on accounts to starwall_platform;

create table tenants (
  id uuid primary key,
  name text not null check (char_length(name) between 1 and 100),
  state text not null default 'active' check (state in ('active', 'warned', 'no_new_sales', 'outbound_stopped', 'locked', 'closed')),
  created_at timestamptz not null default now(),
  plan_id text not null default 'free'
);
create index tenants_name on tenants (lower(name) text_pattern_ops);
create index tenants_state on tenants (state, id) where state <> 'active';
alter table tenants enable row level security;
alter table tenants force row level security;
create policy platform_all on tenants to starwall_platform using (true) with check (true);
create policy tenant_only on tenants for select to starwall_app using (id = current_tenant());
grant select on tenants to starwall_app;
grant select, insert, update on tenants to starwall_platform;

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
  metadata jsonb not null default '{}',
  primary key (tenant_id, id),
  unique (tenant_id, hash),
  check (expires_at > created_at)
);
-- For look-ups by hash, which return the key's tenant.
create index api_keys_hash on api_keys (hash);
select make_tenant_owned('api_keys', 'select, insert, update', 'select');

create table bots (
  tenant_id uuid not null references tenants,
  id uuid not null,
  telegram_id bigint not null,
  username text not null,
  name text not null,
  info jsonb not null,
  token_sealed bytea,
  token_last4 text not null,
  state text not null check (state in ('registering', 'active', 'paused', 'token_invalid', 'removing', 'removed')),
  support_text text check (char_length(support_text) <= 1000),
  terms_text text check (char_length(terms_text) <= 4000),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  metadata jsonb not null default '{}',
  -- Bots stopped by staff, whatever their creator sets.
  stopped_because text check (char_length(stopped_because) between 1 and 500),
  stopped_at timestamptz,
  -- The creator's name for the current version of the terms; null if no consent is required.
  terms_version text check (char_length(terms_version) between 1 and 40),
  removing_since timestamptz,
  -- Telegram refused the token during the removal.
  token_refused_at timestamptz,
  environment text not null default 'production' check (environment in ('production', 'test')),
  primary key (tenant_id, id),
  constraint bots_telegram_key unique (tenant_id, environment, telegram_id),
  check (state = 'removed' or token_sealed is not null),
  constraint bots_removing_check check ((state = 'removing') = (removing_since is not null)),
  constraint bots_stopped_check check ((stopped_because is null) = (stopped_at is null)),
  constraint bots_token_refused_check check (token_refused_at is null or state = 'removing')
);
create index bots_anywhere on bots (id);
create index bots_stopped on bots (stopped_at) where stopped_at is not null;
create index bots_telegram on bots (telegram_id);
create index bots_username on bots (lower(username) text_pattern_ops);
select make_tenant_owned('bots', 'select, insert, update', 'select, insert, update');

-- Platform-owned: maps a webhook path, or a Telegram bot id, to its owner.
create table bot_routes (
  path_key text primary key check (char_length(path_key) >= 32),
  telegram_id bigint not null,
  owner_tenant uuid not null,
  bot_id uuid not null,
  secret_hash bytea not null check (length(secret_hash) = 32),
  previous_secret_hash bytea check (length(previous_secret_hash) = 32),
  previous_secret_until timestamptz,
  rotating_since timestamptz,
  environment text not null default 'production' check (environment in ('production', 'test')),
  constraint bot_routes_telegram_key unique (environment, telegram_id),
  foreign key (owner_tenant, bot_id) references bots (tenant_id, id)
);
grant select, insert, update, delete on bot_routes to starwall_platform;

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
  foreign key (tenant_id, bot_id) references bots (tenant_id, id)
);
select make_tenant_owned('bot_texts', 'select, insert, update, delete', 'select');

-- Erased buyers. The pseudonym replaces the person everywhere; no Telegram user has a negative id.
create table erasures (
  tenant_id uuid not null references tenants,
  id uuid not null,
  pseudonym bigint not null check (pseudonym < 0),
  -- The real id, encrypted: needed for refunds and after restoring a backup. Null after the retention period.
  telegram_id_sealed bytea,
  keep_until timestamptz not null,
  requested_by text not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, pseudonym)
);
create index erasures_kept on erasures (keep_until) where telegram_id_sealed is not null;
select make_tenant_owned('erasures', 'select, insert, update', 'select, update');

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

create table memberships (
  tenant_id uuid not null references tenants,
  account_id uuid not null references accounts,
  role text not null check (role in ('owner', 'admin', 'support', 'viewer')),
  created_at timestamptz not null default now(),
  primary key (tenant_id, account_id)
);
create index memberships_account on memberships (account_id);
select make_tenant_owned('memberships', 'select, update, delete', 'select, insert, update, delete');

create table sessions (
  id uuid primary key,
  account_id uuid not null references accounts,
  owner_tenant uuid not null references tenants,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  revoked_at timestamptz,
  revoked_because text,
  last_used_at timestamptz,
  -- Truncated, so that it gives only a rough location.
  network text check (char_length(network) <= 64),
  user_agent text check (char_length(user_agent) <= 200)
);
create index sessions_account on sessions (account_id);
create index sessions_open on sessions (account_id, id desc) where revoked_at is null;
grant select, insert, update, delete on sessions to starwall_platform;

create table refresh_tokens (
  hash bytea primary key check (length(hash) = 32),
  session_id uuid not null references sessions,
  issued_at timestamptz not null default now(),
  used_at timestamptz
);
create index refresh_tokens_session on refresh_tokens (session_id);
grant select, insert, update, delete on refresh_tokens to starwall_platform;

-- Platform-owned like accounts, but separate, so that code that reads accounts reads no secrets.
create table second_factors (
  account_id uuid primary key references accounts,
  totp_sealed bytea not null,
  begun_at timestamptz not null default now(),
  -- Null until confirmed; until then it protects nothing.
  confirmed_at timestamptz,
  -- The time step of the last accepted code, so that no code is accepted twice.
  totp_step bigint,
  recovery_hashes bytea[] not null default '{}',
  -- Consecutive: an accepted code resets it.
  wrong_codes integer not null default 0 check (wrong_codes >= 0),
  codes_locked_until timestamptz,
  check ((confirmed_at is null) = (totp_step is null)),
  check (confirmed_at is not null or recovery_hashes = '{}')
);
grant select, insert, update, delete on second_factors to starwall_platform;

-- Internal notes of staff. They do not belong to the tenant, so its export does not contain them.
create table staff_note_entries (
  id uuid primary key,
  owner_tenant uuid not null references tenants,
  staff_id uuid not null,
  note text not null check (char_length(note) between 1 and 2000),
  created_at timestamptz not null default now()
);
create index staff_note_entries_tenant on staff_note_entries (owner_tenant, id);
grant select, insert on staff_note_entries to starwall_platform;

create table tenant_state_entries (
  tenant_id uuid not null references tenants,
  id uuid not null,
  from_state text not null,
  to_state text not null,
  -- Shown to the creator. Null if no reason was required, which is only possible for lifting.
  reason text check (char_length(reason) between 1 and 500),
  review_at timestamptz,
  staff_id uuid,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  check (to_state <> from_state),
  check (to_state = 'active' or reason is not null)
);
select make_tenant_owned('tenant_state_entries', 'select', 'select, insert');

-- Telegram's last answer about a bot's webhook.
create table webhook_looks (
  tenant_id uuid not null references tenants,
  bot_id uuid not null,
  looked_at timestamptz not null,
  -- The problem as one word, and its start; null when there is none.
  problem text check (problem in ('elsewhere', 'missing', 'deaf', 'failing', 'lagging', 'unreadable')),
  since timestamptz,
  host text check (char_length(host) <= 255),
  pending_updates integer check (pending_updates >= 0),
  last_error text check (char_length(last_error) <= 500),
  last_error_at timestamptz,
  -- The problem of which the creator was told; null when all was well at the last look.
  told text,
  primary key (tenant_id, bot_id),
  foreign key (tenant_id, bot_id) references bots (tenant_id, id),
  check ((problem is null) = (since is null))
);
create index webhook_looks_due on webhook_looks (looked_at);
create index webhook_looks_sick on webhook_looks (since) where problem is not null;
select make_tenant_owned('webhook_looks', 'select, insert, update', 'select, insert, update');
`;
