import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Letters to the people of a workspace. */
export class Mails1790000060000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '5s'`);
    await q.query(TABLE);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('drop table mails');
  }
}

const TABLE = `
-- The address is the account's at the moment of sending, and is not kept here.
create table mails (
  tenant_id uuid not null references tenants,
  id uuid not null,
  account_id uuid not null references accounts,
  kind text not null check (kind in ('new_device')),
  facts jsonb not null default '{}',
  created_at timestamptz not null default now(),
  sent_at timestamptz,
  primary key (tenant_id, id)
);
select make_tenant_owned('mails', 'select, insert, update', 'select, insert');
`;
