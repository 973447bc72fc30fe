import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Remembers every refresh token of a staff session, to recognise any reuse. */
export class StaffRefreshTokens1790000032000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query(`
      create table staff_refresh_tokens (
        hash bytea primary key check (length(hash) = 32),
        session_id uuid not null references staff_sessions,
        issued_at timestamptz not null default now(),
        used_at timestamptz
      );
      create index staff_refresh_tokens_session on staff_refresh_tokens (session_id);
      grant select, insert, update on staff_refresh_tokens to starwall_platform;
      insert into staff_refresh_tokens (hash, session_id, issued_at)
        select refresh_hash, id, refreshed_at from staff_sessions;
      insert into staff_refresh_tokens (hash, session_id, issued_at, used_at)
        select previous_hash, id, created_at, refreshed_at from staff_sessions where previous_hash is not null;
      alter table staff_sessions drop column refresh_hash, drop column previous_hash, drop column refreshed_at;
    `);
  }

  async down(): Promise<void> {
    throw new Error('This migration is not taken back: it would forget which refresh tokens were used.');
  }
}
