import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tables of `catalog`. */
export class Catalog1790000000500 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(TABLES);
  }

  async down(): Promise<void> {
    throw new Error('The baseline is not taken back: drop the database instead.');
  }
}

const TABLES = `
create table files (
  tenant_id uuid not null references tenants,
  id uuid not null,
  name text not null check (char_length(name) between 1 and 255),
  mime text not null,
  bytes bigint not null check (bytes between 1 and 52428800),
  sha256 bytea not null check (length(sha256) = 32),
  storage_key text not null,
  created_at timestamptz not null default now(),
  metadata jsonb not null default '{}',
  primary key (tenant_id, id)
);
select make_tenant_owned('files', 'select, insert, update', 'select');

create table products (
  tenant_id uuid not null references tenants,
  id uuid not null,
  bot_id uuid not null,
  kind text not null
    check (
      kind in ('text', 'link', 'file', 'credits', 'callback', 'licence_key', 'subscription', 'paid_media', 'paid_command', 'chat_access')
    ),
  title text not null check (char_length(title) between 1 and 32),
  description text not null check (char_length(description) between 1 and 255),
  state text not null default 'active' check (state in ('draft', 'active', 'archived')),
  price_version integer not null check (price_version >= 1),
  stars integer not null,
  content text check (char_length(content) <= 4096),
  file_id uuid,
  stock integer check (stock >= 0),
  limit_per_buyer integer check (limit_per_buyer >= 1),
  sale_starts_at timestamptz,
  sale_ends_at timestamptz,
  position integer not null default 0,
  metadata jsonb not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  credit_unit text check (credit_unit ~ '^[a-z0-9_-]{1,32}$'),
  credit_amount bigint check (credit_amount between 1 and 1000000000),
  credit_days integer check (credit_days between 1 and 36500),
  fulfilment_url text check (char_length(fulfilment_url) <= 2048),
  fulfilment_deadline_seconds integer check (fulfilment_deadline_seconds between 60 and 2592000),
  refund_at_deadline boolean,
  tags text[] not null default '{}' check (cardinality(tags) <= 10),
  hidden boolean not null default false,
  -- The chat that a product opens, and whether the bot has its rights there: a product that nobody can be let into is not sold.
  chat_id uuid,
  chat_ready boolean not null default true,
  photo_file_id uuid,
  photo_url text check (char_length(photo_url) between 1 and 2048),
  primary key (tenant_id, id),
  unique (tenant_id, bot_id, id),
  foreign key (tenant_id, bot_id) references bots (tenant_id, id),
  foreign key (tenant_id, file_id) references files (tenant_id, id),
  constraint products_chat_fkey foreign key (tenant_id, chat_id) references chats (tenant_id, id),
  constraint products_photo_file_fkey foreign key (tenant_id, photo_file_id) references files (tenant_id, id),
  check ((kind = 'file') = (file_id is not null)),
  check ((kind in ('text', 'link')) = (content is not null)),
  constraint products_callback_check check (
    (kind in ('callback', 'paid_command')) = (fulfilment_url is not null)
    and (kind in ('callback', 'paid_command')) = (fulfilment_deadline_seconds is not null)
    and (kind in ('callback', 'paid_command')) = (refund_at_deadline is not null)
  ),
  constraint products_chat_check check (
    case kind when 'chat_access' then chat_id is not null when 'subscription' then true else chat_id is null end
    and (chat_ready or chat_id is not null)
  ),
  constraint products_credits_check check (
    (kind = 'credits') = (credit_unit is not null) and (kind = 'credits') = (credit_amount is not null)
    and (kind = 'credits' or credit_days is null)
  ),
  constraint products_photo_check check (photo_file_id is null or photo_url is null),
  -- The stock of licence keys is the number of keys that are neither sold nor reserved.
  constraint products_pooled_check check (kind <> 'licence_key' or stock is not null),
  -- 0 Stars: sold for credits only.
  constraint products_stars_check check (stars >= 1 or (stars = 0 and kind = 'paid_command'))
);
create index products_chat on products (tenant_id, chat_id) where chat_id is not null;
create index products_shop on products (tenant_id, bot_id, state, "position", id);
select make_tenant_owned('products', 'select, insert, update', 'select');

create table chat_access_terms (
  tenant_id uuid not null references tenants,
  product_id uuid not null,
  days integer check (days between 1 and 3650),
  grace_seconds integer not null check (grace_seconds between 0 and 2592000),
  primary key (tenant_id, product_id),
  foreign key (tenant_id, product_id) references products (tenant_id, id)
);
select make_tenant_owned('chat_access_terms', 'select, insert, update', 'select');

create table licence_pools (
  tenant_id uuid not null references tenants,
  product_id uuid not null,
  low_stock_at integer check (low_stock_at between 1 and 1000000),
  -- Key of the hash that finds duplicates: a dump of the database alone does not reveal which keys were sold.
  hash_key_sealed bytea,
  -- The threshold of the creator's last warning, until the stock rises above it again.
  warned_at integer,
  primary key (tenant_id, product_id),
  foreign key (tenant_id, product_id) references products (tenant_id, id)
);
select make_tenant_owned('licence_pools', 'select, insert, update', 'select');

create table licence_keys (
  tenant_id uuid not null references tenants,
  id uuid not null,
  product_id uuid not null,
  key_sealed bytea not null,
  key_hash bytea not null check (length(key_hash) = 32),
  hint text not null check (char_length(hint) <= 4),
  -- A sold key never becomes free again, because its buyer has seen it.
  state text not null default 'free' check (state in ('free', 'sold', 'burned')),
  order_id uuid,
  created_at timestamptz not null default now(),
  sold_at timestamptz,
  burned_at timestamptz,
  primary key (tenant_id, id),
  unique (tenant_id, order_id),
  unique (tenant_id, product_id, key_hash),
  foreign key (tenant_id, product_id) references licence_pools (tenant_id, product_id),
  check ((state = 'free') = (order_id is null) and (state = 'free') = (sold_at is null)),
  check ((state = 'burned') = (burned_at is not null))
);
create index licence_keys_free on licence_keys (tenant_id, product_id, id) where state = 'free';
create index licence_keys_list on licence_keys (tenant_id, product_id, id desc);
select make_tenant_owned('licence_keys', 'select, insert, update, delete', 'select');

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
  foreign key (tenant_id, bot_id) references bots (tenant_id, id),
  foreign key (tenant_id, product_id) references products (tenant_id, id),
  check ((credit_unit is null) = (credit_amount is null))
);
select make_tenant_owned('paid_commands', 'select, insert, update', 'select');

create table paid_media_items (
  tenant_id uuid not null references tenants,
  product_id uuid not null,
  place integer not null check (place between 0 and 9),
  type text not null check (type in ('photo', 'video')),
  file_id uuid,
  telegram_file_id text check (char_length(telegram_file_id) between 1 and 256),
  primary key (tenant_id, product_id, place),
  foreign key (tenant_id, file_id) references files (tenant_id, id),
  foreign key (tenant_id, product_id) references products (tenant_id, id),
  check ((file_id is null) <> (telegram_file_id is null))
);
select make_tenant_owned('paid_media_items', 'select, insert, delete', 'select');

create table price_versions (
  tenant_id uuid not null references tenants,
  product_id uuid not null,
  version integer not null,
  stars integer not null check (stars >= 0),
  created_at timestamptz not null default now(),
  primary key (tenant_id, product_id, version),
  foreign key (tenant_id, product_id) references products (tenant_id, id)
);
select make_tenant_owned('price_versions', 'select, insert', 'select');

-- Repeated views of a product by a buyer on one day count once.
create table product_views (
  tenant_id uuid not null references tenants,
  product_id uuid not null,
  day date not null,
  buyer_id bigint not null,
  -- Empty for the shop itself.
  source text not null check (char_length(source) <= 64),
  primary key (tenant_id, product_id, day, buyer_id, source),
  foreign key (tenant_id, product_id) references products (tenant_id, id)
);
create index product_views_buyer on product_views (tenant_id, buyer_id);
create index product_views_day on product_views (tenant_id, day);
select make_tenant_owned('product_views', 'select, insert, update', 'select, update');

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

-- A file_id is valid only for the bot that uploaded the file.
create table telegram_files (
  tenant_id uuid not null references tenants,
  bot_id uuid not null,
  file_id uuid not null,
  telegram_file_id text not null,
  created_at timestamptz not null default now(),
  sent_as text not null check (sent_as in ('document', 'photo', 'video')),
  primary key (tenant_id, bot_id, file_id, sent_as),
  foreign key (tenant_id, bot_id) references bots (tenant_id, id),
  foreign key (tenant_id, file_id) references files (tenant_id, id)
);
select make_tenant_owned('telegram_files', 'select, insert, update', 'select');

alter table bot_texts add foreign key (tenant_id, bot_id, product_id) references products (tenant_id, bot_id, id);
alter table product_posts add foreign key (tenant_id, product_id) references products (tenant_id, id);
`;
