import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Orders created by the payment of an invoice that anybody may pay. */
export class Offers1790000027000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query(`
-- The payload of that invoice, shared by many orders. A buyer has at most one unpaid order per offer.
alter table orders add column offer text check (char_length(offer) <= 128);
create unique index orders_offer_open on orders (tenant_id, bot_id, buyer_id, offer) where offer is not null and state in ('placed', 'approved');`);
  }

  async down(): Promise<void> {
    throw new Error('This migration is not taken back: payments of open invoices would find no order.');
  }
}
