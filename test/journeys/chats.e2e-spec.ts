import { chatSellers, INVITES_ONLY, type View, type Place } from '../support/chat-sellers.js';
import { chatAt, DOORKEEPER, openChat } from '../support/chats.js';
import { Buyer, Creator, eventually } from '../support/starwall.js';

const sellers = chatSellers();
const { accessTo, place, sells, chat, product, inChat, standing, becomes, inviteLink, buys, accessOf, ages, member } =
  sellers;

describe('a connected chat', () => {
  it('is registered when the bot becomes an administrator, with the rights that it lacks', async () => {
    const number = await openChat(sellers.starwall, sellers.bot, 'channel', INVITES_ONLY);
    const shown = await chatAt(sellers.creator, number);
    expect(shown).toMatchObject({
      object: 'chat',
      type: 'channel',
      title: 'VIP',
      bot_status: 'administrator',
      missing_rights: ['can_restrict_members'],
      remedy: expect.stringContaining('to ban users'),
    });
    const where = { number, id: shown.id };
    const refused = await sellers.creator
      .post('/v1/products', { bot_id: sellers.bot.id, stars: 50, ...accessTo(where) })
      .expect(409);
    expect(refused.body).toMatchObject({ code: 'chat_not_ready' });
    const draft = await sells(where, { state: 'draft' });
    await sellers.creator.post(`/v1/products/${draft}/activate`).expect(409);

    await sellers.starwall.telegram.setMember(number, sellers.bot.telegramId, DOORKEEPER);
    await eventually('the rights', async () => (await chat(where))['remedy'] === null);
    await sellers.creator.post(`/v1/products/${draft}/activate`).expect(200);
    const { data } = (await sellers.creator.get(`/v1/chats?bot_id=${sellers.bot.id}&ready=false`).expect(200)).body;
    expect(data).not.toContainEqual(expect.objectContaining({ id: shown.id }));
  });

  it('is not registered when the bot is added as a plain member', async () => {
    const number = await openChat(sellers.starwall, sellers.bot, 'group', { status: 'member' });
    const later = await openChat(sellers.starwall, sellers.bot, 'group');
    await chatAt(sellers.creator, later);
    expect(JSON.stringify((await sellers.creator.get('/v1/chats?limit=100').expect(200)).body)).not.toContain(
      String(number),
    );
  });

  it('does not have its messages stored', async () => {
    const where = await place();
    const { buyer } = await member(where);
    await sellers.starwall.telegram.post(where.number, buyer.id, 'between you and me');
    await sellers.starwall.telegram.setMember(where.number, buyer.id, { status: 'left', byId: buyer.id });
    await accessOf(where, buyer, (it) => it['state'] === 'invited' && it['joined_at'] === null);
    const kept = JSON.stringify((await sellers.backstage.inbox(sellers.bot)).map(({ body }) => body));
    expect(kept).toContain(String(where.number));
    expect(kept).not.toContain('between you and me');
  });

  it('cannot be read or used by another creator', async () => {
    const where = await place('channel');
    const other = await Creator.signUp(sellers.starwall);
    const theirs = await other.registerBot();
    for (const path of ['', '/members', '/paid-links']) await other.get(`/v1/chats/${where.id}${path}`).expect(404);
    await other.patch(`/v1/chats/${where.id}`, { metadata: { mine: 'yes' } }).expect(404);
    await other.post(`/v1/chats/${where.id}/check`).expect(404);
    await other.post(`/v1/chats/${where.id}/paid-links`, { stars: 5 }).expect(404);
    await other.post('/v1/products', { bot_id: theirs.id, stars: 50, ...accessTo(where) }).expect(404);
    expect((await other.get('/v1/chats').expect(200)).body.data).toEqual([]);
  });
});

describe('a chat that anyone can join', () => {
  const name = () => `open_${Math.random().toString(36).slice(2, 12)}`;
  const open = (number: number, openness: Parameters<typeof sellers.starwall.telegram.openSharedChat>[1]) =>
    sellers.starwall.telegram.openSharedChat(number, openness);
  const check = async ({ id }: Place): Promise<View> =>
    (await sellers.creator.post(`/v1/chats/${id}/check`).expect(200)).body as View;

  it('cannot be sold, with a remedy', async () => {
    const owner = await sellers.starwall.telegram.createUser({ first_name: 'Olga' });
    const username = name();
    const { id: number } = await sellers.starwall.telegram.createSharedChat({
      type: 'channel',
      title: 'News',
      username,
      ownerId: owner.id,
    });
    await sellers.starwall.telegram.setMember(number, sellers.bot.telegramId, DOORKEEPER);
    const shown = await chatAt(sellers.creator, number);
    const where = { number, id: shown.id };
    expect(shown).toMatchObject({
      username,
      open_to_anybody: true,
      missing_rights: [],
      remedy: expect.stringContaining(`Anyone can join through @${username}`),
      lacking_since: expect.any(String),
    });
    const refused = await sellers.creator
      .post('/v1/products', { bot_id: sellers.bot.id, stars: 50, ...accessTo(where) })
      .expect(409);
    expect(refused.body).toMatchObject({ code: 'chat_not_ready' });
    const draft = await sells(where, { state: 'draft' });
    await open(number, { username: null });
    expect(await check(where)).toMatchObject({ open_to_anybody: false, remedy: null, lacking_since: null });
    await sellers.creator.post(`/v1/products/${draft}/activate`).expect(200);
  });

  it('has no paid links, because people could join for free', async () => {
    const where = await place('channel');
    await open(where.number, { username: name() });
    const refused = await sellers.creator.post(`/v1/chats/${where.id}/paid-links`, { stars: 40 }).expect(409);
    expect(refused.body).toMatchObject({ code: 'chat_is_public' });
    const asked = (await sellers.starwall.telegram.calls(sellers.bot.telegramId)).filter(
      ({ method, params }) =>
        method === 'createChatSubscriptionInviteLink' && String(params['chat_id']) === String(where.number),
    );
    expect(asked).toEqual([]);
  });

  it('is detected when the first person joins by its username: sales stop and the creator is alerted', async () => {
    const where = await place('channel');
    const { productId, buyer } = await member(where);
    const owner = await Buyer.meets(sellers.starwall, sellers.bot.telegramId);
    await owner.says('/start');
    await owner.hears(/Welcome/);
    await sellers.creator.sendsAlertsTo({ bot_id: sellers.bot.id, telegram_id: owner.id });

    const username = name();
    await open(where.number, { username });
    const guest = await Buyer.meets(sellers.starwall, sellers.bot.telegramId, 0);
    expect(await sellers.starwall.telegram.join(guest.id, `@${username}`)).toMatchObject({ status: 'joined' });
    await owner.hears(new RegExp(`“VIP” is public now.*@${username}.*no access to it is sold`, 's'));
    expect(await product(productId)).toMatchObject({ chat_ready: false });
    expect(await standing(where, guest)).toBe('member');
    const late = await Buyer.meets(sellers.starwall, sellers.bot.telegramId);
    await sellers.starwall.telegram.start(late.chat, `buy_${productId}`);
    await late.hears(/Access to this chat cannot be sold at the moment/);
    // Buyers are still removed when their access ends.
    await ages(where, buyer, '40 days');
    await becomes(where, buyer, 'left');
  });

  it('can be sold as a supergroup with join requests: buyers are admitted, others wait for administrators', async () => {
    const where = await place();
    const username = name();
    await open(where.number, { username });
    expect(await check(where)).toMatchObject({
      open_to_anybody: true,
      remedy: expect.stringContaining('have new members approved'),
    });
    await open(where.number, { joinByRequest: true });
    expect(await check(where)).toMatchObject({ open_to_anybody: false, remedy: null });
    const productId = await sells(where);
    const asks = async (who: Buyer) =>
      expect(await sellers.starwall.telegram.join(who.id, `@${username}`)).toMatchObject({ status: 'requested' });
    const [guest, early] = [
      await Buyer.meets(sellers.starwall, sellers.bot.telegramId, 0),
      await Buyer.meets(sellers.starwall, sellers.bot.telegramId),
    ];
    for (const one of [guest, early]) await asks(one);
    await buys(productId, early);
    await becomes(where, early, 'member');
    await early.hears(/You are in “VIP” already/);
    const buyer = await buys(productId);
    await inviteLink(buyer);
    await asks(buyer);
    await becomes(where, buyer, 'member');
    expect(await standing(where, guest)).toBeUndefined();
    expect((await inChat(where)).requests).toMatchObject([{ userId: guest.id }]);
  });
});

describe("Telegram's own paid invite link", () => {
  it('brings Stars to the channel, with a notice that they cannot be refunded here', async () => {
    const where = await place('channel');
    const path = `/v1/chats/${where.id}/paid-links`;
    const made = (await sellers.creator.post(path, { stars: 40, name: 'Spring' }).expect(201)).body;
    expect(made).toMatchObject({
      stars: 40,
      period_seconds: 2_592_000,
      notice: expect.stringContaining('not to the bot'),
    });
    const fan = await Buyer.meets(sellers.starwall, sellers.bot.telegramId, 100);
    expect(await sellers.starwall.telegram.join(fan.id, made.link)).toMatchObject({ status: 'joined' });
    expect(await inChat(where)).toMatchObject({ balance: 40 });
    expect((await sellers.creator.get(`/v1/orders?buyer_telegram_id=${fan.id}`).expect(200)).body.data).toEqual([]);
    expect((await sellers.creator.get(path).expect(200)).body.data).toMatchObject([{ id: made.id, revoked_at: null }]);
    for (let twice = 0; twice < 2; twice += 1) await sellers.creator.post(`${path}/${made.id}/revoke`).expect(200);
    const next = await Buyer.meets(sellers.starwall, sellers.bot.telegramId, 100);
    await expect(sellers.starwall.telegram.join(next.id, made.link)).rejects.toThrow('expired');
  });

  it('is available for channels only', async () => {
    const where = await place();
    const refused = await sellers.creator.post(`/v1/chats/${where.id}/paid-links`, { stars: 40 }).expect(409);
    expect(refused.body).toMatchObject({ code: 'not_a_channel' });
  });
});
