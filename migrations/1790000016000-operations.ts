import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Indexes for the staff's lists of stuck work, and a kill switch for bots. */
export class Operations1790000016000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query(SWITCH);
    await q.query(LOOKS);
    await q.query(STUCK);
  }

  async down(): Promise<void> {
    throw new Error('A stopped bot is not let loose by a migration.');
  }
}

const SWITCH = `
-- Bots stopped by staff, whatever their creator sets.
alter table bots
  add column stopped_because text check (char_length(stopped_because) between 1 and 500),
  add column stopped_at timestamptz,
  add constraint bots_stopped_check check ((stopped_because is null) = (stopped_at is null));
`;

const LOOKS = `
-- Telegram's last answer about a bot's webhook.
create table webhook_looks (
  tenant_id uuid not null references tenants,
  bot_id uuid not null,
  looked_at timestamptz not null,
  -- The problem as one word, and its start; null when there is none.
  problem text check (problem in ('elsewhere', 'missing', 'failing', 'lagging', 'unreadable')),
  since timestamptz,
  host text check (char_length(host) <= 255),
  pending_updates integer check (pending_updates >= 0),
  last_error text check (char_length(last_error) <= 500),
  last_error_at timestamptz,
  primary key (tenant_id, bot_id),
  foreign key (tenant_id, bot_id) references bots (tenant_id, id),
  check ((problem is null) = (since is null))
);
create index webhook_looks_due on webhook_looks (looked_at);
create index webhook_looks_sick on webhook_looks (since) where problem is not null;
select make_tenant_owned('webhook_looks', 'select, insert, update', 'select, insert, update');
`;

// Across all tenants, oldest first. All are partial, so that rows that are not stuck cost almost nothing.
const STUCK = `
create index inbox_stuck on inbox (received_at) where state = 'parked';
create index jobs_stuck on jobs (created_at) where state = 'parked';
create index jobs_late on jobs (due_at) where state = 'waiting' and lease is null;
create index orders_stuck on orders (paid_at) where state = 'paid' and delivery in ('waiting', 'generating');
create index refunds_stuck on refunds (updated_at) where state in ('requested', 'sent', 'unknown');
create index endpoints_stuck on endpoints (failing_since) where failing_since is not null;
create index reconciliations_stuck on reconciliations (started_at)
  where state = 'succeeded' and (unexplained <> 0 or unknown_there <> 0);
`;
