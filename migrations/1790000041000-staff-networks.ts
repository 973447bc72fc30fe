import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Sessions of staff say from where they were opened, as creators' do: who was let in from there before is let in while strangers guess. */
export class StaffNetworks1790000041000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query('alter table staff_sessions add column network text check (char_length(network) <= 64)');
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('alter table staff_sessions drop column network');
  }
}
