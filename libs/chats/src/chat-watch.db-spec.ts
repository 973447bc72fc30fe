import type { DataSource } from 'typeorm';
import type { Database } from '#libs/database';
import { DAY, HOUR, newUuid } from '#libs/kernel';
import { type Telegram, TelegramRefused, TelegramUnreachable } from '#libs/telegram';
import type { BotDirectory, OpenBot } from '#libs/tenants';
import { openAsOwner, openTestDatabase } from '../../../test/support/database.js';
import { whileHeld } from '../../../test/support/locks.js';
import { openShop, salesServices, telegramId } from '../../../test/support/shop.js';
import { rightsOf } from './chat.js';
import { ChatWatch } from './chat-watch.service.js';

let db: Database;
let source: DataSource;
let owner: DataSource;
let now: Date;
const later = (ms: number) => {
  now = new Date(now.getTime() + ms);
};
const { chats } = salesServices();

beforeAll(async () => {
  ({ db, source } = await openTestDatabase());
  owner = await openAsOwner();
});
afterAll(() => Promise.all([source.destroy(), owner.destroy()]));
beforeEach(() => {
  now = new Date();
  return owner.query(`update chats set look_due_at = now() + interval '100 days'`);
});

const administrator = { status: 'administrator', can_invite_users: true, can_restrict_members: true };
const refused = (description: string, migrateTo?: number, code = 400) =>
  new TelegramRefused('call', code, description, undefined, migrateTo);

type Call = (...args: unknown[]) => Promise<unknown>;

/** Creates a chat whose check is due, and a watch with a Telegram that reports no problem. */
async function openChat() {
  const [shop, number] = [await openShop(db), telegramId()];
  const told = { telegramId: -number, type: 'group' as const, title: 'VIP', username: null };
  const id = await shop.in(async (tx) => {
    await chats.heard(tx, shop.botId, told, rightsOf(administrator), now);
    return (await chats.find(tx, shop.botId, -number))?.id ?? '';
  });
  await owner.query('update chats set look_due_at = $2 where id = $1', [id, now]);
  const telegram = {
    getChatMember: vi.fn<Call>(async () => administrator),
    getChat: vi.fn<Call>(async () => ({ title: 'Seen' })),
    getChatMemberCount: vi.fn<Call>(async () => 9),
  };
  const bot = { tenantId: shop.tenantId, botId: shop.botId, token: 'token', telegramId: 77, state: 'active' };
  const directory = { open: vi.fn<Call>(async () => bot as unknown as OpenBot) };
  const watch = new ChatWatch(
    db,
    chats,
    directory as unknown as BotDirectory,
    { api: () => telegram } as unknown as Telegram,
    { now: () => now },
  );
  const chat = () => shop.in((tx) => chats.get(tx, id));
  const look = () => watch.look(shop.tenantId, id);
  return { shop, id, number: -number, telegram, directory, bot, watch, chat, look };
}

describe('a round of checks', () => {
  it('checks a chat when it is due, and again after exactly an hour', async () => {
    const it = await openChat();
    later(-1);
    expect(await it.watch.round()).toBe(0);
    later(1);
    expect(await it.watch.round()).toBe(1);
    expect(it.telegram.getChatMember).toHaveBeenCalledWith(it.number, 77);
    expect(await it.chat()).toMatchObject({ title: 'Seen', memberCount: 9, lookedAt: now });
    later(HOUR - 1);
    expect(await it.watch.round()).toBe(0);
    later(1);
    expect(await it.watch.round()).toBe(1);
  });

  it.each([
    ['active', 1],
    ['paused', 1],
    ['token_invalid', 0],
    ['removed', 0],
  ])('for a bot that is %s checks %d chats, then waits until they are due again', async (state, checked) => {
    const it = await openChat();
    await owner.query('update bots set state = $2 where id = $1', [it.shop.botId, state]);
    expect(await it.watch.round()).toBe(checked);
    expect(it.telegram.getChat).toHaveBeenCalledTimes(checked);
    await owner.query(`update bots set state = 'active' where id = $1`, [it.shop.botId]);
    expect(await it.watch.round()).toBe(0);
  });

  it('leaves chats to the process that has claimed them', async () => {
    const it = await openChat();
    const claim = ['select from chats where id = $1 for update', [it.id]] as const;
    expect(await whileHeld(owner, claim, () => it.watch.round())).toBe(0);
    expect(await it.watch.round()).toBe(1);
  });

  it("is brought forward by the bot's traffic, only for its own chats, and never delayed", async () => {
    const [busy, idle] = [await openChat(), await openChat()];
    const due = async ({ id }: { id: string }) =>
      (await owner.query('select look_due_at - looked_at as wait from chats where id = $1', [id]))[0].wait;
    for (const { id } of [busy, idle])
      await owner.query('update chats set looked_at = $2, look_due_at = $3 where id = $1', [
        id,
        now,
        new Date(now.getTime() + DAY),
      ]);
    const note = () =>
      db.inPlatform('a test', (tx) =>
        busy.watch.noteActive(tx, [{ tenantId: busy.shop.tenantId, botId: busy.shop.botId }]),
      );
    await note();
    expect(await due(busy)).toMatchObject({ hours: 1 });
    expect(await due(idle)).toMatchObject({ days: 1 });
    await owner.query(`update chats set look_due_at = looked_at + interval '5 minutes' where id = $1`, [busy.id]);
    await note();
    expect(await due(busy)).toMatchObject({ minutes: 5 });
  });
});

describe('a check', () => {
  it.each([
    ['was removed', 'Forbidden: bot was kicked from the group chat', 403],
    ['asks about a chat that no longer exists', 'Bad Request: chat not found', 400],
    ['is refused for another reason', 'Bad Request: PARTICIPANT_ID_INVALID', 400],
  ])('finds no rights when the bot %s', async (_what, description, code) => {
    const it = await openChat();
    it.telegram.getChatMember.mockRejectedValue(refused(description, undefined, code));
    expect(await it.look()).toMatchObject({ standing: 'left', canInvite: false, canRemove: false });
  });

  it.each([
    ['does not answer', new TelegramUnreachable('call', 'timeout')],
    ['asks to wait', new TelegramRefused('call', 429, 'Too Many Requests', 3)],
    ['has a failure', refused('Internal Server Error', undefined, 500)],
    ['refuses the token', refused('Unauthorized', undefined, 401)],
  ])('changes nothing when Telegram %s', async (_what, error) => {
    const it = await openChat();
    it.telegram.getChatMember.mockRejectedValue(error);
    expect(await it.look()).toMatchObject({ standing: 'administrator', canInvite: true, title: 'VIP' });
  });

  it('is skipped for a removed bot and for a bot without a working token', async () => {
    const it = await openChat();
    it.directory.open.mockResolvedValueOnce(undefined);
    await it.look();
    it.directory.open.mockResolvedValueOnce({ ...it.bot, state: 'token_invalid' });
    await it.look();
    expect(it.telegram.getChatMember).not.toHaveBeenCalled();
  });

  it('follows a group that became a supergroup, and checks the supergroup', async () => {
    const it = await openChat();
    const grown = -1_000_000_000_000 + it.number;
    it.telegram.getChatMember.mockRejectedValueOnce(refused('group chat was upgraded', grown));
    expect(await it.look()).toMatchObject({ telegramId: grown, type: 'supergroup', title: 'Seen' });
    expect(it.telegram.getChatMember.mock.calls).toEqual([
      [it.number, 77],
      [grown, 77],
    ]);
  });

  it('learns nothing from a failed call except an upgrade', async () => {
    const it = await openChat();
    const chat = await it.chat();
    expect(await it.watch.follow(chat, new Error('broken'))).toBeUndefined();
    expect(await it.watch.follow(chat, refused('not enough rights'))).toBeUndefined();
    // An impossible number is ignored.
    expect(await it.watch.follow(chat, refused('upgraded', it.number))).toBeUndefined();
    const grown = -1_000_000_000_000 + it.number;
    expect(await it.watch.follow(chat, refused('upgraded', grown))).toMatchObject({ id: it.id, telegramId: grown });
  });

  it('is refused for another workspace', async () => {
    const [it, other] = [await openChat(), await openShop(db)];
    await expect(it.watch.look(other.tenantId, it.id)).rejects.toThrow('no such chat');
    await expect(it.watch.look(other.tenantId, newUuid())).rejects.toThrow('no such chat');
  });
});
