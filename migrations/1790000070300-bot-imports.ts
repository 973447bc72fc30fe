import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Many bots are registered from a file, one after another. */
export class BotImports1790000070300 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query(TABLES);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('drop table registration_paces, bot_import_lines, bot_imports');
  }
}

const TABLES = `
create table bot_imports (
  tenant_id uuid not null references tenants,
  id uuid not null,
  -- The member who uploaded the file. The import outlives the account.
  created_by uuid not null,
  environment text not null check (environment in ('production', 'test')),
  take_over boolean not null,
  state text not null check (state in ('running', 'done', 'canceled')),
  lines integer not null check (lines between 1 and 5000),
  created_at timestamptz not null default now(),
  finished_at timestamptz,
  primary key (tenant_id, id),
  check ((state = 'running') = (finished_at is null))
);
select make_tenant_owned('bot_imports', 'select, insert, update', 'select');

create table bot_import_lines (
  tenant_id uuid not null references tenants,
  id uuid not null,
  import_id uuid not null,
  -- In the file, from 1.
  line integer not null check (line between 1 and 10000),
  -- Kept until the line is concluded.
  token_sealed bytea,
  token_last4 text check (char_length(token_last4) = 4),
  state text not null check (state in ('waiting', 'registered', 'failed', 'canceled')),
  attempts integer not null default 0 check (attempts between 0 and 100),
  bot_id uuid,
  code text check (char_length(code) between 1 and 100),
  error text check (char_length(error) between 1 and 500),
  remedy text check (char_length(remedy) between 1 and 500),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, import_id, line),
  foreign key (tenant_id, import_id) references bot_imports (tenant_id, id),
  foreign key (tenant_id, bot_id) references bots (tenant_id, id),
  check ((state = 'waiting') = (token_sealed is not null)),
  check (state <> 'registered' or bot_id is not null)
);
create index bot_import_lines_waiting on bot_import_lines (tenant_id, import_id, line) where state = 'waiting';
select make_tenant_owned('bot_import_lines', 'select, insert, update', 'select, update');

-- Platform-owned: Telegram limits new bots per address of a client, whosever they are.
create table registration_paces (
  name text primary key check (name = 'imports'),
  next_at timestamptz not null
);
insert into registration_paces (name, next_at) values ('imports', now());
grant select, update on registration_paces to starwall_platform;
`;
