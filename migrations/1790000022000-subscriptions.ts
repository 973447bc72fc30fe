import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Subscriptions: plans, running subscriptions, an order per payment, and access with an end. */
export class Subscriptions1790000022000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query(PLANS);
    await q.query(SUBSCRIPTIONS);
    await q.query(ORDERS);
  }

  async down(): Promise<void> {
    throw new Error('This migration is not taken back: it would forget what buyers pay for every month.');
  }
}

const PLANS = `
create table subscription_plans (
  tenant_id uuid not null references tenants,
  product_id uuid not null,
  period_seconds integer not null check (period_seconds in (60, 300, 2592000)),
  grace_seconds integer not null check (grace_seconds between 0 and 2592000),
  remind_seconds integer check (remind_seconds between 1 and 2592000),
  win_back boolean not null,
  primary key (tenant_id, product_id),
  foreign key (tenant_id, product_id) references products (tenant_id, id)
);
select make_tenant_owned('subscription_plans', 'select, insert, update', 'select');
`;

const SUBSCRIPTIONS = `
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
  canceled_by text check (canceled_by in ('buyer', 'creator', 'refund', 'telegram')),
  canceled_at timestamptz,
  ended_at timestamptz,
  reminded_until timestamptz,
  won_back_at timestamptz,
  metadata jsonb not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, id) references orders (tenant_id, id),
  foreign key (tenant_id, bot_id, buyer_id) references buyers (tenant_id, bot_id, telegram_id),
  foreign key (tenant_id, product_id) references products (tenant_id, id),
  check (access_until >= paid_until),
  check ((state = 'ended') = (ended_at is not null)),
  check (state <> 'canceled' or canceled_at is not null)
);
create index subscriptions_buyer on subscriptions (tenant_id, buyer_id, id desc);
create index subscriptions_product on subscriptions (tenant_id, product_id, state);
create index subscriptions_state on subscriptions (tenant_id, state, id desc);
create index subscriptions_ended on subscriptions (tenant_id, ended_at) where ended_at is not null;
select make_tenant_owned('subscriptions', 'select, insert, update', 'select');
`;

const ORDERS = `
alter table orders add column billing text not null default 'purchase'
  check (billing in ('purchase', 'subscription_start', 'subscription_renewal'));
alter table orders add column subscription_id uuid;
alter table orders add constraint orders_subscription_fkey
  foreign key (tenant_id, subscription_id) references subscriptions (tenant_id, id);
alter table orders add constraint orders_billing_subscription_check check (
  case billing when 'purchase' then subscription_id is null
    when 'subscription_renewal' then subscription_id is not null and subscription_id <> id
    else subscription_id is null or subscription_id = id end);
create index orders_subscription on orders (tenant_id, subscription_id, id desc) where subscription_id is not null;

-- Null: no end.
alter table entitlements add column ends_at timestamptz;
alter table entitlements add constraint entitlements_ends_check check (ends_at > starts_at);
`;
