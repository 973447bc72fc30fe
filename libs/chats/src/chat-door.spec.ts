import type { TenantTx } from '#libs/database';
import { DAY, HOUR, MINUTE } from '#libs/kernel';
import { TelegramRefused, TelegramUnreachable } from '#libs/telegram';
import type { OpenBot } from '#libs/tenants';
import type { ChatRow } from './chat.entity.js';
import { ChatDoor } from './chat-door.service.js';
import { BuyerKeptOut, ChatClosed } from './chat-refusals.js';

const now = new Date('2026-12-01T00:00:00Z');
const later = (ms: number) => new Date(now.getTime() + ms);
const bot = { tenantId: 'tenant', token: 'token' } as OpenBot;
const usual = {
  tenantId: 'tenant',
  id: 'chat',
  telegramId: -5,
  title: 'VIP',
  type: 'supergroup',
  admission: 'request',
};
const chatOf = (changes: object = {}) => ({ ...usual, joinByRequest: false, ...changes }) as unknown as ChatRow;
const refused = (description: string, code = 400) => new TelegramRefused('call', code, description, undefined);

type Call = (...args: unknown[]) => Promise<unknown>;
const calls = () => ({
  getChatMember: vi.fn<Call>(async () => ({ status: 'left' })),
  approveChatJoinRequest: vi.fn<Call>().mockRejectedValue(refused('HIDE_REQUESTER_MISSING')),
  declineChatJoinRequest: vi.fn<Call>(),
  banChatMember: vi.fn<Call>(),
  unbanChatMember: vi.fn<Call>(),
  revokeChatInviteLink: vi.fn<Call>(),
  createChatInviteLink: vi.fn<Call>(async () => ({ invite_link: 't.me/+new' })),
});

/** Creates a door with a fake chat, buyer and Telegram; by default for an entitled buyer who is outside. */
function doorTo(chat: ChatRow, facts: { access?: object; live?: boolean; grown?: ChatRow } = {}) {
  const access = { id: '0190b5d0-0000-7000-8000-000000000000', state: 'invited', link: null, linkExpiresAt: null };
  const telegram = calls();
  const accesses = {
    entitled: async () => ({ access: { ...access, ...facts.access }, live: facts.live ?? true, paidUntil: later(DAY) }),
    entered: vi.fn<Call>(),
    requested: vi.fn<Call>(),
    keepLink: vi.fn<Call>(async (_tx, _id, made) => (made as { link: string }).link),
  };
  const watch = {
    follow: vi.fn<Call>(async (_chat, error) => ((error as TelegramRefused).migrateTo ? facts.grown : undefined)),
    look: vi.fn<Call>(),
  };
  const db = { inTenant: (_tenantId: string, work: (tx: TenantTx) => unknown) => work({} as TenantTx) };
  const chats = { get: vi.fn<Call>(async () => facts.grown ?? chat) };
  const fakes = [db, { api: () => telegram }, chats, accesses, watch, { now: () => now }] as unknown;
  return { door: new ChatDoor(...(fakes as ConstructorParameters<typeof ChatDoor>)), telegram, accesses, watch };
}
type Door = ReturnType<typeof doorTo>;
const invite = ({ door }: Door) => door.invitation(bot, 'chat', 7);
const member = ({ telegram }: Door, status: string) => telegram.getChatMember.mockResolvedValue({ status });

describe('an invitation', () => {
  it('is over when the access has ended, without a call to Telegram', async () => {
    const it = doorTo(chatOf(), { live: false });
    expect(await invite(it)).toEqual({ title: 'VIP', until: later(DAY), way: 'over' });
    expect(it.telegram.getChatMember).not.toHaveBeenCalled();
  });

  it.each(['member', 'administrator', 'creator'])(
    'reports that a %s is already inside, and records it',
    async (status) => {
      const it = doorTo(chatOf());
      member(it, status);
      expect((await invite(it)).way).toBe('inside');
      expect(it.accesses.entered.mock.calls[0]?.[2]).toEqual({ userId: 7, link: undefined, viaRequest: false });
      expect(it.telegram.approveChatJoinRequest).not.toHaveBeenCalled();
    },
  );

  it('approves the pending request of the person', async () => {
    const it = doorTo(chatOf());
    it.telegram.approveChatJoinRequest.mockResolvedValue(true);
    expect((await invite(it)).way).toBe('inside');
    expect(it.accesses.entered).toHaveBeenCalledTimes(1);
    expect(it.telegram.createChatInviteLink).not.toHaveBeenCalled();
  });

  it('is refused to a person banned by an administrator', async () => {
    const it = doorTo(chatOf());
    member(it, 'kicked');
    await expect(invite(it)).rejects.toThrow(BuyerKeptOut);
    expect(it.telegram.unbanChatMember).not.toHaveBeenCalled();
  });

  it('lifts the ban of a person whose removal had started', async () => {
    const it = doorTo(chatOf(), { access: { state: 'ending' } });
    member(it, 'kicked');
    expect((await invite(it)).way).toEqual({ link: 't.me/+new' });
    expect(it.telegram.unbanChatMember).toHaveBeenCalledWith(-5, 7, { only_if_banned: true });
  });

  it('lifts no ban of a person who is outside when their removal has started', async () => {
    const it = doorTo(chatOf(), { access: { state: 'ending' } });
    await invite(it);
    expect(it.telegram.unbanChatMember).not.toHaveBeenCalled();
  });

  it.each([
    ['a person in too many chats', 'CHANNELS_TOO_MUCH', { joinByRequest: true }, 1],
    ['a chat without requests', 'not enough rights', {}, 0],
  ])('is a link anyway for %s', async (_what, description, changes, requested) => {
    const it = doorTo(chatOf(changes));
    it.telegram.approveChatJoinRequest.mockRejectedValue(refused(description));
    expect((await invite(it)).way).toEqual({ link: 't.me/+new' });
    expect(it.accesses.requested).toHaveBeenCalledTimes(requested);
  });

  it.each([
    ['a banned person', 'USER_KICKED', BuyerKeptOut],
    ['a closed chat with requests', 'not enough rights', ChatClosed],
  ])('fails for %s', async (_what, description, error) => {
    const it = doorTo(chatOf({ joinByRequest: true }));
    it.telegram.approveChatJoinRequest.mockRejectedValue(refused(description));
    await expect(invite(it)).rejects.toThrow(error);
    expect(it.accesses.requested).not.toHaveBeenCalled();
  });
});

describe('the link of an invitation', () => {
  it.each([
    ['has no end', null],
    ['lasts more than an hour', later(HOUR + 1)],
  ])('stays the same while the last one %s', async (_what, linkExpiresAt) => {
    const it = doorTo(chatOf(), { access: { link: 't.me/+old', linkExpiresAt } });
    expect((await invite(it)).way).toEqual({ link: 't.me/+old' });
    expect(it.telegram.createChatInviteLink).not.toHaveBeenCalled();
  });

  it('is replaced in the last hour of the previous one', async () => {
    const it = doorTo(chatOf(), { access: { link: 't.me/+old', linkExpiresAt: later(HOUR) } });
    expect((await invite(it)).way).toEqual({ link: 't.me/+new' });
    expect(it.accesses.keepLink.mock.calls[0]?.[2]).toEqual({
      link: 't.me/+new',
      expiresAt: null,
      former: 't.me/+old',
    });
  });

  it('requires a request to join, or works once within a day', async () => {
    const [asking, single] = [doorTo(chatOf()), doorTo(chatOf({ admission: 'single_use' }))];
    await Promise.all([invite(asking), invite(single)]);
    const name = expect.stringMatching(/^cha_/) as unknown;
    const terms = { name, creates_join_request: true };
    expect(asking.telegram.createChatInviteLink).toHaveBeenCalledWith(-5, terms);
    const once = { name, member_limit: 1, expire_date: later(DAY).getTime() / 1_000 };
    expect(single.telegram.createChatInviteLink).toHaveBeenCalledWith(-5, once);
    expect(single.accesses.keepLink.mock.calls[0]?.[2]).toMatchObject({ expiresAt: later(DAY) });
  });

  it.each([
    ['another one was made at the same time', 't.me/+other', { link: 't.me/+other' }],
    ['the access has ended in the meantime', undefined, 'over'],
  ])('is revoked when it is not kept: %s', async (_why, kept, way) => {
    const it = doorTo(chatOf());
    it.accesses.keepLink.mockResolvedValue(kept);
    expect((await invite(it)).way).toEqual(way);
    expect(it.telegram.revokeChatInviteLink).toHaveBeenCalledWith(-5, 't.me/+new');
  });

  it('is not revoked when it is kept', async () => {
    const it = doorTo(chatOf());
    await invite(it);
    expect(it.telegram.revokeChatInviteLink).not.toHaveBeenCalled();
  });

  it('counts as revoked when it no longer works, and other failures are reported', async () => {
    const { door, telegram } = doorTo(chatOf());
    for (const gone of ['INVITE_HASH_EXPIRED', 'INVITE_HASH_INVALID']) {
      telegram.revokeChatInviteLink.mockRejectedValueOnce(refused(gone));
      await door.revoke(bot, chatOf(), 't.me/+old');
    }
    telegram.revokeChatInviteLink.mockRejectedValueOnce(refused('not enough rights'));
    await expect(door.revoke(bot, chatOf(), 't.me/+old')).rejects.toThrow(ChatClosed);
  });
});

describe('an admission', () => {
  it.each([
    ['USER_ALREADY_PARTICIPANT', true],
    ['HIDE_REQUESTER_MISSING', false],
    ['INVITE_HASH_EXPIRED', false],
    ['INVITE_HASH_INVALID', false],
  ])('answered with %s has let the person in: %j', async (description, isIn) => {
    const { door, telegram } = doorTo(chatOf());
    telegram.approveChatJoinRequest.mockRejectedValue(refused(description));
    expect(await door.admit(bot, chatOf(), 7)).toBe(isIn);
  });

  it.each([
    ['of a banned person', refused('USER_KICKED'), BuyerKeptOut, 0],
    ['without rights', refused('not enough rights'), ChatClosed, 1],
    ['to a chat that is gone', refused('chat not found'), ChatClosed, 1],
    ['without an answer', new TelegramUnreachable('call', 'timeout'), TelegramUnreachable, 0],
    ['above the rate limit', new TelegramRefused('call', 429, 'Too Many Requests', 3), TelegramRefused, 0],
    ['by a bot without a token', refused('Unauthorized', 401), TelegramRefused, 0],
  ])('%s fails, and the chat is checked if Telegram refuses it', async (_what, said, error, looks) => {
    const it = doorTo(chatOf());
    it.telegram.approveChatJoinRequest.mockRejectedValue(said);
    await expect(it.door.admit(bot, chatOf(), 7)).rejects.toThrow(error);
    expect(it.watch.look).toHaveBeenCalledTimes(looks);
  });

  it('is made at once in the supergroup that a group has become', async () => {
    const grown = chatOf({ telegramId: -100 });
    const it = doorTo(chatOf(), { grown });
    it.telegram.approveChatJoinRequest
      .mockRejectedValueOnce(new TelegramRefused('call', 400, 'group upgraded', undefined, -100))
      .mockResolvedValueOnce(true);
    expect(await it.door.admit(bot, chatOf(), 7)).toBe(true);
    expect(it.telegram.approveChatJoinRequest.mock.calls).toEqual([
      [-5, 7],
      [-100, 7],
    ]);
    expect(it.watch.look).not.toHaveBeenCalled();
  });
});

describe('a refusal of a request', () => {
  it('ignores an answered request, and reports a missing answer from Telegram', async () => {
    const { door, telegram } = doorTo(chatOf());
    telegram.declineChatJoinRequest.mockRejectedValueOnce(refused('HIDE_REQUESTER_MISSING'));
    await door.decline(bot, chatOf(), 7);
    telegram.declineChatJoinRequest.mockRejectedValueOnce(new TelegramUnreachable('call', 'timeout'));
    await expect(door.decline(bot, chatOf(), 7)).rejects.toThrow(TelegramUnreachable);
  });
});

describe('the presence of a person', () => {
  it('is out for an erased buyer, without a call', async () => {
    const { door, telegram } = doorTo(chatOf());
    expect(await door.presence(bot, chatOf(), -1)).toBe('out');
    expect(telegram.getChatMember).not.toHaveBeenCalled();
  });

  it.each(['Bad Request: user not found', 'PARTICIPANT_ID_INVALID', 'member not found'])(
    'is out when Telegram says %s',
    async (description) => {
      const { door, telegram } = doorTo(chatOf());
      telegram.getChatMember.mockRejectedValue(refused(description));
      expect(await door.presence(bot, chatOf(), 7)).toBe('out');
    },
  );

  it('is unknown when Telegram refuses to answer', async () => {
    const { door, telegram } = doorTo(chatOf());
    telegram.getChatMember.mockRejectedValue(refused('CHAT_ADMIN_REQUIRED'));
    await expect(door.presence(bot, chatOf(), 7)).rejects.toThrow(ChatClosed);
  });
});

describe('a removal', () => {
  it('is a ban of five minutes that is lifted at once', async () => {
    const { door, telegram } = doorTo(chatOf());
    await door.remove(bot, chatOf(), 7);
    const until = later(5 * MINUTE).getTime() / 1_000;
    expect(telegram.banChatMember).toHaveBeenCalledWith(-5, 7, { until_date: until });
    expect(telegram.unbanChatMember).toHaveBeenCalledWith(-5, 7, { only_if_banned: true });
  });

  it('lifts no ban in a basic group', async () => {
    const group = chatOf({ type: 'group' });
    const { door, telegram } = doorTo(group);
    await door.remove(bot, group, 7);
    expect(telegram.unbanChatMember).not.toHaveBeenCalled();
  });

  it('is lifted in the supergroup that a group has become', async () => {
    const { door, telegram } = doorTo(chatOf({ type: 'group' }), { grown: chatOf({ telegramId: -100 }) });
    await door.remove(bot, chatOf({ type: 'group' }), 7);
    expect(telegram.unbanChatMember).toHaveBeenCalledWith(-100, 7, { only_if_banned: true });
  });
});
