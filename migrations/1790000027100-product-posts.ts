import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Posts about products. */
export class ProductPosts1790000027100 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query(`
create table product_posts (
  tenant_id uuid not null references tenants,
  id uuid not null,
  bot_id uuid not null,
  product_id uuid not null,
  -- The chat as the creator named it, and Telegram's id for it.
  chat text not null check (char_length(chat) <= 64),
  chat_id bigint,
  chat_title text,
  way text not null check (way in ('button', 'invoice')),
  source text check (char_length(source) <= 64),
  language text not null,
  -- Fingerprint of the request, to recognise a repetition.
  request bytea not null check (octet_length(request) = 32),
  state text not null check (state in ('sending', 'posted', 'refused', 'unknown')),
  failure text,
  message_id bigint,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, request),
  foreign key (tenant_id, bot_id) references bots (tenant_id, id),
  foreign key (tenant_id, product_id) references products (tenant_id, id),
  check ((state = 'posted') = (message_id is not null))
);
create index product_posts_list on product_posts (tenant_id, product_id, id desc);
select make_tenant_owned('product_posts', 'select, insert, update', 'select');`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('drop table product_posts');
  }
}
