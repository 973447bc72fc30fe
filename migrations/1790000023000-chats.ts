import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Groups and channels that bots administer, products that open them, and buyers' access with its end. */
export class Chats1790000023000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query(CHATS);
    await q.query(PRODUCTS);
    await q.query(ACCESSES);
    await q.query(PAID_LINKS);
    await q.query(LOOKS);
  }

  async down(): Promise<void> {
    throw new Error('This migration is not taken back: nobody would be let in or put out any more.');
  }
}

const CHATS = `
create table chats (
  tenant_id uuid not null references tenants,
  id uuid not null,
  bot_id uuid not null,
  -- Changes once, when a group becomes a supergroup.
  telegram_id bigint not null check (telegram_id < 0),
  type text not null check (type in ('group', 'supergroup', 'channel')),
  title text not null,
  username text,
  -- The bot's status and rights in the chat.
  standing text not null check (standing in ('administrator', 'member', 'restricted', 'left', 'kicked')),
  can_invite boolean not null,
  can_remove boolean not null,
  -- Since when the bot has lacked a right there.
  lacking_since timestamptz,
  -- How buyers join.
  admission text not null default 'request' check (admission in ('request', 'single_use')),
  -- Telegram's count at the last check.
  member_count integer check (member_count >= 0),
  looked_at timestamptz not null,
  metadata jsonb not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, bot_id, telegram_id),
  foreign key (tenant_id, bot_id) references bots (tenant_id, id),
  check ((lacking_since is null) = (standing = 'administrator' and can_invite and can_remove))
);
create index chats_due on chats (looked_at);
create index chats_lacking on chats (lacking_since) where lacking_since is not null;
select make_tenant_owned('chats', 'select, insert, update', 'select, update');
`;

const PRODUCTS = `
-- The chat that a product opens, and whether the bot has its rights there: a product that nobody can be let into is not sold.
alter table products add column chat_id uuid;
alter table products add column chat_ready boolean not null default true;
alter table products add constraint products_chat_fkey foreign key (tenant_id, chat_id) references chats (tenant_id, id);
alter table products add constraint products_chat_check check (
  case kind when 'chat_access' then chat_id is not null when 'subscription' then true else chat_id is null end
  and (chat_ready or chat_id is not null));
create index products_chat on products (tenant_id, chat_id) where chat_id is not null;

create table chat_access_terms (
  tenant_id uuid not null references tenants,
  product_id uuid not null,
  days integer check (days between 1 and 3650),
  grace_seconds integer not null check (grace_seconds between 0 and 2592000),
  primary key (tenant_id, product_id),
  foreign key (tenant_id, product_id) references products (tenant_id, id)
);
select make_tenant_owned('chat_access_terms', 'select, insert, update', 'select');
`;

const ACCESSES = `
-- A buyer's access to a chat, from one purchase or several.
create table chat_accesses (
  tenant_id uuid not null references tenants,
  id uuid not null,
  chat_id uuid not null,
  bot_id uuid not null,
  buyer_id bigint not null,
  state text not null check (state in ('invited', 'member', 'ending', 'ended')),
  -- The end of access, including grace; null: no end. The latest end of all payments that were not refunded.
  access_until timestamptz,
  -- Their pending join request.
  requested_at timestamptz,
  -- Their personal invite link while it works.
  link text check (char_length(link) between 1 and 255),
  link_expires_at timestamptz,
  -- Another person who joined through the link and must be removed.
  intruder_id bigint,
  joined_at timestamptz,
  ended_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, chat_id, buyer_id),
  foreign key (tenant_id, chat_id) references chats (tenant_id, id),
  foreign key (tenant_id, bot_id, buyer_id) references buyers (tenant_id, bot_id, telegram_id),
  check ((state = 'ended') = (ended_at is not null)),
  check (link is not null or link_expires_at is null)
);
create index chat_accesses_chat on chat_accesses (tenant_id, chat_id, id desc);
create index chat_accesses_buyer on chat_accesses (tenant_id, buyer_id);
create index chat_accesses_link on chat_accesses (tenant_id, chat_id, link) where link is not null;
select make_tenant_owned('chat_accesses', 'select, insert, update', 'select, update');
`;

const PAID_LINKS = `
-- Telegram's own paid invite links of channels. The bot never sees these payments.
create table chat_paid_links (
  tenant_id uuid not null references tenants,
  id uuid not null,
  chat_id uuid not null,
  link text not null check (char_length(link) between 1 and 255),
  name text check (char_length(name) between 1 and 32),
  stars integer not null check (stars between 1 and 10000),
  period_seconds integer not null check (period_seconds > 0),
  revoked_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, chat_id) references chats (tenant_id, id)
);
create index chat_paid_links_chat on chat_paid_links (tenant_id, chat_id, id desc);
select make_tenant_owned('chat_paid_links', 'select, insert, update', 'select');
`;

// Bots whose webhook was set before chats were supported do not receive the updates about them.
const LOOKS = `
alter table webhook_looks drop constraint webhook_looks_problem_check;
alter table webhook_looks add constraint webhook_looks_problem_check
  check (problem in ('elsewhere', 'missing', 'deaf', 'failing', 'lagging', 'unreadable'));
`;
