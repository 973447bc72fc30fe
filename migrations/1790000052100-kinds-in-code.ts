import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Limits product kinds to those in the code: bundles were named but never built. */
export class KindsInCode1790000052100 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query(kinds(KINDS));
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(kinds(`${KINDS}, 'bundle'`));
  }
}

const KINDS = `'text', 'link', 'file', 'credits', 'callback', 'licence_key', 'subscription', 'paid_media', 'paid_command', 'chat_access'`;

const kinds = (names: string) => `
alter table products drop constraint products_kind_check;
alter table products add constraint products_kind_check check (kind in (${names}));
`;
