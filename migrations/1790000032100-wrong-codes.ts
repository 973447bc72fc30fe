import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Counts wrong second-factor codes across processes and restarts, so that they cannot be guessed indefinitely. */
export class WrongCodes1790000032100 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    for (const table of ['second_factors', 'staff_accounts']) {
      await q.query(`
        alter table ${table}
          -- Consecutive: an accepted code resets it.
          add column wrong_codes integer not null default 0 check (wrong_codes >= 0),
          add column codes_locked_until timestamptz`);
    }
  }

  async down(q: QueryRunner): Promise<void> {
    for (const table of ['second_factors', 'staff_accounts']) {
      await q.query(`alter table ${table} drop column wrong_codes, drop column codes_locked_until`);
    }
  }
}
