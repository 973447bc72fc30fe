import { chatSellers, type View } from '../support/chat-sellers.js';
import { chatAt, openChat } from '../support/chats.js';
import { Buyer, eventually } from '../support/starwall.js';
import { callTelegram } from '../support/updates.js';

const sellers = chatSellers();
const {
  place,
  accessTo,
  sells,
  chat,
  inChat,
  standing,
  becomes,
  inviteLinks,
  inviteLink,
  buys,
  joins,
  accessOf,
  ages,
  buttonsOf,
  daysLeft,
  asksAgain,
  member,
  rowsAt,
  upgradeUnreported,
} = sellers;

describe('access to a chat', () => {
  it('is granted by a link that admits only the buyer', async () => {
    const where = await place();
    const buyer = await buys(await sells(where, { chat_access: { days: 30 } }));
    await buyer.hears(/You can join “VIP” now, until/);
    const link = await inviteLink(buyer);

    const stranger = await Buyer.meets(sellers.starwall, sellers.bot.telegramId, 0);
    expect(await sellers.starwall.telegram.join(stranger.id, link)).toMatchObject({ status: 'requested' });
    await stranger.hears(/belongs to someone else/);
    expect((await inChat(where)).requests).toEqual([]);
    expect(await standing(where, stranger)).toBeUndefined();

    const access = await accessOf(where, buyer, (it) => it['state'] === 'invited');
    expect(access).toMatchObject({ object: 'chat_access', joined_at: null, chat_id: where.id });
    // 30 days, plus one day of grace.
    expect(daysLeft(access)).toBeCloseTo(31, 1);
    await joins(where, buyer, link);
    await eventually('the link to be revoked', async () =>
      (await inChat(where)).links.every((it) => it.url !== link || it.isRevoked),
    );
    const events = (await sellers.creator.get('/v1/events?type=chat_access.joined').expect(200)).body.data as View[];
    expect(events.map((it) => it['data'])).toContainEqual(expect.objectContaining({ id: access.id, state: 'member' }));
  });

  it('is sent again on request, unless the buyer has already joined', async () => {
    const where = await place();
    const buyer = await buys(await sells(where));
    const link = await inviteLink(buyer);
    await asksAgain(buyer);
    expect(await inviteLink(buyer, 1)).toBe(link);
    await joins(where, buyer, link);
    await asksAgain(buyer);
    await buyer.hears(/You are in “VIP” already, and you can stay for good/);
  });

  it('ends after the paid days and their grace period, and can be bought again', async () => {
    const where = await place('channel');
    const { productId, buyer } = await member(where);
    await ages(where, buyer, '30 days 12 hours');
    await accessOf(where, buyer, (it) => daysLeft(it) < 1);
    expect(await standing(where, buyer)).toBe('member');
    await ages(where, buyer, '1 day');
    await becomes(where, buyer, 'left');
    await accessOf(where, buyer, (it) => it['state'] === 'ended');
    const over = await buyer.sees(({ text }) => text?.includes('Your access to “VIP” has ended') === true);
    expect(buttonsOf(over)).toEqual([['Come back', `card:${productId}:0`]]);
    await asksAgain(buyer);
    const isOver = async () => (await buyer.heard()).filter((text) => /has ended/.test(text)).length === 2;
    await eventually('a second notice', isOver);
    expect(await inviteLinks(buyer)).toHaveLength(1);

    await buys(productId, buyer);
    await joins(where, buyer, await inviteLink(buyer, 1));
    expect(daysLeft(await accessOf(where, buyer, () => true))).toBeCloseTo(31, 1);
  });

  it('leads back to its hidden product when it ends, or to the shop when the product is no longer sold', async () => {
    const where = await place();
    const { productId, buyer } = await member(where, { hidden: true, chat_access: { days: 7 } });
    await ages(where, buyer, '9 days');
    const ended = await buyer.sees(({ text }) => text?.includes('has ended') === true);
    await sellers.starwall.telegram.press(buyer.chat, ended.message_id, `card:${productId}:0`);
    await buyer.hears(/^VIP\n\nA place among friends\n\nPrice: 50 ⭐\nAccess for 7 days after the payment\./);
    await sellers.creator.post(`/v1/products/${productId}/archive`).expect(200);
    await asksAgain(buyer);
    await buyer.sees((message) => buttonsOf(message).join() === 'Come back,shop:0', 'the way to the shop');
  });

  it('is announced once before its end, with a button that extends it', async () => {
    const where = await place();
    const { productId, buyer } = await member(where);
    const invited = await buyer.hears(/You can join “VIP” now, until/);
    await ages(where, buyer, '10 days');
    await accessOf(where, buyer, (it) => daysLeft(it) < 22);
    await ages(where, buyer, '17 days 1 hour');
    const reminder = await buyer.sees(({ text }) => text?.includes('is paid until') === true, 'the reminder');
    // Matches the date on the invoice, because the grace period is not announced.
    const said = (text = '') => Date.parse(`${/until (\d+ \w+ \d{4})/.exec(text)?.[1]} UTC`);
    const paidUntil = Date.parse(String((await accessOf(where, buyer, () => true))['access_until'])) - 86_400_000;
    expect(said(reminder.text)).toBe(Math.floor(paidUntil / 86_400_000) * 86_400_000);
    expect(Math.abs(said(invited) - (Date.now() + 30 * 86_400_000))).toBeLessThan(86_400_000 + 60_000);
    expect(buttonsOf(reminder)).toEqual([['Extend for 50 ⭐', `buy:${productId}`]]);
    await ages(where, buyer, '1 hour');

    await sellers.starwall.telegram.press(buyer.chat, reminder.message_id, `buy:${productId}`);
    const invoice = await eventually('the invoice', async () =>
      (await buyer.messages()).filter((message) => message.invoice !== undefined).at(1),
    );
    expect(await buyer.pays(invoice.message_id)).toMatchObject({ status: 'paid' });
    expect(daysLeft(await accessOf(where, buyer, (it) => daysLeft(it) > 30))).toBeCloseTo(33.9, 1);
    expect((await buyer.heard()).filter((text) => text.includes('is paid until'))).toHaveLength(1);
  });

  it('keeps the remaining time when it is bought again before the end', async () => {
    const where = await place();
    const { productId, buyer } = await member(where);
    await ages(where, buyer, '20 days');
    await buys(productId, buyer);
    expect(daysLeft(await accessOf(where, buyer, (it) => daysLeft(it) > 12))).toBeCloseTo(41, 1);
    await buyer.hears(/You are in “VIP” already/);
    await ages(where, buyer, '35 days');
    await accessOf(where, buyer, (it) => daysLeft(it) < 7);
    expect(await standing(where, buyer)).toBe('member');
  });

  it('ends with a refund at once, unless another purchase also gives access', async () => {
    const where = await place();
    const { buyer } = await member(where);
    await buys(await sells(where, { title: 'For good' }), buyer);
    await accessOf(where, buyer, (it) => it['access_until'] === null);
    const orders = (await sellers.creator.get(`/v1/orders?buyer_telegram_id=${buyer.id}`).expect(200)).body
      .data as View[];
    const [forGood, forDays] = orders;
    await sellers.creator.post(`/v1/orders/${forGood?.id}/refunds`).expect(202);
    await accessOf(where, buyer, (it) => it['access_until'] !== null && daysLeft(it) > 30);
    expect(await standing(where, buyer)).toBe('member');
    await sellers.creator.post(`/v1/orders/${forDays?.id}/refunds`).expect(202);
    await becomes(where, buyer, 'left');
    await accessOf(where, buyer, (it) => it['state'] === 'ended');
    await eventually('the Stars to come back', async () => (await buyer.balance()) === 1_000);
  });

  it('ends with a refund before the buyer joins: the link is revoked', async () => {
    const where = await place();
    const buyer = await buys(await sells(where));
    const link = await inviteLink(buyer);
    const [order] = (await sellers.creator.get(`/v1/orders?buyer_telegram_id=${buyer.id}`).expect(200)).body.data;
    await sellers.creator.post(`/v1/orders/${order.id}/refunds`).expect(202);
    await accessOf(where, buyer, (it) => it['state'] === 'ended');
    expect((await inChat(where)).links).toContainEqual(expect.objectContaining({ url: link, isRevoked: true }));
  });

  it('ends with a short ban that is lifted, on a retry if necessary', async () => {
    const where = await place();
    const { buyer } = await member(where);
    const calls = async (method: string) =>
      (await sellers.starwall.telegram.calls(sellers.bot.telegramId)).filter(
        (call) => call.method === method && call.params['user_id'] === String(buyer.id),
      );
    const rule = { at: 'call', action: 'error400', name: 'unbanChatMember', botId: sellers.bot.telegramId } as const;
    await sellers.starwall.telegram.setFaults({ rules: [rule] });
    await ages(where, buyer, '32 days');
    await eventually('an attempt to lift the ban', async () => (await calls('unbanChatMember')).length > 0);
    expect(await standing(where, buyer)).toBe('kicked');
    const [ban] = await calls('banChatMember');
    const seconds = Number(ban?.params['until_date']) - Date.now() / 1_000;
    expect(seconds).toBeGreaterThan(60);
    expect(seconds).toBeLessThanOrEqual(5 * 60);

    await sellers.starwall.telegram.setFaults({ rules: [] });
    await sellers.backstage.hurryJobs(sellers.bot);
    await accessOf(where, buyer, (it) => it['state'] === 'ended');
    expect(await standing(where, buyer)).toBe('left');
  });

  it('ends for a buyer whom someone else has banned, and the ban remains', async () => {
    const where = await place();
    const { buyer } = await member(where);
    await sellers.starwall.telegram.setMember(where.number, buyer.id, { status: 'kicked' });
    await ages(where, buyer, '32 days');
    await accessOf(where, buyer, (it) => it['state'] === 'ended');
    expect(await standing(where, buyer)).toBe('kicked');
  });

  it('is sent by a new link in the last hour of the previous link, and by the same link before', async () => {
    const where = await place();
    await sellers.creator.patch(`/v1/chats/${where.id}`, { admission: 'single_use' }).expect(200);
    const buyer = await buys(await sells(where));
    const link = await inviteLink(buyer);
    const runsOut = (after: string) =>
      sellers.backstage.query(`update chat_accesses set link_expires_at = now() + $2::interval where link = $1`, [
        link,
        after,
      ]);
    await runsOut('62 minutes');
    await asksAgain(buyer);
    expect(await inviteLink(buyer, 1)).toBe(link);
    await runsOut('58 minutes');
    await asksAgain(buyer);
    expect(await inviteLink(buyer, 2)).not.toBe(link);
  });

  it('does not affect administrators or members who never bought', async () => {
    const where = await place();
    const guest = await sellers.starwall.telegram.createUser({ first_name: 'Greta' });
    await sellers.starwall.telegram.setMember(where.number, guest.id, { status: 'member' });
    const { buyer } = await member(where);
    await sellers.starwall.telegram.setMember(where.number, buyer.id, { status: 'administrator', rights: {} });
    await ages(where, buyer, '40 days');
    await accessOf(where, buyer, (it) => it['state'] === 'ended');
    expect(await standing(where, buyer)).toBe('administrator');
    expect(await standing(where, guest)).toBe('member');
    const checked = (await sellers.creator.post(`/v1/chats/${where.id}/check`).expect(200)).body;
    expect(checked).toMatchObject({ member_count: 4, missing_rights: [] });
  });

  it("by a single-use link remains the buyer's when someone else uses the link", async () => {
    const where = await place();
    await sellers.creator.patch(`/v1/chats/${where.id}`, { admission: 'single_use' }).expect(200);
    const buyer = await buys(await sells(where));
    const link = await inviteLink(buyer);
    const thief = await Buyer.meets(sellers.starwall, sellers.bot.telegramId, 0);
    expect(await sellers.starwall.telegram.join(thief.id, link)).toMatchObject({ status: 'joined' });
    await becomes(where, thief, 'left');
    await asksAgain(buyer);
    const fresh = await inviteLink(buyer, 1);
    expect(fresh).not.toBe(link);
    await joins(where, buyer, fresh);
  });

  it.each(['message', 'membership'] as const)(
    'survives the upgrade of a group to a supergroup, if the %s is reported first',
    async (first) => {
      const where = await place('group');
      const { productId, buyer } = await member(where);
      const late = await buys(productId);
      const lost = await inviteLink(late);
      const { id: number } = await sellers.starwall.telegram.upgradeGroup(where.number, { first });
      const grown = { ...where, number };
      await eventually('the new number', async () => (await chat(where))['telegram_id'] === number);
      expect(await chat(where)).toMatchObject({ type: 'supergroup', missing_rights: [] });
      expect(await rowsAt(number, where.number)).toEqual([where.id]);
      const fresh = await inviteLink(late, 1);
      expect(fresh).not.toBe(lost);
      await joins(grown, late, fresh);
      await joins(grown, await buys(productId));
      await ages(where, buyer, '40 days');
      await becomes(grown, buyer, 'left');
    },
  );

  it('survives an unreported upgrade of a group, which is detected when a buyer is admitted', async () => {
    const where = await place('group');
    const productId = await sells(where);
    const number = await upgradeUnreported(where);
    await joins({ ...where, number }, await buys(productId));
    expect(await chat(where)).toMatchObject({ telegram_id: number, type: 'supergroup', missing_rights: [] });
  });

  it('survives a half-reported upgrade of a group, which is detected by a check', async () => {
    const where = await place('group');
    const productId = await sells(where);
    const number = await upgradeUnreported(where, 'message');
    const stray = await chatAt(sellers.creator, number);
    expect(stray.id).not.toBe(where.id);
    const checked = (await sellers.creator.post(`/v1/chats/${where.id}/check`).expect(200)).body;
    expect(checked).toMatchObject({ id: where.id, telegram_id: number, type: 'supergroup', missing_rights: [] });
    expect(await rowsAt(number, where.number)).toEqual([where.id]);
    expect((await sellers.creator.get(`/v1/chats/${stray.id}`).expect(200)).body.id).toBe(where.id);
    await joins({ ...where, number }, await buys(productId));
  });

  it("is granted to a buyer who requested to join by another bot's link before paying", async () => {
    const where = await place();
    const productId = await sells(where);
    const asked = await callTelegram(sellers.starwall, sellers.bot, 'createChatInviteLink', {
      chat_id: where.number,
      creates_join_request: true,
    });
    const stray = (asked.result as { invite_link: string }).invite_link;
    const buyer = await Buyer.meets(sellers.starwall, sellers.bot.telegramId);
    await sellers.starwall.telegram.setFaults({ rules: [{ at: 'queue', action: 'lose', name: 'chat_join_request' }] });
    expect(await sellers.starwall.telegram.join(buyer.id, stray)).toMatchObject({ status: 'requested' });
    await sellers.starwall.telegram.setFaults({ rules: [] });
    await buys(productId, buyer);
    await becomes(where, buyer, 'member');
  });

  it("covers the same chat when a post uses the group's former number", async () => {
    const where = await place('group');
    const productId = await sells(where);
    const number = await upgradeUnreported(where);
    const asked = sellers.creator.post(`/v1/products/${productId}/posts`, { chat_id: where.number });
    const posted = (await asked.set('idempotency-key', `post-${productId}`).expect(201)).body;
    expect(posted).toMatchObject({ chat_id: number, state: 'posted' });
    expect(await chat(where)).toMatchObject({ telegram_id: number, type: 'supergroup' });
  });

  it('ends only in the database once its bot has been removed', async () => {
    const leaving = await sellers.creator.registerBot();
    const number = await openChat(sellers.starwall, leaving, 'supergroup');
    const where = { number, id: (await chatAt(sellers.creator, number)).id };
    const productId = await sellers.creator.createProduct(leaving.id, accessTo(where, { chat_access: { days: 30 } }));
    const buyer = await Buyer.meets(sellers.starwall, leaving.telegramId);
    await buys(productId, buyer);
    await joins(where, buyer);
    await sellers.creator.removeBot(leaving.id);
    await ages(where, buyer, '40 days');
    await accessOf(where, buyer, (it) => it['state'] === 'ended');
    expect(await standing(where, buyer)).toBe('member');
  });

  it('lasts as long as its subscription', async () => {
    const where = await place('channel');
    const plan = { kind: 'subscription', title: 'Pro', chat_access: undefined, subscription: { grace_seconds: 0 } };
    const productId = await sells(where, plan);
    const buyer = await Buyer.meets(sellers.starwall, sellers.bot.telegramId);
    await sellers.starwall.telegram.start(buyer.chat, `buy_${productId}`);
    const offer = await buyer.sees((message) => JSON.stringify(message.reply_markup ?? '').includes('every 30 days'));
    const url = /"url":"([^"]+)"/.exec(JSON.stringify(offer.reply_markup))?.[1] ?? '';
    expect(await sellers.starwall.telegram.payLink(buyer.id, url)).toMatchObject({ status: 'paid' });
    await joins(where, buyer);
    const [first] = await sellers.starwall.telegram.subscriptions(buyer.id);
    await sellers.starwall.telegram.renewSubscription(String(first?.id));
    const renewed = await accessOf(where, buyer, (it) => daysLeft(it) > 31);
    expect(renewed['state']).toBe('member');

    await sellers.starwall.telegram.cancelSubscription(String(first?.id));
    const subscription = (state: string) =>
      eventually(`a subscription that is ${state}`, async () => {
        const path = `/v1/subscriptions?buyer_telegram_id=${buyer.id}`;
        const [one] = (await sellers.creator.get(path).expect(200)).body.data;
        return one?.state === state && (one as { id: string });
      });
    const running = await subscription('canceled');
    await sellers.backstage.ageSubscription(running.id, '61 days');
    await sellers.backstage.ageAccess(renewed.id, '0 days');
    await becomes(where, buyer, 'left');
    await accessOf(where, buyer, (it) => it['state'] === 'ended');
    await subscription('ended');
  });
});
