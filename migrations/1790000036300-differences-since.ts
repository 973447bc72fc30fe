import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Stores with the bot since when its books have differed, so that an old difference is known as old and found in one row. */
export class DifferencesSince1790000036300 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query(COLUMN);
    await q.query(FILL);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('alter table star_cursors drop column differs_since');
    await q.query(`create index reconciliations_stuck on reconciliations (started_at)
      where state = 'succeeded' and (unexplained <> 0 or unknown_there <> 0 or unknown_here <> 0)`);
  }
}

const COLUMN = `
alter table star_cursors add column differs_since timestamptz;
create index star_cursors_differing on star_cursors (differs_since) where differs_since is not null;
drop index reconciliations_stuck;
`;

const FILL = `
alter table star_cursors no force row level security;
alter table reconciliations no force row level security;
update star_cursors c set differs_since = r.started_at
from (
  select distinct on (tenant_id, bot_id) * from reconciliations where state = 'succeeded' order by tenant_id, bot_id, id desc
) r
where r.tenant_id = c.tenant_id and r.bot_id = c.bot_id and (r.unexplained <> 0 or r.unknown_there <> 0 or r.unknown_here <> 0);
alter table reconciliations force row level security;
alter table star_cursors force row level security;
`;
