import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Progress of data key rotations, so that an interrupted one can continue. */
export class KeyRotations1790000011500 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query(`
      create table key_rotations (
        id uuid primary key,
        -- A tenant's id, the platform, or everybody.
        owner text not null check (owner in ('all', 'platform') or owner ~ '^[0-9a-f-]{36}$'),
        begun_at timestamptz not null default now(),
        finished_at timestamptz check (finished_at >= begun_at)
      );
      create unique index key_rotations_running on key_rotations (owner) where finished_at is null;
      grant select, insert, update on key_rotations to starwall_platform;
    `);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('drop table key_rotations');
  }
}
