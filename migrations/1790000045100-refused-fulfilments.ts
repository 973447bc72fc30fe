import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Records since when a creator's server has refused to make an order's goods. */
export class RefusedFulfilments1790000045100 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query(`
      alter table fulfilments add column refused_since timestamptz;
      alter table fulfilments no force row level security;
      update fulfilments set refused_since = updated_at where state in ('requested', 'generating') and last_error is not null;
      alter table fulfilments force row level security;
      create index fulfilments_refused on fulfilments (tenant_id, refused_since)
        where refused_since is not null and state in ('requested', 'generating');
    `);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('alter table fulfilments drop column refused_since');
  }
}
