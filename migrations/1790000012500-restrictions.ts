import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Reason and start of a workspace's restriction; and search indexes for staff. */
export class Restrictions1790000012500 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query(RESTRICTIONS);
    await q.query(MADE);
    await q.query(SEARCH);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(
      `drop index tenants_state, tenants_name, bots_username, bots_telegram, bots_anywhere, buyers_anywhere, charges_anywhere,
         charges_ids, orders_anywhere, refunds_open, jobs_parked`,
    );
    await q.query('alter table audit_outcome_entries drop column targets');
    await q.query('alter table staff_outcome_entries drop column targets');
    await q.query('revoke insert on events from starwall_platform');
    await q.query('drop table staff_note_entries, tenant_state_entries');
  }
}

const RESTRICTIONS = `
create table tenant_state_entries (
  tenant_id uuid not null references tenants,
  id uuid not null,
  from_state text not null,
  to_state text not null check (to_state <> from_state),
  -- Shown to the creator. Null if no reason was required, which is only possible for lifting.
  reason text check (char_length(reason) between 1 and 500),
  review_at timestamptz,
  staff_id uuid references staff_accounts,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  check (to_state = 'active' or reason is not null)
);
select make_tenant_owned('tenant_state_entries', 'select', 'select, insert');

-- Internal notes of staff. They do not belong to the tenant, so its export does not contain them.
create table staff_note_entries (
  id uuid primary key,
  owner_tenant uuid not null references tenants,
  staff_id uuid not null references staff_accounts,
  note text not null check (char_length(note) between 1 and 2000),
  created_at timestamptz not null default now()
);
create index staff_note_entries_tenant on staff_note_entries (owner_tenant, id);
grant select, insert on staff_note_entries to starwall_platform;

-- A restriction and its event are one transaction.
grant insert on events to starwall_platform;
`;

const MADE = `
-- For writes with outside calls, the created objects are known only afterwards.
alter table audit_outcome_entries add column targets text[] not null default '{}';
alter table staff_outcome_entries add column targets text[] not null default '{}';
`;

const SEARCH = `
create index tenants_state on tenants (state, id) where state <> 'active';
create index tenants_name on tenants (lower(name) text_pattern_ops);
create index bots_username on bots (lower(username) text_pattern_ops);
create index bots_telegram on bots (telegram_id);
create index bots_anywhere on bots (id);
create index buyers_anywhere on buyers (telegram_id);
create index charges_anywhere on charges (telegram_charge_id);
create index charges_ids on charges (id);
create index orders_anywhere on orders (id);
-- For the counts on a workspace's page.
create index refunds_open on refunds (tenant_id, id) where state in ('requested', 'sent', 'unknown');
create index jobs_parked on jobs (tenant_id) where state = 'parked';
`;
