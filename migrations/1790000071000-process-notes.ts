import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Each process notes how its services do, for the status page. */
export class ProcessNotes1790000071000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query(`
      -- One row for each running process, replaced every 15 seconds while something happens.
      create table process_notes (
        id uuid primary key,
        noted_at timestamptz not null default now(),
        facts jsonb not null
      );
      grant select, insert, update, delete on process_notes to starwall_platform;
    `);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('drop table process_notes');
  }
}
