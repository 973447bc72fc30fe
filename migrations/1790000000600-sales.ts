import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tables of `sales` up to the order: buyers, promo codes, subscriptions, orders. */
export class Sales1790000000600 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(TABLES);
  }

  async down(): Promise<void> {
    throw new Error('The baseline is not taken back: drop the database instead.');
  }
}

const TABLES = `
create table buyers (
  tenant_id uuid not null references tenants,
  bot_id uuid not null,
  telegram_id bigint not null,
  first_name text,
  last_name text,
  username text,
  language_code text,
  reachable boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  -- A separate column, because under row-level security a condition on lower(username) uses no index: lower() is not leakproof.
  username_key text generated always as (lower(username)) stored,
  metadata jsonb not null default '{}',
  primary key (tenant_id, bot_id, telegram_id),
  foreign key (tenant_id, bot_id) references bots (tenant_id, id)
);
create index buyers_anywhere on buyers (telegram_id);
create index buyers_telegram on buyers (tenant_id, telegram_id);
create index buyers_username on buyers (tenant_id, username_key) where username_key is not null;
select make_tenant_owned('buyers', 'select, insert, update, delete', 'select, insert, update');

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
  metadata jsonb not null default '{}',
  primary key (tenant_id, id),
  unique (tenant_id, bot_id, code),
  foreign key (tenant_id, bot_id) references bots (tenant_id, id),
  foreign key (tenant_id, product_id) references products (tenant_id, id),
  check ((percent_off is null) <> (stars_off is null)),
  check (starts_at < ends_at)
);
create index promo_codes_list on promo_codes (tenant_id, id desc);
select make_tenant_owned('promo_codes', 'select, insert, update', 'select');

-- A subscription has the id of its first order, which is also the payload of its invoice link.
create table subscriptions (
  tenant_id uuid not null references tenants,
  id uuid not null,
  bot_id uuid not null,
  buyer_id bigint not null,
  product_id uuid not null,
  stars integer not null check (stars between 1 and 10000),
  period_seconds integer not null check (period_seconds in (60, 300, 2592000)),
  grace_seconds integer not null check (grace_seconds between 0 and 2592000),
  state text not null check (state in ('active', 'past_due', 'canceled', 'ended')),
  paid_until timestamptz not null,
  access_until timestamptz not null,
  renewals integer not null default 0 check (renewals >= 0),
  -- Telegram identifies a subscription by the charge id of its first payment. Null until that payment has been reported.
  first_charge_id text,
  -- The pending request to Telegram, and its result.
  wish text check (wish in ('cancel', 'resume')),
  wish_failure text,
  -- The bot has turned renewal off, so Telegram does not let the buyer turn it on.
  locked boolean not null default false,
  canceled_by text check (canceled_by in ('buyer', 'creator', 'refund', 'telegram', 'removal')),
  canceled_at timestamptz,
  ended_at timestamptz,
  reminded_until timestamptz,
  won_back_at timestamptz,
  metadata jsonb not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  -- The end of access that the buyer was told of when the bot was removed.
  farewell_until timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, bot_id, buyer_id) references buyers (tenant_id, bot_id, telegram_id),
  foreign key (tenant_id, product_id) references products (tenant_id, id),
  check (access_until >= paid_until),
  check ((state = 'ended') = (ended_at is not null)),
  check (state <> 'canceled' or canceled_at is not null)
);
create index subscriptions_buyer on subscriptions (tenant_id, buyer_id, id desc);
create index subscriptions_ended on subscriptions (tenant_id, ended_at) where ended_at is not null;
create index subscriptions_product on subscriptions (tenant_id, product_id, state);
create index subscriptions_state on subscriptions (tenant_id, state, id desc);
create index subscriptions_to_stop on subscriptions (tenant_id, bot_id, id) where not locked;
select make_tenant_owned('subscriptions', 'select, insert, update', 'select');

create table orders (
  tenant_id uuid not null references tenants,
  id uuid not null,
  bot_id uuid not null,
  buyer_id bigint not null,
  product_id uuid not null,
  price_version integer not null,
  stars integer not null,
  state text not null check (state in ('placed', 'approved', 'paid', 'refunded', 'expired', 'cancelled')),
  delivery text not null default 'none'
    check (delivery in ('none', 'waiting', 'generating', 'delivered', 'failed', 'unreachable', 'revoked')),
  delivery_error text,
  -- Counts requests for the goods: within one round they are sent once.
  handover_round integer not null default 1 check (handover_round >= 1),
  placed_by_update bigint,
  source text check (char_length(source) <= 64),
  stock_reserved boolean not null default false,
  approved_query_id text,
  approved_at timestamptz,
  paid_at timestamptz,
  delivered_at timestamptz,
  refunded_at timestamptz,
  expires_at timestamptz not null,
  event_sequence integer not null default 0,
  metadata jsonb not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  promo_code_id uuid,
  -- The price without the code; null without a code.
  list_stars integer,
  -- Whether the order counts as a use of its code.
  promo_taken boolean not null default false,
  billing text not null default 'purchase' check (billing in ('purchase', 'subscription_start', 'subscription_renewal', 'credits')),
  subscription_id uuid,
  -- When Telegram unlocked the paid media for the buyer. The charge, and so the payment, appears only in Telegram's list.
  unlocked_at timestamptz,
  -- The payload of that invoice, shared by many orders. A buyer has at most one unpaid order per offer.
  offer text check (char_length(offer) <= 128),
  credit_unit text check (credit_unit ~ '^[a-z0-9_-]{1,32}$'),
  credit_amount bigint check (credit_amount between 1 and 1000000000),
  -- The buyer's text after the command. Sent to the creator's server; part of no event and no log.
  arguments text check (char_length(arguments) between 1 and 1000),
  -- Stored with the subscription's first order until its payment arrives.
  reported text check (reported in ('active', 'canceled', 'failed')),
  reported_at timestamptz,
  receipt_at timestamptz,
  primary key (tenant_id, id),
  unique (tenant_id, bot_id, placed_by_update),
  foreign key (tenant_id, bot_id, buyer_id) references buyers (tenant_id, bot_id, telegram_id),
  foreign key (tenant_id, product_id, price_version) references price_versions (tenant_id, product_id, version),
  constraint orders_promo_fkey foreign key (tenant_id, promo_code_id) references promo_codes (tenant_id, id),
  constraint orders_subscription_fkey foreign key (tenant_id, subscription_id) references subscriptions (tenant_id, id),
  check ((state in ('paid', 'refunded')) = (paid_at is not null)),
  check ((state = 'refunded') = (refunded_at is not null)),
  constraint orders_billing_subscription_check check (
    case billing
      when 'purchase' then subscription_id is null
      when 'subscription_renewal' then subscription_id is not null and subscription_id <> id
      else subscription_id is null or subscription_id = id
    end
  ),
  constraint orders_credits_check check (
    (billing = 'credits') = (credit_unit is not null) and (billing = 'credits') = (credit_amount is not null)
    and (billing <> 'credits' or (subscription_id is null and promo_code_id is null and state in ('paid', 'refunded')))
  ),
  constraint orders_promo_check check (
    (promo_code_id is null) = (list_stars is null) and (promo_code_id is not null or not promo_taken)
    and (list_stars is null or list_stars >= stars)
  ),
  constraint orders_reported_when_check check ((reported is null) = (reported_at is null)),
  constraint orders_stars_check check (stars >= 0 and (billing = 'credits') = (stars = 0))
);
create index orders_anywhere on orders (id);
create index orders_approved on orders (tenant_id, bot_id, approved_at) where state = 'approved';
create index orders_buyer on orders (tenant_id, bot_id, buyer_id, id desc);
create index orders_discounted on orders (tenant_id, bot_id) where promo_code_id is not null;
create index orders_expiring on orders (expires_at) where state in ('placed', 'approved');
create unique index orders_offer_open on orders (tenant_id, bot_id, buyer_id, offer)
  where offer is not null and state in ('placed', 'approved');
create index orders_owed on orders (tenant_id, bot_id)
  where state = 'paid' and delivery in ('waiting', 'generating', 'failed', 'unreachable');
create index orders_product on orders (tenant_id, product_id, id);
create index orders_promo on orders (tenant_id, promo_code_id, buyer_id) where promo_taken;
create index orders_reserved on orders (approved_at) where state = 'approved' and (stock_reserved or promo_taken);
create index orders_stuck on orders (paid_at) where state = 'paid' and delivery in ('waiting', 'generating');
create index orders_subscription on orders (tenant_id, subscription_id, id desc) where subscription_id is not null;
create index orders_unlocked on orders (tenant_id, bot_id, unlocked_at)
  where unlocked_at is not null and state not in ('paid', 'refunded');
select make_tenant_owned('orders', 'select, insert, update', 'select, update');

create table promo_guesses (
  tenant_id uuid not null references tenants,
  bot_id uuid not null,
  buyer_id bigint not null,
  -- Unknown codes since then.
  since timestamptz not null,
  wrong integer not null check (wrong >= 0),
  primary key (tenant_id, bot_id, buyer_id),
  foreign key (tenant_id, bot_id, buyer_id) references buyers (tenant_id, bot_id, telegram_id)
);
select make_tenant_owned('promo_guesses', 'select, insert, update, delete', 'select, delete');

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

create table terms_consents (
  tenant_id uuid not null references tenants,
  bot_id uuid not null,
  buyer_id bigint not null,
  version text not null check (char_length(version) between 1 and 40),
  language text not null,
  -- Digest of the displayed text.
  text_sha256 bytea not null check (octet_length(text_sha256) = 32),
  agreed_at timestamptz not null,
  primary key (tenant_id, bot_id, buyer_id, version),
  foreign key (tenant_id, bot_id, buyer_id) references buyers (tenant_id, bot_id, telegram_id)
);
create index terms_consents_buyer on terms_consents (tenant_id, buyer_id);
select make_tenant_owned('terms_consents', 'select, insert, delete', 'select, delete');

alter table chat_accesses add foreign key (tenant_id, bot_id, buyer_id) references buyers (tenant_id, bot_id, telegram_id);
alter table licence_keys add foreign key (tenant_id, order_id) references orders (tenant_id, id);
alter table subscriptions add foreign key (tenant_id, id) references orders (tenant_id, id);
`;
