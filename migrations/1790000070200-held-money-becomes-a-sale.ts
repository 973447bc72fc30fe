import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A creator delivers a product for money that paid no order: the ledger moves it from `held` to `earned`. */
export class HeldMoneyBecomesASale1790000070200 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query(`
      alter table ledger_entries drop constraint ledger_entries_cause_check,
        add constraint ledger_entries_cause_check check (cause in ('charge', 'refund', 'match')) not valid;
    `);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`
      alter table ledger_entries drop constraint ledger_entries_cause_check,
        add constraint ledger_entries_cause_check check (cause in ('charge', 'refund')) not valid;
    `);
  }
}
