import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A job that could not even be tried says what it waits for, so that whoever ends the waiting finds it. */
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
