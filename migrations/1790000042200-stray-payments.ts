import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Reports of money that cannot be booked: in another currency, or with an impossible payer or amount. */
export class StrayPayments1790000042200 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query(STRAYS);
  }

  async down(): Promise<void> {
    throw new Error('Reports of money are not taken back by a migration.');
  }
}

const STRAYS = `
create table stray_payments (
  tenant_id uuid not null references tenants,
  id uuid not null,
  bot_id uuid not null,
  -- The update that reported it. Each update is recorded once.
  update_id bigint not null,
  kind text not null check (kind in ('successful_payment', 'refunded_payment')),
  reason text not null check (reason in ('currency', 'amount', 'payer', 'charge', 'date')),
  telegram_charge_id text,
  currency text,
  -- As text, because the reported number may exceed every number type.
  amount text,
  buyer_id bigint check (buyer_id between -9007199254740991 and 4503599627370495),
  payload text,
  occurred_at timestamptz,
  created_at timestamptz not null,
  primary key (tenant_id, id),
  unique (tenant_id, bot_id, update_id),
  foreign key (tenant_id, bot_id) references bots (tenant_id, id)
);
create index stray_payments_list on stray_payments (tenant_id, id desc);
select make_tenant_owned('stray_payments', 'select, insert, update', 'select, update');
`;
