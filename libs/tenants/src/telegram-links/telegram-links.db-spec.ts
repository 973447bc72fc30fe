import type { DataSource } from 'typeorm';
import type { Database } from '#libs/database';
import { JobStore } from '#libs/journal';
import { newUuid } from '#libs/kernel';
import { openAsOwner, openTestDatabase } from '../../../../test/support/database.js';
import { workspaceOf } from '../../../../test/support/people.js';
import { quotasAt } from '../../../../test/support/quotas.js';
import { BotStore } from '../bots/bot.store.js';
import { CODE_LIFETIME, secretIn, TooManyCodes } from './telegram-link.js';
import { TelegramLinks } from './telegram-links.service.js';

let db: Database;
let source: DataSource;
let owner: DataSource;
let now: Date;
const links = new TelegramLinks(new BotStore(quotasAt()), new JobStore(), { now: () => now });

beforeAll(async () => {
  ({ db, source } = await openTestDatabase());
  owner = await openAsOwner();
});
afterAll(() => Promise.all([source.destroy(), owner.destroy()]));
beforeEach(() => {
  now = new Date('2026-12-01T09:00:00Z');
});
const later = (ms: number) => {
  now = new Date(now.getTime() + ms);
};

async function newBot(tenantId: string, environment = 'production'): Promise<string> {
  const id = newUuid();
  await owner.query(
    `insert into bots (tenant_id, id, environment, telegram_id, username, name, info, token_sealed, token_last4, state)
     values ($1, $2, $3, $4, 'shop_bot', 'Shop', '{}', 'sealed', 'abcd', 'active')`,
    [tenantId, id, environment, Math.floor(Math.random() * 1e12)],
  );
  return id;
}

async function newWorkspace() {
  const { tenantId, accountIds } = await workspaceOf(owner, 'owner', 'viewer');
  const botId = await newBot(tenantId);
  const [first, second] = [String(accountIds[0]), String(accountIds[1])];
  return { tenantId, botId, owner: first, viewer: second };
}
type Workspace = Awaited<ReturnType<typeof newWorkspace>>;

async function secretFor(it: Workspace, accountId: string, botId = it.botId): Promise<string> {
  const { url } = await db.inTenant(it.tenantId, (tx) => links.create(tx, accountId, botId));
  return String(secretIn(String(new URL(url).searchParams.get('start'))));
}
const PERSON = { telegramId: 77, name: 'Olga', environment: 'production' as const };
const connect = (it: Workspace, secret: string, changes: object = {}) =>
  db.inTenant(it.tenantId, (tx) => links.connect(tx, { ...PERSON, botId: it.botId, ...changes }, secret));
const memberIn = (it: Workspace, telegramId = PERSON.telegramId, botId = it.botId) =>
  db.inTenant(it.tenantId, (tx) => links.memberIn(tx, botId, telegramId));

describe('a code', () => {
  it('works until the last millisecond of ten minutes, and not after', async () => {
    const it = await newWorkspace();
    const secret = await secretFor(it, it.owner);
    later(CODE_LIFETIME);
    expect(await connect(it, secret)).toBeUndefined();
    later(-1);
    expect(await connect(it, secret)).toMatchObject({ telegramId: 77, accountId: it.owner, role: 'owner' });
  });

  it('links one person, even if several send it at once', async () => {
    const it = await newWorkspace();
    const secret = await secretFor(it, it.owner);
    const all = await Promise.all([1, 2, 3, 4].map((telegramId) => connect(it, secret, { telegramId })));
    expect(all.filter((link) => link !== undefined)).toHaveLength(1);
  });

  it('is stored as a hash only, and is for its bot and workspace', async () => {
    const [it, other] = [await newWorkspace(), await newWorkspace()];
    const secret = await secretFor(it, it.owner);
    const rows: unknown[] = await owner.query('select l::text from telegram_links l where tenant_id = $1', [
      it.tenantId,
    ]);
    expect(JSON.stringify(rows)).not.toContain(secret);
    expect(await connect(it, secret, { botId: await newBot(it.tenantId) })).toBeUndefined();
    expect(await connect(other, secret)).toBeUndefined();
  });

  it('of someone who has left does not work', async () => {
    const it = await newWorkspace();
    const secret = await secretFor(it, it.viewer);
    await owner.query('delete from memberships where account_id = $1', [it.viewer]);
    expect(await connect(it, secret)).toBeUndefined();
  });

  it('is refused beyond five in ten minutes, even when they are requested at once', async () => {
    const it = await newWorkspace();
    const asked = await Promise.allSettled(Array.from({ length: 7 }, () => secretFor(it, it.owner)));
    const refused = asked.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
    expect(refused).toHaveLength(2);
    expect(refused.every((error) => error instanceof TooManyCodes)).toBe(true);
    later(CODE_LIFETIME);
    await secretFor(it, it.owner);
    const rows = await owner.query<unknown[]>('select 1 from telegram_links where tenant_id = $1', [it.tenantId]);
    expect(rows).toHaveLength(1);
  });
});

describe('a link', () => {
  it('is for every bot of its environment, and the same id in another environment is another person', async () => {
    const it = await newWorkspace();
    await connect(it, await secretFor(it, it.owner));
    expect(await memberIn(it, 77, await newBot(it.tenantId))).toMatchObject({ accountId: it.owner });
    expect(await memberIn(it, 77, await newBot(it.tenantId, 'test'))).toBeUndefined();
    expect(await memberIn(it, 78)).toBeUndefined();
  });

  it('replaces the earlier one of the member and of the person', async () => {
    const it = await newWorkspace();
    await connect(it, await secretFor(it, it.owner));
    await connect(it, await secretFor(it, it.owner), { telegramId: 78 });
    expect(await memberIn(it, 77)).toBeUndefined();
    await connect(it, await secretFor(it, it.viewer), { telegramId: 78 });
    expect(await memberIn(it, 78)).toEqual({ accountId: it.viewer, role: 'viewer' });
    const listed = await db.inTenant(it.tenantId, (tx) => links.list(tx, undefined, 10, {}));
    expect(listed.map(({ accountId }) => accountId)).toEqual([it.viewer]);
  });

  it('follows the role of the member at each moment', async () => {
    const it = await newWorkspace();
    await connect(it, await secretFor(it, it.owner));
    await owner.query(`update memberships set role = 'support' where account_id = $1`, [it.owner]);
    expect(await memberIn(it)).toMatchObject({ role: 'support' });
    await owner.query('delete from memberships where account_id = $1', [it.owner]);
    expect(await memberIn(it)).toBeUndefined();
  });
});
