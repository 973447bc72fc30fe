import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Paid media: contents, the time at which Telegram unlocked it for a buyer, and charges known only from Telegram's list. */
export class PaidMedia1790000025000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query(ITEMS);
    await q.query(TELEGRAM_FILES);
    await q.query(ORDERS);
    await q.query(STAR_TRANSACTIONS);
  }

  async down(): Promise<void> {
    throw new Error('Products that buyers paid for are not taken back by a migration.');
  }
}

const ITEMS = `
create table paid_media_items (
  tenant_id uuid not null references tenants,
  product_id uuid not null,
  place integer not null check (place between 0 and 9),
  type text not null check (type in ('photo', 'video')),
  file_id uuid,
  telegram_file_id text check (char_length(telegram_file_id) between 1 and 256),
  primary key (tenant_id, product_id, place),
  foreign key (tenant_id, product_id) references products (tenant_id, id),
  foreign key (tenant_id, file_id) references files (tenant_id, id),
  check ((file_id is null) <> (telegram_file_id is null))
);
select make_tenant_owned('paid_media_items', 'select, insert, delete', 'select');
`;

// The file_id of a document cannot be used to send a photo.
const TELEGRAM_FILES = `
alter table telegram_files add column sent_as text not null default 'document'
  check (sent_as in ('document', 'photo', 'video'));
alter table telegram_files alter column sent_as drop default;
alter table telegram_files drop constraint telegram_files_pkey;
alter table telegram_files add primary key (tenant_id, bot_id, file_id, sent_as);
`;

const ORDERS = `
-- When Telegram unlocked the paid media for the buyer. The charge, and so the payment, appears only in Telegram's list.
alter table orders add column unlocked_at timestamptz;
create index orders_unlocked on orders (tenant_id, bot_id, unlocked_at)
  where unlocked_at is not null and state not in ('paid', 'refunded');
`;

const STAR_TRANSACTIONS = `
-- Earlier sales of paid media without a charge are recorded like any other payment.
alter table star_transactions no force row level security;
update star_transactions s set settled = false
where s.kind = 'paid_media_payment' and s.settled and not exists (
  select from charges c where c.tenant_id = s.tenant_id and c.bot_id = s.bot_id and c.telegram_charge_id = s.id
    and (s.direction = 'in' or c.state = 'refunded'));
alter table star_transactions force row level security;
`;
