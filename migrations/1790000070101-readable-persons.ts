import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Telegram ids of linked members can be read back as numbers. */
export class ReadablePersons1790000070101 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query(`
      alter table telegram_links add constraint telegram_links_readable
        check (telegram_id between -9007199254740991 and 9007199254740991);
    `);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('alter table telegram_links drop constraint telegram_links_readable');
  }
}
