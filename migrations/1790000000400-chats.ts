import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tables of `chats`. */
export class Chats1790000000400 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(TABLES);
  }

  async down(): Promise<void> {
    throw new Error('The baseline is not taken back: drop the database instead.');
  }
}

const TABLES = `
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
  -- Joining by the public name requires approval. Only supergroups support this (Bot API, ChatFullInfo).
  join_by_request boolean not null default false,
  -- The chat's id as a group, before it became a supergroup. Telegram may still use it.
  former_telegram_id bigint check (former_telegram_id < 0),
  -- The surviving row of this chat. Set when one chat turned out to have two rows.
  merged_into uuid,
  primary key (tenant_id, id),
  foreign key (tenant_id, bot_id) references bots (tenant_id, id),
  constraint chats_merged_into_fkey foreign key (tenant_id, merged_into) references chats (tenant_id, id),
  constraint chats_lacking_check check (
    (lacking_since is null) = (standing = 'administrator' and can_invite and can_remove and (username is null or (type = 'supergroup' and join_by_request)))
  ),
  constraint chats_merged_into_check check (merged_into <> id)
);
create index chats_due on chats (looked_at);
create unique index chats_former_number on chats (tenant_id, bot_id, former_telegram_id) where merged_into is null;
create index chats_lacking on chats (lacking_since) where lacking_since is not null;
create unique index chats_number on chats (tenant_id, bot_id, telegram_id) where merged_into is null;
-- All rows of one chat, for all bots.
create index chats_numbers on chats (tenant_id, telegram_id) where merged_into is null;
select make_tenant_owned('chats', 'select, insert, update', 'select, update');

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
  -- The end, without grace, of the last reminder.
  reminded_until timestamptz,
  -- The link belongs to the former group. The buyer needs a new one.
  link_lost boolean not null default false,
  failure text,
  failed_at timestamptz,
  primary key (tenant_id, id),
  unique (tenant_id, chat_id, buyer_id),
  foreign key (tenant_id, chat_id) references chats (tenant_id, id),
  check ((state = 'ended') = (ended_at is not null)),
  check (link is not null or link_expires_at is null),
  check ((failure is null) = (failed_at is null))
);
create index chat_accesses_buyer on chat_accesses (tenant_id, buyer_id);
create index chat_accesses_chat on chat_accesses (tenant_id, chat_id, id desc);
create index chat_accesses_failed on chat_accesses (failed_at) where failed_at is not null;
create index chat_accesses_link on chat_accesses (tenant_id, chat_id, link) where link is not null;
create index chat_accesses_links on chat_accesses (tenant_id, bot_id) where link is not null;
create index chat_accesses_state on chat_accesses (tenant_id, chat_id, state, id desc);
select make_tenant_owned('chat_accesses', 'select, insert, update', 'select, update');

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

-- Groups that became supergroups. A bot may hear of one later, still by the id of the group.
create table chat_upgrades (
  tenant_id uuid not null references tenants,
  from_telegram_id bigint not null check (from_telegram_id < 0),
  to_telegram_id bigint not null check (to_telegram_id < 0),
  told_at timestamptz not null,
  primary key (tenant_id, from_telegram_id)
);
create index chat_upgrades_to on chat_upgrades (tenant_id, to_telegram_id);
select make_tenant_owned('chat_upgrades', 'select, insert, delete', 'select, delete');

create table product_posts (
  tenant_id uuid not null references tenants,
  id uuid not null,
  bot_id uuid not null,
  product_id uuid not null,
  -- The chat as the creator named it, and Telegram's id for it.
  chat text not null check (char_length(chat) <= 64),
  chat_id bigint,
  chat_title text,
  way text not null check (way in ('button', 'invoice', 'paid_media')),
  source text check (char_length(source) <= 64),
  language text not null,
  -- Fingerprint of the request, to recognise a repetition.
  request bytea not null check (octet_length(request) = 32),
  state text not null check (state in ('sending', 'posted', 'refused', 'unknown')),
  failure text,
  message_id bigint,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  -- Up to 1,024 UTF-16 units, so at most that many characters.
  caption text check (char_length(caption) <= 1024),
  primary key (tenant_id, id),
  unique (tenant_id, request),
  foreign key (tenant_id, bot_id) references bots (tenant_id, id),
  check ((state = 'posted') = (message_id is not null)),
  constraint product_posts_caption_check1 check (way = 'paid_media' or caption is null)
);
create index product_posts_list on product_posts (tenant_id, product_id, id desc);
select make_tenant_owned('product_posts', 'select, insert, update', 'select');
`;
