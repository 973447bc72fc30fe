import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tables of `support`. */
export class Support1790000001100 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(TABLES);
  }

  async down(): Promise<void> {
    throw new Error('The baseline is not taken back: drop the database instead.');
  }
}

const TABLES = `
-- \`open\` waits for the creator, \`answered\` for the buyer. A buyer's message goes into the most recently active live thread.
create table support_threads (
  tenant_id uuid not null references tenants,
  id uuid not null,
  bot_id uuid not null,
  buyer_id bigint not null,
  order_id uuid,
  state text not null check (state in ('open', 'answered', 'closed')),
  active_at timestamptz not null default now(),
  last_message_at timestamptz,
  created_at timestamptz not null default now(),
  closed_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, bot_id, buyer_id) references buyers (tenant_id, bot_id, telegram_id),
  foreign key (tenant_id, order_id) references orders (tenant_id, id),
  check ((state = 'closed') = (closed_at is not null))
);
create index support_threads_buyer on support_threads (tenant_id, buyer_id, id desc);
-- At most one live thread per order, and one without an order.
create unique index support_threads_one_live on support_threads (tenant_id, bot_id, buyer_id, order_id) nulls not distinct
  where state <> 'closed';
create index support_threads_order on support_threads (tenant_id, order_id) where order_id is not null;
create index support_threads_state on support_threads (tenant_id, state, id desc);
select make_tenant_owned('support_threads', 'select, insert, update', 'select');

create table support_messages (
  tenant_id uuid not null references tenants,
  id uuid not null,
  thread_id uuid not null,
  direction text not null check (direction in ('buyer', 'creator')),
  text text not null,
  -- The member who wrote it. The message outlives the account.
  account_id uuid,
  telegram_message_id bigint,
  delivery text check (delivery in ('waiting', 'sent', 'unreachable', 'failed')),
  delivery_error text,
  created_at timestamptz not null default now(),
  sent_at timestamptz,
  file_kind text check (file_kind in ('photo', 'video', 'animation', 'video_note', 'voice', 'audio', 'document', 'sticker')),
  -- Telegram's file_id, valid only for the thread's bot. The text is the caption, which may be empty.
  file_id text check (char_length(file_id) between 1 and 512),
  file_name text check (char_length(file_name) between 1 and 256),
  primary key (tenant_id, id),
  unique (tenant_id, thread_id, telegram_message_id),
  foreign key (tenant_id, thread_id) references support_threads (tenant_id, id),
  check ((direction = 'creator') = (delivery is not null) and (direction = 'creator') = (account_id is not null)),
  check ((delivery = 'sent') = (sent_at is not null)),
  constraint support_messages_file_check check (
    (file_id is null) = (file_kind is null) and (file_name is null or file_id is not null)
    and (file_id is null or direction = 'buyer')
  ),
  constraint support_messages_text_check check (char_length(text) <= 4096 and (text <> '' or file_id is not null))
);
create index support_messages_thread on support_messages (tenant_id, thread_id, id);
create index support_messages_waiting on support_messages (tenant_id, thread_id, id) where delivery = 'waiting';
select make_tenant_owned('support_messages', 'select, insert, update', 'select');
`;
