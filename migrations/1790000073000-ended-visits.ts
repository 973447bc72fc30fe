import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Staff can end their visit to a workspace before its ten minutes are over. */
export class EndedVisits1790000073000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query(`
      create table impersonation_end_entries (
        id uuid primary key references impersonation_entries,
        ended_at timestamptz not null
      );
      grant select, insert on impersonation_end_entries to starwall_platform;
    `);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('drop table impersonation_end_entries');
  }
}
