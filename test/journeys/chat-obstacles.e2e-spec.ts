import { parseId } from '#libs/kernel';
import { WebhookWatch } from '#libs/tenants';
import { chatSellers, INVITES_ONLY, type View } from '../support/chat-sellers.js';
import { chatAt, DOORKEEPER, openChat } from '../support/chats.js';
import { Buyer, eventually } from '../support/starwall.js';
import { callTelegram } from '../support/updates.js';

const sellers = chatSellers();
const { place, sells, product, standing, becomes, inviteLink, buys, accessOf, ages, asksAgain, member } = sellers;

describe('a buyer whom Telegram does not admit', () => {
  const full = (method: string, description = 'USER_CHANNELS_TOO_MUCH') =>
    sellers.starwall.telegram.setFaults({
      rules: [{ at: 'call', action: 'error400', name: method, botId: sellers.bot.telegramId, description }],
    });
  afterEach(() => sellers.starwall.telegram.setFaults({ rules: [] }));

  it('is told what to do when they are in too many chats, as is the creator, and is admitted by asking again in /orders', async () => {
    const where = await place();
    const buyer = await buys(await sells(where));
    const link = await inviteLink(buyer);
    await full('approveChatJoinRequest');
    await sellers.starwall.telegram.join(buyer.id, link);
    await buyer.hears(/Leave one of them, then send \/orders/);
    const access = await accessOf(where, buyer, (it) => it['failure'] !== null);
    expect(access).toMatchObject({
      state: 'invited',
      failure: expect.stringContaining('as many groups and channels'),
    });
    const problems = (await sellers.creator.get(`/v1/bots/${sellers.bot.id}/problems`).expect(200)).body.data;
    expect(problems).toContainEqual(expect.objectContaining({ kind: 'buyers_kept_out', subject: where.id, count: 1 }));
    const events = (await sellers.creator.get('/v1/events?type=chat_access.failed').expect(200)).body.data;
    expect(events.filter((it: { data: View }) => it.data.id === access.id)).toHaveLength(1);

    await sellers.starwall.telegram.setFaults({ rules: [] });
    await asksAgain(buyer);
    await becomes(where, buyer, 'member');
    await accessOf(where, buyer, (it) => it['state'] === 'member' && it['failure'] === null);
  });

  it('is admitted automatically once Telegram accepts them again', async () => {
    const where = await place();
    const buyer = await buys(await sells(where));
    const link = await inviteLink(buyer);
    await full('approveChatJoinRequest', 'CHANNELS_TOO_MUCH');
    await sellers.starwall.telegram.join(buyer.id, link);
    await accessOf(where, buyer, (it) => it['failure'] !== null);
    await sellers.starwall.telegram.setFaults({ rules: [] });
    await sellers.backstage.hurryJobs(sellers.bot);
    await becomes(where, buyer, 'member');
  });

  it('is told when an administrator has banned them', async () => {
    const where = await place();
    const buyer = await buys(await sells(where));
    const link = await inviteLink(buyer);
    await full('approveChatJoinRequest', 'USER_KICKED');
    await sellers.starwall.telegram.join(buyer.id, link);
    await buyer.hears(/one of its administrators has banned you/);
    await accessOf(where, buyer, (it) => it['failure'] === 'The buyer is banned from the chat.');
  });

  it('gets a new link when the previous one no longer works', async () => {
    const where = await place();
    const buyer = await buys(await sells(where));
    const link = await inviteLink(buyer);
    await full('approveChatJoinRequest', 'INVITE_HASH_EXPIRED');
    await sellers.starwall.telegram.join(buyer.id, link);
    const another = await inviteLink(buyer, 1);
    expect(another).not.toBe(link);
    await sellers.starwall.telegram.setFaults({ rules: [] });
    await sellers.starwall.telegram.decideRequest(where.number, buyer.id, false);
    await sellers.starwall.telegram.join(buyer.id, another);
    await becomes(where, buyer, 'member');
  });
});

describe('a bot that loses its rights', () => {
  it('stops selling access, alerts its creator, and resumes waiting steps when it regains its rights', async () => {
    const where = await place();
    const { productId, buyer } = await member(where);
    const owner = await Buyer.meets(sellers.starwall, sellers.bot.telegramId);
    await owner.says('/start');
    await owner.hears(/Welcome/);
    await sellers.creator.sendsAlertsTo({ bot_id: sellers.bot.id, telegram_id: owner.id });

    await sellers.starwall.telegram.setMember(where.number, sellers.bot.telegramId, INVITES_ONLY);
    await owner.hears(/can no longer manage the chat “VIP”.*to ban users/s);
    const events = (await sellers.creator.get('/v1/events?type=chat.updated&limit=1').expect(200)).body.data;
    expect(events[0]).toMatchObject({
      livemode: false,
      data: { id: where.id, missing_rights: ['can_restrict_members'] },
      previous_attributes: { missing_rights: [], remedy: null, lacking_since: null },
    });
    expect(await product(productId)).toMatchObject({ chat_ready: false });
    const late = await Buyer.meets(sellers.starwall, sellers.bot.telegramId);
    await sellers.starwall.telegram.start(late.chat, `buy_${productId}`);
    await late.hears(/Access to this chat cannot be sold at the moment/);

    await ages(where, buyer, '40 days');
    await eventually('a removal that is refused', async () => {
      const calls = await sellers.starwall.telegram.calls(sellers.bot.telegramId);
      return calls.some(
        ({ method, params }) => method === 'banChatMember' && String(params['user_id']) === String(buyer.id),
      );
    });
    expect(await standing(where, buyer)).toBe('member');
    await sellers.starwall.telegram.setMember(where.number, sellers.bot.telegramId, DOORKEEPER);
    await becomes(where, buyer, 'left');
    expect(await product(productId)).toMatchObject({ chat_ready: true });
  });

  it('is detected by a check when no update reported it', async () => {
    const where = await place();
    await sellers.starwall.telegram.setFaults({
      rules: [{ at: 'queue', action: 'lose', name: 'my_chat_member', botId: sellers.bot.telegramId }],
    });
    await sellers.starwall.telegram.setMember(where.number, sellers.bot.telegramId, { status: 'kicked' });
    await sellers.starwall.telegram.setFaults({ rules: [] });
    const checked = (await sellers.creator.post(`/v1/chats/${where.id}/check`).expect(200)).body;
    expect(checked).toMatchObject({
      missing_rights: ['can_invite_users', 'can_restrict_members'],
      remedy: expect.stringContaining('no longer in the chat'),
    });
  });

  it('receives updates about its chats even when its webhook was set without them', async () => {
    const deaf = await sellers.creator.registerBot();
    const [connected] = (await sellers.starwall.telegram.calls(deaf.telegramId)).filter(
      (it) => it.method === 'setWebhook',
    );
    const former = { url: connected?.params['url'], allowed_updates: ['message'] };
    expect(await callTelegram(sellers.starwall, deaf, 'setWebhook', former)).toMatchObject({ ok: true });
    const tenant = String((await sellers.creator.get('/v1/me').expect(200)).body.tenant.id);
    const ids = [parseId('tenant', tenant), parseId('bot', deaf.id)].map(String);
    await sellers.starwall.app.get(WebhookWatch).look(String(ids[0]), String(ids[1]));
    await chatAt(sellers.creator, await openChat(sellers.starwall, deaf, 'group'));
  });
});
