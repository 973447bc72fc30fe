import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Records what a blocked job waits for, so that it can be found and resumed when the wait ends. */
export class WhatJobsWaitFor1790000052000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query(UP);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('alter table jobs drop column waits_for');
  }
}

const UP = `
alter table jobs add column waits_for text
  constraint jobs_waits_for check (waits_for in ('lifting', 'token'));
`;
