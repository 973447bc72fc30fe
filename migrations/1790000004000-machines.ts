import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Inbox leases, a money lane and retention; expiry of orders; late payments. */
export class Machines1790000004000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query(INBOX);
    await q.query(RETENTION);
    await q.query(ORDERS);
    await q.query(CHARGES);
  }

  async down(): Promise<void> {
    throw new Error('This migration is not taken back: it would forget why updates were resolved.');
  }
}

const INBOX = `
-- The lease is a fence: only the holder of the latest one can conclude the update.
alter table inbox add column lease uuid;
-- The author and reason of closing a parked update. Such an update is done and has a resolution.
alter table inbox add column resolution text check (char_length(resolution) between 1 and 500);
-- Finds money updates first, without scanning the rest of the backlog.
create index inbox_money on inbox (tenant_id, bot_id, lane, seq)
  where state = 'waiting' and kind in ('successful_payment', 'refunded_payment');
`;

const RETENTION = `
create index inbox_handled on inbox (handled_at) where state = 'done';
create index events_age on events (created_at);
-- The relay takes the oldest events of all tenants. An index that begins with the tenant made it sort the whole backlog.
drop index events_unrelayed;
create index events_waiting on events (id) where relayed_at is null;
`;

const ORDERS = `
create index orders_reserved on orders (approved_at) where state = 'approved' and stock_reserved;
`;

const CHARGES = `
alter table charges drop constraint charges_match_check;
-- undeliverable: it came too late to pay for its order, after the last unit was sold. It is refunded automatically.
alter table charges add constraint charges_match_check
  check (match in ('order', 'duplicate', 'mismatch', 'unmatched', 'undeliverable'));
`;
