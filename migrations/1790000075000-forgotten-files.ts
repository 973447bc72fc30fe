import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Files that go with an erased buyer: their rows are deleted at once, their bytes by the sweeper. */
export class ForgottenFiles1790000075000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query(`
      create table forgotten_files (
        tenant_id uuid not null references tenants,
        id uuid not null,
        storage_key text not null,
        created_at timestamptz not null default now(),
        primary key (tenant_id, id)
      );
      select make_tenant_owned('forgotten_files', 'select, insert', 'select, delete');
      grant delete on files, telegram_files to starwall_app;
    `);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`
      revoke delete on files, telegram_files from starwall_app;
      drop table forgotten_files;
    `);
  }
}
