import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Event look-up and resending, secret rotation and monitoring of endpoints, and queues with lanes. */
export class Events1790000007000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query(LANES);
    await q.query(ENDPOINTS);
    await q.query(LOG);
    await q.query(ALERTS);
  }

  async down(): Promise<void> {
    throw new Error('The log of what creators were told is not taken back by a migration.');
  }
}

const LANES = `
-- The webhooks of one endpoint share a lane, which limits its concurrent jobs. Zero: no lane.
alter table jobs add column lane uuid not null default '00000000-0000-0000-0000-000000000000';
create index jobs_turns on jobs (queue, tenant_id, lane, due_at) where state = 'waiting';
create index jobs_held on jobs (queue, tenant_id, lane) where lease is not null;
drop index jobs_due;
`;

const ENDPOINTS = `
alter table endpoints
  add column previous_secret_sealed bytea,
  add column previous_secret_until timestamptz,
  -- The first failure since the last success.
  add column failing_since timestamptz,
  -- Its last answer was slow, or never came.
  add column slow boolean not null default false,
  add check ((previous_secret_sealed is null) = (previous_secret_until is null));
`;

const LOG = `
-- Counts the requests for the delivery: within one round nothing is sent after a success.
alter table webhook_deliveries add column round integer not null default 1 check (round >= 1);
create index webhook_deliveries_endpoint on webhook_deliveries (tenant_id, endpoint_id, id desc);
create index webhook_deliveries_failed on webhook_deliveries (tenant_id, endpoint_id, id) where state = 'failed';
alter table webhook_attempts
  add column round integer not null default 1 check (round >= 1),
  -- The attempt as sent; the body itself is the event.
  add column url text check (char_length(url) <= 2048),
  add column signed_at timestamptz,
  add column body_sha256 bytea check (length(body_sha256) = 32),
  add column body_bytes integer;
create index events_type on events (tenant_id, type, id desc);
-- Registering, rotating or removing a bot may concern another tenant's bot, so the platform's role records these events.
grant insert on events to starwall_platform;
`;

const ALERTS = `
-- The alert chat of a creator, and the bot that sends the alerts.
create table alert_chats (
  tenant_id uuid not null references tenants,
  bot_id uuid not null,
  telegram_id bigint not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id),
  foreign key (tenant_id, bot_id, telegram_id) references buyers (tenant_id, bot_id, telegram_id)
);
select make_tenant_owned('alert_chats', 'select, insert, update, delete', 'select');
`;
