import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Removal of a bot: it first ends its obligations at Telegram and to its buyers. */
export class Removals1790000044000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query(BOTS);
    await q.query(SUBSCRIPTIONS);
    await q.query(REMOVALS);
    await q.query(BEFORE);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`
drop table bot_removal_failures;
drop table bot_removals;
drop index subscriptions_to_stop, bots_stopped;
alter table subscriptions no force row level security;
update subscriptions set canceled_by = 'creator' where canceled_by = 'removal';
alter table subscriptions force row level security;
alter table subscriptions drop column farewell_until, drop constraint subscriptions_canceled_by_check,
  add constraint subscriptions_canceled_by_check check (canceled_by in ('buyer', 'creator', 'refund', 'telegram'));
alter table bots no force row level security;
update bots set state = 'paused' where state = 'removing';
alter table bots force row level security;
alter table bots drop column removing_since, drop column token_refused_at, drop constraint bots_state_check,
  add constraint bots_state_check check (state in ('registering', 'active', 'paused', 'token_invalid', 'removed'));`);
  }
}

const BOTS = `
alter table bots
  add column removing_since timestamptz,
  -- Telegram refused the token during the removal.
  add column token_refused_at timestamptz,
  drop constraint bots_state_check,
  add constraint bots_state_check
    check (state in ('registering', 'active', 'paused', 'token_invalid', 'removing', 'removed')),
  add constraint bots_removing_check check ((state = 'removing') = (removing_since is not null)),
  add constraint bots_token_refused_check check (token_refused_at is null or state = 'removing');
create index bots_stopped on bots (stopped_at) where stopped_at is not null;
`;

const SUBSCRIPTIONS = `
alter table subscriptions
  -- The end of access that the buyer was told of when the bot was removed.
  add column farewell_until timestamptz,
  drop constraint subscriptions_canceled_by_check,
  add constraint subscriptions_canceled_by_check
    check (canceled_by in ('buyer', 'creator', 'refund', 'telegram', 'removal'));
create index subscriptions_to_stop on subscriptions (tenant_id, bot_id, id) where not locked;
`;

const REMOVALS = `
create table bot_removals (
  tenant_id uuid not null references tenants,
  id uuid not null,
  bot_id uuid not null,
  -- stuck: something could not be ended, and nobody has acknowledged it yet.
  state text not null check (state in ('running', 'stuck', 'done')),
  requested_by text not null,
  -- Since when the bot may be removed although something could not be ended.
  acknowledged_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  ended_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, bot_id) references bots (tenant_id, id),
  check ((state = 'done') = (ended_at is not null))
);
create unique index bot_removals_open on bot_removals (tenant_id, bot_id) where state <> 'done';
create index bot_removals_unfinished on bot_removals (created_at) where state <> 'done';
select make_tenant_owned('bot_removals', 'select, insert, update', 'select, update');

-- Obligations that could not be ended, with reasons. During a removal only links are stored here; other failures are read from their own tables and copied at the end.
create table bot_removal_failures (
  tenant_id uuid not null references tenants,
  removal_id uuid not null,
  kind text not null,
  subject text not null check (char_length(subject) between 1 and 64),
  reason text not null check (char_length(reason) between 1 and 500),
  created_at timestamptz not null default now(),
  primary key (tenant_id, removal_id, kind, subject),
  foreign key (tenant_id, removal_id) references bot_removals (tenant_id, id)
);
select make_tenant_owned('bot_removal_failures', 'select, insert, delete', 'select, insert');
`;

// Bots removed by earlier versions: lists the subscriptions that are still charged.
const BEFORE = `
alter table bots no force row level security;
alter table subscriptions no force row level security;
alter table bot_removals no force row level security;
alter table bot_removal_failures no force row level security;
insert into bot_removals (tenant_id, id, bot_id, state, requested_by, acknowledged_at, created_at, updated_at, ended_at)
select b.tenant_id, gen_random_uuid(), b.id, 'done', 'unknown', b.updated_at, b.updated_at, b.updated_at, b.updated_at
from bots b where b.state = 'removed' and exists (
  select from subscriptions s where s.tenant_id = b.tenant_id and s.bot_id = b.id and not s.locked and s.state <> 'ended');
insert into bot_removal_failures (tenant_id, removal_id, kind, subject, reason)
select r.tenant_id, r.id, 'renewal', s.id::text, 'The bot was removed by a version that did not stop renewals.'
from bot_removals r join subscriptions s on s.tenant_id = r.tenant_id and s.bot_id = r.bot_id
where not s.locked and s.state <> 'ended';
alter table bot_removal_failures force row level security;
alter table bot_removals force row level security;
alter table subscriptions force row level security;
alter table bots force row level security;
`;
