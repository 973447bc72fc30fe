import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tables of `ledger`. */
export class Ledger1790000000800 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(TABLES);
  }

  async down(): Promise<void> {
    throw new Error('The baseline is not taken back: drop the database instead.');
  }
}

const TABLES = `
-- A buyer's credits in one unit, across all bots of the tenant. \`balance\` is the sum of the entries, \`entries\` their number,
-- \`reserved\` the sum of the open holds. The row's lock serialises all changes to the account.
create table credit_accounts (
  tenant_id uuid not null references tenants,
  id uuid not null,
  buyer_id bigint not null,
  unit text not null check (unit ~ '^[a-z0-9_-]{1,32}$'),
  balance bigint not null default 0 check (balance between 0 and 9007199254740991),
  reserved bigint not null default 0,
  entries bigint not null default 0 check (entries >= 0),
  -- The next time at which a lot or a reservation expires; null if there is none.
  lapses_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, buyer_id, unit),
  check (reserved >= 0 and reserved <= balance)
);
select make_tenant_owned('credit_accounts', 'select, insert, update', 'select');

-- A pack that was bought or granted. \`remaining\` is the sum of its entries.
create table credit_lots (
  tenant_id uuid not null references tenants,
  id uuid not null,
  account_id uuid not null,
  charge_id uuid,
  amount bigint not null check (amount between 1 and 1000000000),
  remaining bigint not null default 0,
  reserved bigint not null default 0,
  expires_at timestamptz,
  -- When the lot's expiry was recorded.
  expired_at timestamptz,
  -- Set while the pack is being taken back, with the amount taken.
  refund_id uuid,
  clawed_back bigint not null default 0,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, charge_id),
  foreign key (tenant_id, account_id) references credit_accounts (tenant_id, id),
  foreign key (tenant_id, charge_id) references charges (tenant_id, id),
  foreign key (tenant_id, refund_id) references refunds (tenant_id, id),
  check (remaining >= 0 and remaining <= amount),
  check (reserved >= 0 and reserved <= remaining),
  check (clawed_back >= 0 and clawed_back <= amount),
  check (refund_id is not null or clawed_back = 0)
);
create index credit_lots_live on credit_lots (tenant_id, account_id, expires_at, id) where remaining > 0;
select make_tenant_owned('credit_lots', 'select, insert, update', 'select');

-- Append-only, by rights. \`number\` counts an account's entries from 1 without gaps; \`balance\` is the balance after the entry.
create table credit_entries (
  tenant_id uuid not null references tenants,
  id uuid not null,
  account_id uuid not null,
  number bigint not null check (number >= 1),
  lot_id uuid not null,
  cause text not null
    check (
      cause in ('purchase', 'grant', 'refund_failed', 'debit', 'reservation', 'expiry', 'expiry_after_release', 'expiry_after_refund', 'refund', 'refund_after_release')
    ),
  cause_id uuid not null,
  amount bigint not null check (amount <> 0),
  balance bigint not null check (balance >= 0),
  reason text check (char_length(reason) between 1 and 255),
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, account_id, number),
  unique (tenant_id, cause, cause_id, lot_id),
  foreign key (tenant_id, account_id) references credit_accounts (tenant_id, id),
  foreign key (tenant_id, lot_id) references credit_lots (tenant_id, id),
  check ((cause in ('purchase', 'grant', 'refund_failed')) = (amount > 0))
);
create index credit_entries_lot on credit_entries (tenant_id, lot_id);
select make_tenant_owned('credit_entries', 'select, insert', 'select');

-- A hold for an order ends with the order and does not expire.
create table credit_reservations (
  tenant_id uuid not null references tenants,
  id uuid not null,
  account_id uuid not null,
  amount bigint not null check (amount between 1 and 1000000000),
  committed bigint,
  state text not null check (state in ('open', 'committed', 'released', 'expired')),
  reason text check (char_length(reason) between 1 and 255),
  expires_at timestamptz,
  closed_at timestamptz,
  created_at timestamptz not null default now(),
  order_id uuid,
  primary key (tenant_id, id),
  constraint credit_reservations_order unique (tenant_id, order_id),
  foreign key (tenant_id, account_id) references credit_accounts (tenant_id, id),
  constraint credit_reservations_order_fkey foreign key (tenant_id, order_id) references orders (tenant_id, id),
  check (committed >= 1 and committed <= amount),
  check ((state = 'committed') = (committed is not null)),
  check ((state = 'open') = (closed_at is null)),
  constraint credit_reservations_end_check check ((order_id is null) = (expires_at is not null))
);
create index credit_reservations_open on credit_reservations (tenant_id, account_id, expires_at) where state = 'open';
select make_tenant_owned('credit_reservations', 'select, insert, update', 'select');

-- The lots that a reservation draws from. It holds the amounts while it is open.
create table credit_holds (
  tenant_id uuid not null references tenants,
  reservation_id uuid not null,
  lot_id uuid not null,
  amount bigint not null check (amount >= 1),
  primary key (tenant_id, reservation_id, lot_id),
  foreign key (tenant_id, lot_id) references credit_lots (tenant_id, id),
  foreign key (tenant_id, reservation_id) references credit_reservations (tenant_id, id)
);
create index credit_holds_lot on credit_holds (tenant_id, lot_id);
select make_tenant_owned('credit_holds', 'select, insert', 'select');

-- Requests under an idempotency key, with their answers.
create table credit_requests (
  tenant_id uuid not null references tenants,
  key text not null check (char_length(key) between 1 and 255),
  fingerprint bytea not null check (length(fingerprint) = 32),
  answer jsonb,
  created_at timestamptz not null default now(),
  primary key (tenant_id, key)
);
select make_tenant_owned('credit_requests', 'select, insert, update, delete', 'select');

-- Append-only, by rights: entries can be neither updated nor deleted. The entries of one cause add up to zero.
create table ledger_entries (
  tenant_id uuid not null references tenants,
  id uuid not null,
  bot_id uuid not null,
  account text not null check (account in ('telegram', 'earned', 'held')),
  stars bigint not null check (stars <> 0),
  cause text not null check (cause in ('charge', 'refund')),
  cause_id uuid not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, cause, cause_id, account),
  foreign key (tenant_id, bot_id) references bots (tenant_id, id)
);
create index ledger_entries_booked on ledger_entries (tenant_id, bot_id, created_at, id) include (account, cause, cause_id, stars);
create index ledger_entries_bot on ledger_entries (tenant_id, bot_id, account);
select make_tenant_owned('ledger_entries', 'select, insert', 'select');
`;
