import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Finds due jobs without reading future ones. */
export class RipeJobs1790000059000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query(`
      -- Its time has come. A claim marks what became due since the last one, and what is enqueued for now is marked from the beginning.
      alter table jobs add column ripe boolean not null default false;
      create index jobs_ripening on jobs (queue, due_at) where state = 'waiting' and not ripe;
      drop index jobs_turns;
      create index jobs_turns on jobs (queue, tenant_id, lane, due_at) where state = 'waiting' and ripe;
    `);
  }

  async down(): Promise<void> {
    throw new Error('The version before this one would read every waiting job for each claim.');
  }
}
