import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Creators may protect their account with a second factor. */
export class SecondFactors1790000015500 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query(`
      -- Belongs to the platform as its account does, and apart from it: whoever reads accounts reads no secrets.
      create table second_factors (
        account_id uuid primary key references accounts,
        totp_sealed bytea not null,
        begun_at timestamptz not null default now(),
        -- Until then it protects nothing.
        confirmed_at timestamptz,
        -- The time step of the last code that counted: no code counts twice.
        totp_step bigint,
        recovery_hashes bytea[] not null default '{}',
        check ((confirmed_at is null) = (totp_step is null)),
        check (confirmed_at is not null or recovery_hashes = '{}')
      );
      grant select, insert, update, delete on second_factors to starwall_platform`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('drop table second_factors');
  }
}
