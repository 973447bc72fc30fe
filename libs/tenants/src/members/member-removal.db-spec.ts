import { randomBytes } from 'node:crypto';
import type { DataSource } from 'typeorm';
import type { Database } from '#libs/database';
import { newUuid } from '#libs/kernel';
import { openAsOwner, openTestDatabase } from '../../../../test/support/database.js';
import { peopleServices, workspaceOf } from '../../../../test/support/people.js';

let db: Database;
let source: DataSource;
let owner: DataSource;
const now = new Date('2026-12-01T09:00:00Z');
const [past, future] = [new Date('2026-11-01T09:00:00Z'), new Date('2027-01-01T09:00:00Z')];

beforeAll(async () => {
  ({ db, source } = await openTestDatabase());
  owner = await openAsOwner();
});
afterAll(() => Promise.all([source.destroy(), owner.destroy()]));

const hash = () => randomBytes(32);

async function newWorkspace() {
  const { tenantId, accountIds } = await workspaceOf(owner, 'owner', 'admin');
  const [boss, admin] = [String(accountIds[0]), String(accountIds[1])];
  const botId = newUuid();
  await owner.query(
    `insert into bots (tenant_id, id, telegram_id, username, name, info, token_sealed, token_last4, state)
     values ($1, $2, $3, 'shop_bot', 'Shop', '{}', 'sealed', 'abcd', 'active')`,
    [tenantId, botId, Math.floor(Math.random() * 1e12)],
  );
  const link = (accountId: string, telegramId: number, linkedAt: Date | null, endedAt: Date | null = null) =>
    owner.query(
      `insert into telegram_links (tenant_id, id, account_id, bot_id, environment, code_hash, created_at, expires_at, telegram_id, name, linked_at, ended_at)
       values ($1, $2, $3, $4, 'production', $5, $6, $7, $8, $9, $10, $11)`,
      [
        tenantId,
        newUuid(),
        accountId,
        botId,
        hash(),
        past,
        future,
        linkedAt && telegramId,
        linkedAt && 'Olga',
        linkedAt,
        endedAt,
      ],
    );
  const key = (accountId: string, revokedAt: Date | null) =>
    owner.query(
      `insert into api_keys (tenant_id, id, name, hash, last4, livemode, scopes, created_by, revoked_at)
       values ($1, $2, 'key', $3, 'abcd', false, '{orders:read}', $4, $5)`,
      [tenantId, newUuid(), hash(), accountId, revokedAt],
    );
  const invitation = (by: string, acceptedAt: Date | null, revokedAt: Date | null) =>
    owner.query(
      `insert into invitations (tenant_id, id, email, role, token_hash, invited_by, expires_at, accepted_at, accepted_by, revoked_at)
       values ($1, $2, $3, 'viewer', $4, $5, $6, $7, $8, $9)`,
      [tenantId, newUuid(), `${newUuid()}@example.com`, hash(), by, future, acceptedAt, acceptedAt && by, revokedAt],
    );
  const view = (accountId: string, name: string, shared: boolean) =>
    owner.query(
      `insert into order_views (tenant_id, id, account_id, name, filters, shared) values ($1, $2, $3, $4, '{}', $5)`,
      [tenantId, newUuid(), accountId, name, shared],
    );
  const times = async (table: string, column: string) =>
    (
      await owner.query<{ at: Date | null }[]>(
        `select ${column} as at from ${table} where tenant_id = $1 order by ${column} nulls last`,
        [tenantId],
      )
    ).map(({ at }) => at);
  const people = peopleServices(db, { now: () => now });
  return { tenantId, botId, boss, admin, link, key, invitation, view, times, people };
}

it('a removed member loses what was theirs and open; nothing that has ended is ended again', async () => {
  const it = await newWorkspace();
  await it.link(it.admin, 1, past, past);
  await it.link(it.admin, 2, past);
  await it.link(it.boss, 3, past);
  for (const by of [it.admin, it.boss]) await it.key(by, null);
  await it.key(it.admin, past);
  await it.invitation(it.admin, null, null);
  await it.invitation(it.admin, past, null);
  await it.invitation(it.admin, null, past);
  await it.invitation(it.boss, null, null);
  await it.view(it.admin, 'Mine', false);
  await it.view(it.admin, 'Ours', true);
  await it.view(it.boss, 'The boss’s', false);
  await db.inTenant(it.tenantId, (tx) => it.people.members.remove(tx, it.boss, it.admin));
  expect(await it.times('telegram_links', 'ended_at')).toEqual([past, now, null]);
  expect(await it.times('api_keys', 'revoked_at')).toEqual([past, now, null]);
  expect(await it.times('invitations', 'revoked_at')).toEqual([past, now, null, null]);
  const views = await owner.query<{ name: string }[]>('select name from order_views where tenant_id = $1', [
    it.tenantId,
  ]);
  expect(views.map(({ name }) => name).toSorted()).toEqual(['Ours', 'The boss’s']);
});

it('a change of role updates the menu only in chats in which the member is linked now', async () => {
  const it = await newWorkspace();
  const menus = () =>
    owner.query<unknown[]>(`select from jobs where tenant_id = $1 and kind = 'bot.menu'`, [it.tenantId]);
  await it.link(it.admin, 1, past, past);
  await it.link(it.admin, 2, null);
  await it.link(it.boss, 3, past);
  await it.people.members.changeRole(it.tenantId, it.boss, it.admin, 'viewer');
  expect(await menus()).toHaveLength(0);
  await it.link(it.admin, 4, past);
  await it.people.members.changeRole(it.tenantId, it.boss, it.admin, 'support');
  expect(await menus()).toHaveLength(1);
});

it('members are listed newest account first, page by page, both ways', async () => {
  const { tenantId, accountIds } = await workspaceOf(owner, 'owner', 'admin', 'viewer');
  const { members } = peopleServices(db, { now: () => now });
  const sorted = accountIds.toSorted();
  const ids = async (limit: number, cursor = {}) =>
    (await members.list(tenantId, limit, cursor)).map(({ accountId }) => accountId);
  expect(await ids(1)).toEqual([sorted[2], sorted[1]]);
  expect(await ids(9, { after: sorted[1] })).toEqual([sorted[0]]);
  expect(await ids(9, { before: sorted[1] })).toEqual([sorted[2]]);
});
