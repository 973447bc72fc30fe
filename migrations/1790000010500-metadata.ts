import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Metadata of creators on more objects; products and orders had it from the beginning. */
const NOTED = ['bots', 'endpoints', 'buyers', 'charges', 'refunds', 'api_keys', 'files'] as const;

export class Metadata1790000010500 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    for (const table of NOTED) await q.query(`alter table ${table} add column metadata jsonb not null default '{}'`);
    await q.query('grant update on files to starwall_app');
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('revoke update on files from starwall_app');
    for (const table of NOTED) await q.query(`alter table ${table} drop column metadata`);
  }
}
