import { invoice, openStage, type Stage } from './support.js';

const DAY = 86_400;
const INVITER = { status: 'administrator', rights: { can_invite_users: true, can_restrict_members: true } } as const;

let stage: Stage;
let owner: { readonly id: number };
beforeEach(async () => {
  stage = await openStage();
  owner = await stage.client.createUser({ first_name: 'Olga' });
  await stage.call('getUpdates', { offset: -1, allowed_updates: ALL });
  await stage.call('getUpdates', { offset: 1_000_000_000 });
});
afterEach(() => stage.close());

const ALL = ['message', 'channel_post', 'my_chat_member', 'chat_member', 'chat_join_request'];

/** Opens a private chat with the bot as an administrator that can invite and remove members. */
async function openChat(type: 'supergroup' | 'channel' = 'supergroup') {
  const { id } = await stage.client.createSharedChat({ type, title: 'VIP', ownerId: owner.id });
  await stage.client.setMember(id, stage.bot.id, INVITER);
  return id;
}

/** Returns the updates for the bot since the last call. */
async function updates(): Promise<Record<string, unknown>[]> {
  const { result } = await stage.call('getUpdates');
  const list = result as ({ update_id: number } & Record<string, unknown>)[];
  await stage.call('getUpdates', { offset: (list.at(-1)?.update_id ?? 0) + 1 });
  return list;
}

const status = async (chat_id: number, user_id = stage.buyer.id) =>
  (await stage.call('getChatMember', { chat_id, user_id })).result;

async function link(chat_id: number, terms: object = {}): Promise<string> {
  const { result } = await stage.call('createChatInviteLink', { chat_id, ...terms });
  return (result as { invite_link: string }).invite_link;
}

describe('a bot in a chat', () => {
  it('shows members and administrators the commands of the narrowest matching scope, in its language', async () => {
    const { client, call, buyer, bot } = stage;
    const { id } = await client.createSharedChat({ type: 'supergroup', title: 'Friends', ownerId: owner.id });
    await client.setMember(id, bot.id, { status: 'member' });
    await client.setMember(id, buyer.id, { status: 'member' });
    const shown = async (userId: number) => (await client.sharedChat(id, userId)).commands;
    const set = (description: string, scope: object = {}) =>
      call('setMyCommands', { commands: [{ command: 'do', description }], ...scope });
    const username = (await client.bots()).find((each) => each.id === bot.id)?.username;
    const all = (description: string) => [{ command: `do@${username}`, description }];
    await set('in private', { scope: { type: 'all_private_chats' } });
    expect(await shown(buyer.id)).toEqual([]);
    await set('everywhere');
    expect(await shown(buyer.id)).toEqual(all('everywhere'));
    await set('in groups', { scope: { type: 'all_group_chats' } });
    await set('for those who rule', { scope: { type: 'all_chat_administrators' } });
    expect(await shown(buyer.id)).toEqual(all('in groups'));
    expect(await shown(owner.id)).toEqual(all('for those who rule'));
    await set('here', { scope: { type: 'chat', chat_id: id } });
    expect(await shown(owner.id)).toEqual(all('here'));
    await set('for you', { scope: { type: 'chat_member', chat_id: id, user_id: buyer.id } });
    expect(await shown(buyer.id)).toEqual(all('for you'));
    await call('deleteMyCommands', { scope: { type: 'chat', chat_id: id } });
    expect(await shown(owner.id)).toEqual(all('for those who rule'));
  });

  it('is notified when it becomes an administrator, and when it loses rights', async () => {
    const chatId = await openChat('channel');
    await stage.client.setMember(chatId, stage.bot.id, { status: 'administrator', rights: {} });
    const changes = (await updates()) as { my_chat_member: { old_chat_member: object; new_chat_member: object } }[];
    expect(changes).toMatchObject([
      {
        my_chat_member: {
          chat: { id: chatId, type: 'channel', title: 'VIP' },
          from: { first_name: 'Olga' },
          old_chat_member: { status: 'left' },
          new_chat_member: { status: 'administrator', can_manage_chat: true, can_invite_users: true },
        },
      },
      { my_chat_member: { new_chat_member: { status: 'administrator', can_invite_users: false } } },
    ]);
    expect(await stage.call('createChatInviteLink', { chat_id: chatId })).toMatchObject({
      description: 'Bad Request: not enough rights to manage chat invite link',
    });
  });

  it('can read the chat, its administrators and its members', async () => {
    const chat_id = await openChat();
    expect((await stage.call('getChat', { chat_id })).result).toMatchObject({
      id: chat_id,
      type: 'supergroup',
      title: 'VIP',
      accent_color_id: 0,
      max_reaction_count: 11,
      accepted_gift_types: { unlimited_gifts: true },
    });
    expect((await stage.call('getChatAdministrators', { chat_id })).result).toMatchObject([
      { user: { id: owner.id }, status: 'creator', is_anonymous: false },
      { user: { id: stage.bot.id }, status: 'administrator', can_invite_users: true, can_post_stories: false },
    ]);
    expect(await status(chat_id)).toEqual({ user: expect.objectContaining({ id: stage.buyer.id }), status: 'left' });
  });

  it.each([
    ['is banned', { status: 'kicked' } as const, 403, 'Forbidden: bot was kicked from the supergroup chat'],
    ['has left', { status: 'left' } as const, 403, 'Forbidden: bot is not a member of the supergroup chat'],
  ])('cannot write once it %s', async (_how, standing, error_code, description) => {
    const chat_id = await openChat();
    await stage.client.setMember(chat_id, stage.bot.id, standing);
    expect(await stage.call('sendMessage', { chat_id, text: 'hi' })).toMatchObject({ error_code, description });
  });

  it('can post a Buy button to a channel if it has the right to post', async () => {
    const chat_id = await openChat('channel');
    const reply_markup = { inline_keyboard: [[{ text: 'Buy', url: 'https://t.me/star_shop_bot?start=buy_guide' }]] };
    const post = { chat_id, text: 'New guide', reply_markup };
    expect(await stage.call('sendMessage', post)).toMatchObject({
      description: 'Bad Request: not enough rights to send text messages to the chat',
    });
    await stage.client.setMember(chat_id, stage.bot.id, {
      status: 'administrator',
      rights: { can_post_messages: true },
    });
    const { result } = await stage.call('sendMessage', post);
    expect(result).toMatchObject({ sender_chat: { id: chat_id }, chat: { type: 'channel' }, reply_markup });
    expect(result).not.toHaveProperty('from');
    expect((await stage.client.sharedChat(chat_id)).messages).toMatchObject([{ text: 'New guide' }]);
  });

  it('can sell in a group to anyone who presses Pay', async () => {
    const { client, call, buyer } = stage;
    const chat_id = await openChat();
    await client.topUp(buyer.id, 50);
    await call('getUpdates', { allowed_updates: [...ALL, 'pre_checkout_query'] });
    const { result } = await call('sendInvoice', invoice(chat_id));
    const payment = client.payIn(chat_id, buyer.id, (result as { message_id: number }).message_id);
    let query: { id: string } | undefined;
    for (let turn = 0; turn < 50 && query === undefined; turn += 1) {
      const found = (await updates()).find(({ pre_checkout_query }) => pre_checkout_query !== undefined);
      query = found?.['pre_checkout_query'] as { id: string } | undefined;
    }
    await call('answerPreCheckoutQuery', { pre_checkout_query_id: query?.id, ok: true });
    expect(await payment).toMatchObject({ status: 'paid' });
    expect((await client.chat(stage.chat)).messages.at(-1)).toMatchObject({ successful_payment: { total_amount: 50 } });
  });

  it('receives commands and service messages in a group, and everything as an administrator', async () => {
    const { client, bot, buyer } = stage;
    const { id } = await client.createSharedChat({ type: 'group', title: 'Friends', ownerId: owner.id });
    await client.setMember(id, bot.id, { status: 'member' });
    await client.setMember(id, buyer.id, { status: 'member' });
    await updates();
    for (const text of ['hello', '/shop', '/shop@other_bot', '/shop@star_shop_bot']) {
      await client.post(id, buyer.id, text);
    }
    expect(await updates()).toMatchObject([
      { message: { text: '/shop' } },
      { message: { text: '/shop@star_shop_bot' } },
    ]);
    await client.setMember(id, bot.id, { status: 'administrator', rights: {} });
    await client.post(id, buyer.id, 'hello again');
    expect((await updates()).at(-1)).toMatchObject({ message: { text: 'hello again', chat: { id, type: 'group' } } });
  });

  it('is told the new id when a group becomes a supergroup', async () => {
    const { client, call, bot } = stage;
    const { id } = await client.createSharedChat({ type: 'group', title: 'Friends', ownerId: owner.id });
    await client.setMember(id, bot.id, { status: 'member' });
    const grown = await client.upgradeGroup(id);
    expect(await call('sendMessage', { chat_id: id, text: 'hi' })).toEqual({
      ok: false,
      error_code: 400,
      description: 'Bad Request: group chat was upgraded to a supergroup chat',
      parameters: { migrate_to_chat_id: grown.id },
    });
    expect(await call('sendMessage', { chat_id: grown.id, text: 'hi' })).toMatchObject({ ok: true });
  });

  it.each([
    ['message', ['migrate_to_chat_id', 'migrate_from_chat_id', 'my_chat_member']],
    ['membership', ['my_chat_member', 'migrate_to_chat_id', 'migrate_from_chat_id']],
  ] as const)('is notified of an upgrade, the %s first', async (first, heard) => {
    const { client, call, bot } = stage;
    const { id } = await client.createSharedChat({ type: 'group', title: 'Friends', ownerId: owner.id });
    await client.setMember(id, bot.id, { status: 'administrator', rights: { can_invite_users: true } });
    const { result: before } = (await call('getUpdates', { limit: 100 })) as { result: { update_id: number }[] };
    const offset = (before.at(-1)?.update_id ?? 0) + 1;
    const grown = await client.upgradeGroup(id, { first });
    const { result } = (await call('getUpdates', { offset })) as { result: Record<string, Record<string, unknown>>[] };
    const kinds = result.map(({ message, my_chat_member: member }) =>
      member === undefined ? Object.keys(message ?? {}).find((key) => key.startsWith('migrate')) : 'my_chat_member',
    );
    expect(kinds).toEqual(heard);
    expect(result.find((update) => update['my_chat_member'])?.['my_chat_member']).toMatchObject({
      chat: { id: grown.id, type: 'supergroup' },
      old_chat_member: { status: 'left' },
      new_chat_member: { status: 'administrator', can_invite_users: true },
    });
  });
});

describe('a person', () => {
  it('cannot join a private chat without a link, nor make themselves an administrator', async () => {
    const { client, buyer } = stage;
    const chatId = await openChat();
    for (const standing of [{ status: 'member' } as const, { status: 'administrator', rights: {} } as const]) {
      await expect(client.setMember(chatId, buyer.id, { ...standing, byId: buyer.id })).rejects.toThrow(
        'Ada is not an administrator here.',
      );
    }
    const open = await client.createSharedChat({
      type: 'supergroup',
      title: 'All',
      username: 'all_friends',
      ownerId: owner.id,
    });
    await client.setMember(open.id, buyer.id, { status: 'member', byId: buyer.id });
    await client.setMember(open.id, stage.bot.id, { status: 'member' });
    expect(await stage.call('sendMessage', { chat_id: '@all_friends', text: 'hi' })).toMatchObject({ ok: true });
    expect((await client.setMember(open.id, buyer.id, { status: 'left', byId: buyer.id })).members).toContainEqual(
      expect.objectContaining({ status: 'left' }),
    );
  });
});

describe('an invite link', () => {
  it('admits people up to its limit, until it expires or is revoked', async () => {
    const { client, call, buyer } = stage;
    const chat_id = await openChat();
    const single = await link(chat_id, { member_limit: 1, name: 'Order 7' });
    await updates();
    expect(await client.join(buyer.id, single)).toMatchObject({ status: 'joined' });
    expect((await updates()).find(({ chat_member }) => chat_member !== undefined)).toMatchObject({
      chat_member: {
        from: { id: buyer.id },
        old_chat_member: { status: 'left' },
        new_chat_member: { status: 'member' },
        invite_link: { invite_link: single, name: 'Order 7', member_limit: 1, creates_join_request: false },
      },
    });
    await expect(client.join((await client.createUser({ first_name: 'Bob' })).id, single)).rejects.toThrow('expired');

    const now = Math.floor((await client.now()).getTime() / 1_000);
    const timed = await link(chat_id, { expire_date: now + 60 });
    await client.advance(61);
    const carl = await client.createUser({ first_name: 'Carl' });
    await expect(client.join(carl.id, timed)).rejects.toThrow('expired');

    const open = await link(chat_id);
    expect(await call('revokeChatInviteLink', { chat_id, invite_link: open })).toMatchObject({
      result: { is_revoked: true },
    });
    await expect(client.join(carl.id, open)).rejects.toThrow('expired');
  });

  it('admits people by approval of the bot if it creates join requests', async () => {
    const { client, call } = stage;
    const chat_id = await openChat();
    const url = await link(chat_id, { creates_join_request: true });
    const stranger = await client.createUser({ first_name: 'Sam' });
    await updates();
    expect(await client.join(stranger.id, url)).toMatchObject({ status: 'requested' });
    expect(await updates()).toMatchObject([
      {
        chat_join_request: {
          chat: { id: chat_id },
          from: { id: stranger.id },
          user_chat_id: stranger.id,
          invite_link: { invite_link: url, creates_join_request: true, pending_join_request_count: 1 },
        },
      },
    ]);
    expect(await call('sendMessage', { chat_id: stranger.id, text: 'Pay first' })).toMatchObject({ ok: true });
    await client.advance(301);
    expect(await call('sendMessage', { chat_id: stranger.id, text: 'Well?' })).toMatchObject({ error_code: 403 });

    expect(await call('approveChatJoinRequest', { chat_id, user_id: stranger.id })).toMatchObject({ ok: true });
    expect(await status(chat_id, stranger.id)).toMatchObject({ status: 'member' });
    expect((await updates()).find(({ chat_member }) => chat_member !== undefined)).toMatchObject({
      chat_member: { via_join_request: true, from: { id: stage.bot.id } },
    });
    expect(await call('approveChatJoinRequest', { chat_id, user_id: stranger.id })).toMatchObject({
      description: 'Bad Request: USER_ALREADY_PARTICIPANT',
    });
    expect(await call('declineChatJoinRequest', { chat_id, user_id: owner.id + 1 })).toMatchObject({
      description: 'Bad Request: HIDE_REQUESTER_MISSING',
    });
  });

  it('does not admit a banned person until the ban is lifted', async () => {
    const { client, call, buyer } = stage;
    const chat_id = await openChat('channel');
    const url = await link(chat_id);
    await client.join(buyer.id, url);
    const member = { chat_id, user_id: buyer.id };
    expect(await call('banChatMember', member)).toMatchObject({ ok: true });
    expect(await status(chat_id)).toMatchObject({ status: 'kicked', until_date: 0 });
    await expect(client.join(buyer.id, url)).rejects.toThrow('banned');
    expect(await call('unbanChatMember', { ...member, only_if_banned: true })).toMatchObject({ ok: true });
    expect(await client.join(buyer.id, url)).toMatchObject({ status: 'joined' });
    expect(await call('banChatMember', { chat_id, user_id: owner.id })).toMatchObject({
      description: "Bad Request: can't remove chat owner",
    });
  });
});

describe('a paid invite link of a channel', () => {
  it('brings Stars to the channel every month, and removes members who cannot pay', async () => {
    const { client, call, buyer, bot } = stage;
    const chat_id = await openChat('channel');
    const terms = { chat_id, subscription_period: 2_592_000, subscription_price: 40 };
    const { result } = await call('createChatSubscriptionInviteLink', terms);
    const { invite_link } = result as { invite_link: string };
    expect(result).toMatchObject({ subscription_period: 2_592_000, subscription_price: 40 });
    expect(await client.join(buyer.id, invite_link)).toMatchObject({ status: 'not_enough_stars' });
    await client.topUp(buyer.id, 100);
    expect(await client.join(buyer.id, invite_link)).toMatchObject({ status: 'joined' });
    const now = Math.floor((await client.now()).getTime() / 1_000);
    expect(await status(chat_id)).toMatchObject({ status: 'member', until_date: expect.any(Number) });
    expect(((await status(chat_id)) as { until_date: number }).until_date - now).toBeGreaterThan(29 * DAY);

    await client.advance(31 * DAY);
    expect(await client.sharedChat(chat_id)).toMatchObject({ balance: 80 });
    expect(await client.transactions(bot.id)).toMatchObject({ balance: 0, transactions: [] });
    await client.advance(30 * DAY);
    expect(await status(chat_id)).toMatchObject({ status: 'left' });
    expect(await client.user(buyer.id)).toMatchObject({ balance: 20 });
  });

  it('is available for channels only', async () => {
    const chat_id = await openChat();
    const terms = { chat_id, subscription_period: 2_592_000, subscription_price: 40 };
    expect(await stage.call('createChatSubscriptionInviteLink', terms)).toMatchObject({
      description: 'Bad Request: PRICING_CHAT_INVALID',
    });
  });
});

describe('a public chat', () => {
  const open = (chatId: number, openness: Parameters<Stage['client']['openSharedChat']>[1]) =>
    stage.client.openSharedChat(chatId, openness);

  it('admits anyone by its username, and notifies the bot without a link', async () => {
    const chat_id = await openChat('channel');
    await open(chat_id, { username: 'star_news' });
    await updates();
    expect((await stage.call('getChat', { chat_id })).result).toMatchObject({
      username: 'star_news',
      active_usernames: ['star_news'],
    });
    expect(await stage.client.invite('@star_news')).toMatchObject({ chatId: chat_id, createsJoinRequest: false });
    expect(await stage.client.join(stage.buyer.id, 'https://t.me/star_news')).toMatchObject({ status: 'joined' });
    const [joined] = (await updates()) as [{ chat_member: object }];
    expect(joined.chat_member).toMatchObject({
      chat: { username: 'star_news' },
      new_chat_member: { status: 'member', user: { id: stage.buyer.id } },
    });
    expect(joined.chat_member).not.toHaveProperty('invite_link');
    await open(chat_id, { username: null });
    await expect(stage.client.join(stage.buyer.id, '@star_news')).rejects.toThrow('no such invite link');
  });

  it('passes on join requests without a link', async () => {
    const chat_id = await openChat();
    await open(chat_id, { username: 'star_fans', joinByRequest: true });
    await updates();
    expect((await stage.call('getChat', { chat_id })).result).toMatchObject({ join_by_request: true });
    expect(await stage.client.join(stage.buyer.id, '@star_fans')).toMatchObject({ status: 'requested' });
    const alone = stage.client.setMember(chat_id, stage.buyer.id, { status: 'member', byId: stage.buyer.id });
    await expect(alone).rejects.toThrow('not an administrator');
    const [asked] = (await updates()) as [{ chat_join_request: object }];
    expect(asked.chat_join_request).not.toHaveProperty('invite_link');
    await stage.call('approveChatJoinRequest', { chat_id, user_id: stage.buyer.id });
    expect(await status(chat_id)).toMatchObject({ status: 'member' });
    expect(await updates()).toContainEqual(
      expect.objectContaining({ chat_member: expect.objectContaining({ via_join_request: true }) }),
    );
  });

  it('earns no Stars by a paid link, and cannot require join requests if it is a channel', async () => {
    const chat_id = await openChat('channel');
    const terms = { chat_id, subscription_period: 2_592_000, subscription_price: 40 };
    const { result } = await stage.call('createChatSubscriptionInviteLink', terms);
    await open(chat_id, { username: 'star_paid' });
    const paid = (result as { invite_link: string }).invite_link;
    expect(await stage.client.join(stage.buyer.id, paid)).toMatchObject({ status: 'joined' });
    expect(await stage.client.sharedChat(chat_id)).toMatchObject({ balance: 0 });
    await expect(open(chat_id, { joinByRequest: true })).rejects.toThrow('Only a supergroup');
  });

  it('has a unique username', async () => {
    const [first, second] = [await openChat(), await openChat()];
    await open(first, { username: 'star_once' });
    await open(first, { username: 'star_once' });
    await expect(open(second, { username: 'STAR_once' })).rejects.toThrow('a chat @STAR_once already');
  });
});
