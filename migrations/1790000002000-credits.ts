import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Credit products, and the books of buyers' credits. */
export class Credits1790000002000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query(PRODUCTS);
    await q.query(BOOKS);
  }

  async down(): Promise<void> {
    throw new Error('Credits that buyers hold are not taken back by a migration.');
  }
}

const PRODUCTS = `
alter table products drop constraint products_kind_check;
alter table products add constraint products_kind_check check (kind in ('text', 'link', 'file', 'credits'));
alter table products
  add column credit_unit text check (credit_unit ~ '^[a-z0-9_-]{1,32}$'),
  add column credit_amount bigint check (credit_amount between 1 and 1000000000),
  add column credit_days integer check (credit_days between 1 and 36500),
  add constraint products_credits_check check (
    (kind = 'credits') = (credit_unit is not null) and (kind = 'credits') = (credit_amount is not null)
    and (kind = 'credits' or credit_days is null));

-- The refund's effect on the credits that its charge had bought; null if it bought none, or if the refund failed.
alter table refunds add column credits jsonb;
`;

const BOOKS = `
-- A buyer's credits in one unit, across all bots of the tenant. \`balance\` is the sum of the entries, \`entries\` their number,
-- \`reserved\` the sum of the open holds. The row's lock serialises all changes to the account.
create table credit_accounts (
  tenant_id uuid not null references tenants,
  id uuid not null,
  buyer_id bigint not null,
  unit text not null check (unit ~ '^[a-z0-9_-]{1,32}$'),
  balance bigint not null default 0 check (balance between 0 and 9007199254740991),
  reserved bigint not null default 0 check (reserved between 0 and balance),
  entries bigint not null default 0 check (entries >= 0),
  -- The next time at which a lot or a reservation expires; null if there is none.
  lapses_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, buyer_id, unit)
);
select make_tenant_owned('credit_accounts', 'select, insert, update', 'select');

-- A pack that was bought or granted. \`remaining\` is the sum of its entries.
create table credit_lots (
  tenant_id uuid not null references tenants,
  id uuid not null,
  account_id uuid not null,
  charge_id uuid,
  amount bigint not null check (amount between 1 and 1000000000),
  remaining bigint not null default 0 check (remaining between 0 and amount),
  reserved bigint not null default 0 check (reserved between 0 and remaining),
  expires_at timestamptz,
  -- When the lot's expiry was recorded.
  expired_at timestamptz,
  -- Set while the pack is being taken back, with the amount taken.
  refund_id uuid,
  clawed_back bigint not null default 0 check (clawed_back between 0 and amount),
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, charge_id),
  foreign key (tenant_id, account_id) references credit_accounts (tenant_id, id),
  foreign key (tenant_id, charge_id) references charges (tenant_id, id),
  foreign key (tenant_id, refund_id) references refunds (tenant_id, id),
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
  cause text not null,
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
  check (cause in ('purchase', 'grant', 'refund_failed', 'debit', 'reservation', 'expiry', 'expiry_after_release',
                   'expiry_after_refund', 'refund', 'refund_after_release')),
  check ((cause in ('purchase', 'grant', 'refund_failed')) = (amount > 0))
);
create index credit_entries_lot on credit_entries (tenant_id, lot_id);
select make_tenant_owned('credit_entries', 'select, insert', 'select');

create table credit_reservations (
  tenant_id uuid not null references tenants,
  id uuid not null,
  account_id uuid not null,
  amount bigint not null check (amount between 1 and 1000000000),
  committed bigint check (committed between 1 and amount),
  state text not null check (state in ('open', 'committed', 'released', 'expired')),
  reason text check (char_length(reason) between 1 and 255),
  expires_at timestamptz not null,
  closed_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, account_id) references credit_accounts (tenant_id, id),
  check ((state = 'committed') = (committed is not null)),
  check ((state = 'open') = (closed_at is null))
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
  foreign key (tenant_id, reservation_id) references credit_reservations (tenant_id, id),
  foreign key (tenant_id, lot_id) references credit_lots (tenant_id, id)
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
select make_tenant_owned('credit_requests', 'select, insert, update', 'select');
`;
