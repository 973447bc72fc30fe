import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The inbox with leases, a way for money and an end; orders that run out; money that came too late. */
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
-- The lease is a fence: whoever holds the latest one may conclude the update, nobody else.
alter table inbox add column lease uuid;
-- Who laid a parked update to rest, and why. Such an update is done and has a resolution.
alter table inbox add column resolution text check (char_length(resolution) between 1 and 500);
-- Money goes first, and finds its way without a look at everything else that waits.
create index inbox_money on inbox (tenant_id, bot_id, lane, seq)
  where state = 'waiting' and kind in ('successful_payment', 'refunded_payment');
`;

const RETENTION = `
create index inbox_handled on inbox (handled_at) where state = 'done';
create index events_age on events (created_at);
-- The relay takes the oldest of all tenants. An index that begins with the tenant made it sort everything that waits.
drop index events_unrelayed;
create index events_waiting on events (id) where relayed_at is null;
`;

const ORDERS = `
create index orders_reserved on orders (approved_at) where state = 'approved' and stock_reserved;
`;

const CHARGES = `
alter table charges drop constraint charges_match_check;
-- undeliverable: it would have paid an order, but too late, when the last unit was gone. It goes back by itself.
alter table charges add constraint charges_match_check
  check (match in ('order', 'duplicate', 'mismatch', 'unmatched', 'undeliverable'));
`;
