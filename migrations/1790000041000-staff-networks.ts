import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Staff sessions record their network, as creators' do, so that known networks still get in while strangers guess passwords. */
export class StaffNetworks1790000041000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query('alter table staff_sessions add column network text check (char_length(network) <= 64)');
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('alter table staff_sessions drop column network');
  }
}
