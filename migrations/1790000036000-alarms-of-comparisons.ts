import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Lets staff find reconciliations that keep failing, and listed transactions that cannot be recorded. */
export class AlarmsOfComparisons1790000036000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query(CURSORS);
    await q.query(DIFFERENCES);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('drop index reconciliations_stuck');
    await q.query(`create index reconciliations_stuck on reconciliations (started_at)
      where state = 'succeeded' and (unexplained <> 0 or unknown_there <> 0)`);
    await q.query('alter table star_cursors drop column failing_told_at, drop column failing_since');
  }
}

const CURSORS = `
-- Since when every reconciliation of the bot has failed, and when its creator was told.
alter table star_cursors
  add column failing_since timestamptz,
  add column failing_told_at timestamptz,
  add constraint star_cursors_failing_check check (failing_told_at is null or failing_since is not null);
create index star_cursors_failing on star_cursors (failing_since) where failing_since is not null;
`;

const DIFFERENCES = `
drop index reconciliations_stuck;
create index reconciliations_stuck on reconciliations (started_at)
  where state = 'succeeded' and (unexplained <> 0 or unknown_there <> 0 or unknown_here <> 0);
`;
