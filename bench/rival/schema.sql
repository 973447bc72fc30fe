create table if not exists products (
  id integer primary key generated always as identity,
  title text not null,
  description text not null,
  stars integer not null check (stars > 0),
  content text not null,
  limit_per_buyer integer,
  on_sale boolean not null default true
);

create table if not exists buyers (
  telegram_id bigint primary key,
  first_name text not null,
  username text,
  language_code text,
  created_at timestamptz not null default now(),
  seen_at timestamptz not null default now()
);

create table if not exists orders (
  id uuid primary key default uuidv7(),
  buyer_id bigint not null references buyers,
  product_id integer not null references products,
  stars integer not null,
  state text not null default 'placed' check (state in ('placed', 'approved', 'paid')),
  approved_at timestamptz,
  charge_id text,
  paid_at timestamptz,
  delivered_at timestamptz,
  expires_at timestamptz not null default now() + interval '1 day',
  created_at timestamptz not null default now()
);
create index if not exists orders_buyer on orders (buyer_id, product_id) where state = 'paid';
create index if not exists orders_undelivered on orders (paid_at) where state = 'paid' and delivered_at is null;

create table if not exists charges (
  telegram_charge_id text primary key,
  order_id uuid not null references orders,
  buyer_id bigint not null,
  stars integer not null,
  created_at timestamptz not null default now()
);
create index if not exists charges_order on charges (order_id);
