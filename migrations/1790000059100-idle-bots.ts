import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Checks of a bot follow its traffic: the next one is due at a stored time, found by an index. */
export class IdleBots1790000059100 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query(`
      alter table webhook_looks
        add column due_at timestamptz not null default now() + interval '10 minutes',
        -- The bot's latest traffic, to within some minutes. A new bot counts as active.
        add column active_at timestamptz not null default now();
      drop index webhook_looks_due;
      create index webhook_looks_due on webhook_looks (due_at);
      alter table chats add column look_due_at timestamptz not null default now() + interval '1 hour';
      drop index chats_due;
      create index chats_due on chats (look_due_at) where merged_into is null;
      create index bots_updated on bots (updated_at);
    `);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`
      drop index bots_updated, chats_due, webhook_looks_due;
      alter table chats drop column look_due_at;
      alter table webhook_looks drop column due_at, drop column active_at;
      create index chats_due on chats (looked_at);
      create index webhook_looks_due on webhook_looks (looked_at);
    `);
  }
}
