import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Reports about a subscription that arrive before its first payment is on the books. */
export class EarlyReports1790000042100 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query(ORDERS);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('alter table orders drop column reported, drop column reported_at');
  }
}

const ORDERS = `
alter table orders
  -- Stored with the subscription's first order until its payment arrives.
  add column reported text check (reported in ('active', 'canceled', 'failed')),
  add column reported_at timestamptz,
  add constraint orders_reported_when_check check ((reported is null) = (reported_at is null));
`;
