import { randomBytes } from 'node:crypto';
import type { DataSource } from 'typeorm';
import type { Database } from '#libs/database';
import { DAY, newUuid } from '#libs/kernel';
import { openAsOwner, openTestDatabase } from '../../../../test/support/database.js';
import { whileHeld } from '../../../../test/support/locks.js';
import { workspaceOf } from '../../../../test/support/people.js';
import { forgetLinks, forgetSessions } from '../index.js';

let db: Database;
let source: DataSource;
let owner: DataSource;
let tenantId: string;
let accountId: string;

beforeAll(async () => {
  ({ db, source } = await openTestDatabase());
  owner = await openAsOwner();
  const made = await workspaceOf(owner, 'owner');
  [tenantId, accountId] = [made.tenantId, String(made.accountIds[0])];
});
afterAll(() => Promise.all([source.destroy(), owner.destroy()]));
beforeEach(async () => {
  for (const table of ['refresh_tokens', 'sessions', 'account_links']) await owner.query(`delete from ${table}`);
});

const before = new Date('2026-12-01T00:00:00Z');
const [early, future] = [new Date(before.getTime() - 1), new Date(before.getTime() + DAY)];

async function session(createdAt: Date, ends: { expiresAt?: Date; revokedAt?: Date } = {}): Promise<string> {
  const id = newUuid();
  await owner.query(
    'insert into sessions (id, account_id, owner_tenant, created_at, expires_at, revoked_at) values ($1, $2, $3, $4, $5, $6)',
    [id, accountId, tenantId, createdAt, ends.expiresAt ?? future, ends.revokedAt ?? null],
  );
  return id;
}
const token = (sessionId: string, issuedAt: Date, usedAt: Date | null = null) =>
  owner.query('insert into refresh_tokens (hash, session_id, issued_at, used_at) values ($1, $2, $3, $4)', [
    randomBytes(32),
    sessionId,
    issuedAt,
    usedAt,
  ]);
const forget = (limit = 100) => db.inPlatform('a test', (tx) => forgetSessions(tx, before, limit));
const count = async (table: string) => (await owner.query<unknown[]>(`select from ${table}`)).length;

describe('a refresh token', () => {
  it.each([
    ['is deleted if it was used before the time', early, early, {}, 0],
    ['is kept if it was used at the time', early, before, {}, 1],
    ['is kept if it was never used', early, null, {}, 1],
    ['is deleted if its session was revoked before the time', early, null, { revokedAt: early }, 0],
    ['is kept if its session was revoked at the time', early, null, { revokedAt: before }, 1],
    ['is deleted if its session expired before the time', early, null, { expiresAt: early }, 0],
    ['is kept if its session expired at the time', early, null, { expiresAt: before }, 1],
    ['is kept if it was issued at the time', before, early, { revokedAt: early }, 1],
  ])('%s', async (_when, issuedAt, usedAt, ends, left) => {
    await token(await session(before, ends), issuedAt, usedAt);
    await forget();
    expect(await count('refresh_tokens')).toBe(left);
  });
});

describe('a session', () => {
  it.each([
    ['is deleted if it was revoked before the time', early, { revokedAt: early }, 0],
    ['is kept if it was revoked at the time', early, { revokedAt: before }, 1],
    ['is deleted if it expired before the time', early, { expiresAt: early }, 0],
    ['is kept if it expired at the time', early, { expiresAt: before }, 1],
    ['is kept while it lasts', early, {}, 1],
    ['is kept if it began at the time', before, { revokedAt: early }, 1],
  ])('%s', async (_when, createdAt, ends, left) => {
    await session(createdAt, ends);
    expect(await forget()).toBe(1 - left);
    expect(await count('sessions')).toBe(left);
  });

  it('is deleted after its last token', async () => {
    await token(await session(early, { revokedAt: early }), before);
    expect(await forget()).toBe(0);
    expect(await count('sessions')).toBe(1);
  });

  it('is deleted in batches, without waiting for sessions in use', async () => {
    const held = await session(early, { revokedAt: early });
    for (let n = 0; n < 3; n += 1) await session(early, { revokedAt: early });
    expect(await forget(2)).toBe(2);
    const use = ['select from sessions where id = $1 for update', [held]] as const;
    await whileHeld(owner, use, () => forget());
    expect(await count('sessions')).toBeLessThanOrEqual(1);
    await forget();
    expect(await count('sessions')).toBe(0);
  });
});

it('links of emails are deleted after their expiry, in batches', async () => {
  const link = (expiresAt: Date) =>
    owner.query(
      `insert into account_links (id, account_id, purpose, token_hash, address, expires_at)
       values ($1, $2, 'reset_password', $3, 'ada@example.com', $4)`,
      [newUuid(), accountId, randomBytes(32), expiresAt],
    );
  await link(before);
  for (let n = 0; n < 3; n += 1) await link(early);
  const forgets = (limit: number) => db.inPlatform('a test', (tx) => forgetLinks(tx, before, limit));
  expect(await forgets(2)).toBe(2);
  expect(await forgets(2)).toBe(1);
  expect(await count('account_links')).toBe(1);
});
