import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Promo codes, and the price of an order without its code. */
export class PromoCodes1790000021700 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query(CODES);
    await q.query(ORDERS);
  }

  async down(): Promise<void> {
    throw new Error('What buyers paid less for is not taken back by a migration.');
  }
}

const CODES = `
create table promo_codes (
  tenant_id uuid not null references tenants,
  id uuid not null,
  bot_id uuid not null,
  code text not null check (code ~ '^[A-Z0-9_-]{3,32}$'),
  -- For one product; null for all products of the bot.
  product_id uuid,
  percent_off integer check (percent_off between 1 and 100),
  stars_off integer check (stars_off between 1 and 1000000),
  max_uses integer check (max_uses >= 1),
  max_uses_per_buyer integer check (max_uses_per_buyer >= 1),
  starts_at timestamptz,
  ends_at timestamptz,
  state text not null default 'active' check (state in ('active', 'archived')),
  -- Orders that hold a use: paid ones, and approved ones that may still be paid.
  uses integer not null default 0 check (uses >= 0),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, bot_id, code),
  foreign key (tenant_id, bot_id) references bots (tenant_id, id),
  foreign key (tenant_id, product_id) references products (tenant_id, id),
  check ((percent_off is null) <> (stars_off is null)),
  check (starts_at < ends_at)
);
create index promo_codes_list on promo_codes (tenant_id, id desc);
select make_tenant_owned('promo_codes', 'select, insert, update', 'select');

-- The code that a buyer entered last, which applies to their purchases.
create table promo_wallets (
  tenant_id uuid not null references tenants,
  bot_id uuid not null,
  buyer_id bigint not null,
  promo_code_id uuid not null,
  entered_at timestamptz not null default now(),
  primary key (tenant_id, bot_id, buyer_id),
  foreign key (tenant_id, bot_id, buyer_id) references buyers (tenant_id, bot_id, telegram_id),
  foreign key (tenant_id, promo_code_id) references promo_codes (tenant_id, id)
);
select make_tenant_owned('promo_wallets', 'select, insert, update, delete', 'select');
`;

const ORDERS = `
alter table orders
  add column promo_code_id uuid,
  -- The price without the code; null without a code.
  add column list_stars integer,
  -- Whether the order counts as a use of its code.
  add column promo_taken boolean not null default false,
  add constraint orders_promo_fkey foreign key (tenant_id, promo_code_id) references promo_codes (tenant_id, id),
  add constraint orders_promo_check check ((promo_code_id is null) = (list_stars is null)
    and (promo_code_id is not null or not promo_taken) and (list_stars is null or list_stars >= stars));
create index orders_promo on orders (tenant_id, promo_code_id, buyer_id) where promo_taken;
create index orders_discounted on orders (tenant_id, bot_id) where promo_code_id is not null;
drop index orders_reserved;
create index orders_reserved on orders (approved_at) where state = 'approved' and (stock_reserved or promo_taken);
`;
