import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Optional second factors for creators' accounts. */
export class SecondFactors1790000015500 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query(`
      -- Platform-owned like accounts, but separate, so that code that reads accounts reads no secrets.
      create table second_factors (
        account_id uuid primary key references accounts,
        totp_sealed bytea not null,
        begun_at timestamptz not null default now(),
        -- Null until confirmed; until then it protects nothing.
        confirmed_at timestamptz,
        -- The time step of the last accepted code, so that no code is accepted twice.
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
