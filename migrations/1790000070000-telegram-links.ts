import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Members who are known in Telegram, and actions that they take there. */
export class TelegramLinks1790000070000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query(LINKS);
    await q.query(`
      alter table audit_entries drop constraint audit_entries_via_check,
        add constraint audit_entries_via_check
          check (via in ('session', 'api_key', 'staff', 'impersonation', 'command', 'telegram')) not valid;
    `);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`
      drop table telegram_links;
      alter table audit_entries drop constraint audit_entries_via_check,
        add constraint audit_entries_via_check
          check (via in ('session', 'api_key', 'staff', 'impersonation', 'command')) not valid;
    `);
  }
}

const LINKS = `
create table telegram_links (
  tenant_id uuid not null references tenants,
  id uuid not null,
  account_id uuid not null references accounts,
  -- The bot whose chat the code is for. The link itself is valid for every bot of the workspace in this environment.
  bot_id uuid not null,
  environment text not null check (environment in ('production', 'test')),
  -- A hash of the code. The code itself is only in the deep link.
  code_hash bytea not null check (length(code_hash) = 32),
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  -- The person who sent the code to the bot.
  telegram_id bigint,
  name text check (char_length(name) between 1 and 200),
  linked_at timestamptz,
  -- Unlinked, or replaced by a later code or link.
  ended_at timestamptz,
  primary key (tenant_id, id),
  unique (tenant_id, code_hash),
  foreign key (tenant_id, bot_id) references bots (tenant_id, id),
  check ((telegram_id is null) = (linked_at is null) and (name is null) = (linked_at is null)),
  check (expires_at > created_at)
);
create unique index telegram_links_person on telegram_links (tenant_id, environment, telegram_id)
  where linked_at is not null and ended_at is null;
create unique index telegram_links_account on telegram_links (tenant_id, environment, account_id)
  where linked_at is not null and ended_at is null;
create index telegram_links_of_account on telegram_links (tenant_id, account_id, created_at);
select make_tenant_owned('telegram_links', 'select, insert, update, delete', 'select');
`;
