import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Paid commands: terms, orders paid with credits, and the buyer's text. */
export class PaidCommands1790000029000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query(PRODUCTS);
    await q.query(ORDERS);
    await q.query(RESERVATIONS);
  }

  async down(): Promise<void> {
    throw new Error('This migration is not taken back: it would forget what buyers paid for with credits.');
  }
}

const PRODUCTS = `
-- 0 Stars: sold for credits only.
alter table products drop constraint products_stars_check;
alter table products add constraint products_stars_check check (stars >= 1 or (stars = 0 and kind = 'paid_command'));
alter table price_versions drop constraint price_versions_stars_check;
alter table price_versions add constraint price_versions_stars_check check (stars >= 0);

create table paid_commands (
  tenant_id uuid not null references tenants,
  product_id uuid not null,
  bot_id uuid not null,
  -- Without the slash (Bot API, BotCommand).
  command text not null check (command ~ '^[a-z0-9_]{1,32}$'),
  credit_unit text check (credit_unit ~ '^[a-z0-9_-]{1,32}$'),
  credit_amount bigint check (credit_amount between 1 and 1000000000),
  needs_arguments boolean not null,
  primary key (tenant_id, product_id),
  constraint paid_commands_one unique (tenant_id, bot_id, command),
  foreign key (tenant_id, product_id) references products (tenant_id, id),
  foreign key (tenant_id, bot_id) references bots (tenant_id, id),
  check ((credit_unit is null) = (credit_amount is null))
);
select make_tenant_owned('paid_commands', 'select, insert, update', 'select');
`;

const ORDERS = `
alter table orders drop constraint orders_billing_check;
alter table orders add constraint orders_billing_check
  check (billing in ('purchase', 'subscription_start', 'subscription_renewal', 'credits'));
alter table orders
  add column credit_unit text check (credit_unit ~ '^[a-z0-9_-]{1,32}$'),
  add column credit_amount bigint check (credit_amount between 1 and 1000000000),
  -- The buyer's text after the command. Sent to the creator's server; part of no event and no log.
  add column arguments text check (char_length(arguments) between 1 and 1000);
alter table orders drop constraint orders_stars_check;
alter table orders add constraint orders_stars_check check (stars >= 0 and (billing = 'credits') = (stars = 0));
alter table orders add constraint orders_credits_check check (
  (billing = 'credits') = (credit_unit is not null) and (billing = 'credits') = (credit_amount is not null)
  and (billing <> 'credits' or (subscription_id is null and promo_code_id is null and state in ('paid', 'refunded'))));
`;

const RESERVATIONS = `
-- A hold for an order ends with the order and does not expire.
alter table credit_reservations alter column expires_at drop not null;
alter table credit_reservations add column order_id uuid;
alter table credit_reservations add constraint credit_reservations_order unique (tenant_id, order_id);
alter table credit_reservations add constraint credit_reservations_order_fkey
  foreign key (tenant_id, order_id) references orders (tenant_id, id);
alter table credit_reservations add constraint credit_reservations_end_check check ((order_id is null) = (expires_at is not null));
`;
