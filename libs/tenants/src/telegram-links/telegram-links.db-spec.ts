import type { DataSource } from 'typeorm';
import type { Database } from '#libs/database';
import { JobStore } from '#libs/journal';
import { DAY, newUuid } from '#libs/kernel';
import { openAsOwner, openTestDatabase } from '../../../../test/support/database.js';
import { waiting, whileHeld } from '../../../../test/support/locks.js';
import { workspaceOf } from '../../../../test/support/people.js';
import { quotasAt } from '../../../../test/support/quotas.js';
import { BotNotInState } from '../bots/bot-refusals.js';
import { BotStore } from '../bots/bot.store.js';
import { RoleNotYours } from '../members/member.js';
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

describe('a link code', () => {
  it('works until the last millisecond of ten minutes, and not after', async () => {
    const it = await newWorkspace();
    const secret = await secretFor(it, it.owner);
    later(CODE_LIFETIME);
    expect(await connect(it, secret)).toBeUndefined();
    later(-1);
    expect(await connect(it, secret)).toMatchObject({ telegramId: 77, accountId: it.owner, role: 'owner' });
  });

  it('links one person, even if several send it concurrently', async () => {
    const it = await newWorkspace();
    const secret = await secretFor(it, it.owner);
    const all = await Promise.all([1, 2, 3, 4].map((telegramId) => connect(it, secret, { telegramId })));
    expect(all.filter((link) => link !== undefined)).toHaveLength(1);
  });

  it('does not work if another person uses it at the same moment', async () => {
    const it = await newWorkspace();
    const secret = await secretFor(it, it.owner);
    const used = `update telegram_links set linked_at = $2, telegram_id = 5, name = 'Eve' where tenant_id = $1`;
    const late = await whileHeld(
      owner,
      [used, [it.tenantId, now]],
      async (release) => {
        const connecting = connect(it, secret);
        await waiting(owner, '%telegram_links%');
        await release();
        return connecting;
      },
      'commit',
    );
    expect(late).toBeUndefined();
    expect(await memberIn(it)).toBeUndefined();
  });

  it('works once, and not after a newer one was created', async () => {
    const it = await newWorkspace();
    const [first, second] = [await secretFor(it, it.owner), await secretFor(it, it.owner)];
    expect(await connect(it, first)).toBeUndefined();
    expect(await connect(it, second)).toBeDefined();
    expect(await connect(it, second, { telegramId: 78 })).toBeUndefined();
  });

  it('keeps the time at which it was replaced when further codes are made', async () => {
    const it = await newWorkspace();
    const endings = async () =>
      (
        await owner.query<{ ended_at: Date | null }[]>(
          'select ended_at from telegram_links where tenant_id = $1 order by id',
          [it.tenantId],
        )
      ).map(({ ended_at }) => ended_at);
    await secretFor(it, it.owner);
    later(1_000);
    const second = now;
    await secretFor(it, it.owner);
    later(1_000);
    await secretFor(it, it.owner);
    expect(await endings()).toEqual([second, now, null]);
  });

  it('is listed while it works', async () => {
    const it = await newWorkspace();
    const listed = () => db.inTenant(it.tenantId, (tx) => links.list(tx, it.owner, 10, {}));
    await secretFor(it, it.owner);
    await secretFor(it, it.owner);
    await secretFor(it, it.viewer);
    later(CODE_LIFETIME - 1);
    expect(await listed()).toHaveLength(1);
    later(1);
    expect(await listed()).toEqual([]);
  });

  it('is refused for a bot that cannot answer', async () => {
    const it = await newWorkspace();
    const code = () => secretFor(it, it.owner);
    const becomes = (state: string) =>
      owner.query(
        `update bots set state = $2, removing_since = case when $2 = 'removing' then now() end where id = $1`,
        [it.botId, state],
      );
    await becomes('paused');
    await code();
    for (const state of ['token_invalid', 'removing']) {
      await becomes(state);
      await expect(code()).rejects.toThrow(BotNotInState);
    }
    await becomes('active');
  });

  it('is stored only as a hash, and works only for its bot and workspace', async () => {
    const [it, other] = [await newWorkspace(), await newWorkspace()];
    const secret = await secretFor(it, it.owner);
    const rows: unknown[] = await owner.query('select l::text from telegram_links l where tenant_id = $1', [
      it.tenantId,
    ]);
    expect(JSON.stringify(rows)).not.toContain(secret);
    expect(await connect(it, secret, { botId: await newBot(it.tenantId) })).toBeUndefined();
    expect(await connect(other, secret)).toBeUndefined();
  });

  it('does not work for someone who has left', async () => {
    const it = await newWorkspace();
    const secret = await secretFor(it, it.viewer);
    await owner.query('delete from memberships where account_id = $1', [it.viewer]);
    expect(await connect(it, secret)).toBeUndefined();
  });

  it('is refused beyond five in ten minutes, even for concurrent requests', async () => {
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
  it('is valid for every bot of its environment; the same id in another environment is another person', async () => {
    const it = await newWorkspace();
    await connect(it, await secretFor(it, it.owner));
    expect(await memberIn(it, 77, await newBot(it.tenantId))).toMatchObject({ accountId: it.owner });
    expect(await memberIn(it, 77, await newBot(it.tenantId, 'test'))).toBeUndefined();
    expect(await memberIn(it, 78)).toBeUndefined();
  });

  it('replaces earlier links of the member and of the person', async () => {
    const it = await newWorkspace();
    await connect(it, await secretFor(it, it.owner));
    await connect(it, await secretFor(it, it.owner), { telegramId: 78 });
    expect(await memberIn(it, 77)).toBeUndefined();
    await connect(it, await secretFor(it, it.viewer), { telegramId: 78 });
    expect(await memberIn(it, 78)).toEqual({ accountId: it.viewer, role: 'viewer' });
    const listed = await db.inTenant(it.tenantId, (tx) => links.list(tx, undefined, 10, {}));
    expect(listed.map(({ accountId }) => accountId)).toEqual([it.viewer]);
  });

  it('is ended once, by its member or by those who manage them', async () => {
    const it = await newWorkspace();
    const { id } = (await connect(it, await secretFor(it, it.owner))) ?? { id: '' };
    const end = (accountId: string, role: 'owner' | 'viewer') =>
      db.inTenant(it.tenantId, (tx) => links.end(tx, { accountId, role }, id));
    const endedAt = async () => (await db.inTenant(it.tenantId, (tx) => links.get(tx, id))).endedAt;
    await expect(end(it.viewer, 'viewer')).rejects.toThrow(RoleNotYours);
    expect(await endedAt()).toBeNull();
    await end(it.owner, 'owner');
    const first = now;
    later(1_000);
    await end(it.owner, 'owner');
    expect(await endedAt()).toEqual(first);
    expect(await memberIn(it)).toBeUndefined();
  });

  it('keeps its end when its member and its person make other links', async () => {
    const it = await newWorkspace();
    const { id } = (await connect(it, await secretFor(it, it.owner))) ?? { id: '' };
    const first = now;
    await connect(it, await secretFor(it, it.owner), { telegramId: 78 });
    later(1_000);
    await connect(it, await secretFor(it, it.owner));
    expect((await db.inTenant(it.tenantId, (tx) => links.get(tx, id))).endedAt).toEqual(first);
  });

  it('is not ended by a link in the other environment', async () => {
    const it = await newWorkspace();
    const test = await newBot(it.tenantId, 'test');
    await connect(it, await secretFor(it, it.owner));
    await connect(it, await secretFor(it, it.owner, test), { botId: test, environment: 'test' });
    expect(await memberIn(it)).toMatchObject({ accountId: it.owner });
    expect(await memberIn(it, 77, test)).toMatchObject({ accountId: it.owner });
  });

  it('updates the menus of the bots in which it was made and replaced; a code alone updates none', async () => {
    const it = await newWorkspace();
    const other = await newBot(it.tenantId);
    const menus = async () => {
      const found = await owner.query<{ subject: string }[]>(
        `delete from jobs where tenant_id = $1 and kind = 'bot.menu' returning subject`,
        [it.tenantId],
      );
      return found
        .flat()
        .map(({ subject }) => subject)
        .filter(Boolean)
        .toSorted();
    };
    const secret = await secretFor(it, it.owner);
    const [code] = await db.inTenant(it.tenantId, (tx) => links.list(tx, undefined, 1, {}));
    expect(await menus()).toEqual([]);
    const link = await connect(it, secret);
    expect(await menus()).toEqual([it.botId]);
    await connect(it, await secretFor(it, it.owner, other), { botId: other });
    expect(await menus()).toEqual([it.botId, other].toSorted());
    const end = (id = '') =>
      db.inTenant(it.tenantId, (tx) => links.end(tx, { accountId: it.owner, role: 'owner' }, id));
    await end(link?.id);
    expect(await menus()).toEqual([it.botId]);
    await secretFor(it, it.viewer);
    const [unused] = await db.inTenant(it.tenantId, (tx) => links.list(tx, it.viewer, 1, {}));
    expect(unused?.id).not.toBe(code?.id);
    await end(unused?.id);
    expect(await menus()).toEqual([]);
  });

  it('has a menu in its chat, which is removed within a week of its end', async () => {
    const it = await newWorkspace();
    const chats = () => db.inTenant(it.tenantId, (tx) => links.chatsOf(tx, it.botId));
    const link = await connect(it, await secretFor(it, it.owner));
    await secretFor(it, it.viewer);
    expect(await chats()).toEqual([{ telegramId: 77, role: 'owner' }]);
    await db.inTenant(it.tenantId, (tx) => links.end(tx, { accountId: it.owner, role: 'owner' }, link?.id ?? ''));
    later(7 * DAY - 1);
    expect(await chats()).toEqual([{ telegramId: 77, role: undefined }]);
    later(1);
    expect(await chats()).toEqual([]);
  });

  it('follows the current role of the member', async () => {
    const it = await newWorkspace();
    await connect(it, await secretFor(it, it.owner));
    await owner.query(`update memberships set role = 'support' where account_id = $1`, [it.owner]);
    expect(await memberIn(it)).toMatchObject({ role: 'support' });
    await owner.query('delete from memberships where account_id = $1', [it.owner]);
    expect(await memberIn(it)).toBeUndefined();
  });
});
