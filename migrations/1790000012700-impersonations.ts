import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Read-only access of staff to a workspace as its members see it. */
export class Impersonations1790000012700 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query(`
      create table impersonation_entries (
        id uuid primary key,
        staff_id uuid not null references staff_accounts,
        -- The impersonation ends with this session.
        session_id uuid not null references staff_sessions,
        owner_tenant uuid not null references tenants,
        reason text not null check (char_length(reason) between 1 and 500),
        created_at timestamptz not null,
        expires_at timestamptz not null,
        check (expires_at > created_at)
      );
      create index impersonation_entries_tenant on impersonation_entries (owner_tenant, id);
      grant select, insert on impersonation_entries to starwall_platform;
    `);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('drop table impersonation_entries');
  }
}
