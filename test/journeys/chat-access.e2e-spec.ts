import { parseId } from '#libs/kernel';
import { WebhookWatch } from '#libs/tenants';
import { Backstage } from '../support/backstage.js';
import { chatAt, type ChatKind, DOORKEEPER, openChat } from '../support/chats.js';
import { Buyer, Creator, eventually, type RegisteredBot, type Starwall, startStarwall } from '../support/starwall.js';
import { callTelegram } from '../support/updates.js';

let starwall: Starwall;
let backstage: Backstage;
let creator: Creator;
let bot: RegisteredBot;

beforeAll(async () => {
  starwall = await startStarwall();
  backstage = await Backstage.open(starwall);
  creator = await Creator.signUp(starwall);
  bot = await creator.registerBot();
});
afterAll(async () => {
  await backstage.close();
  await starwall.stop();
});

type View = Record<string, unknown> & { readonly id: string };
interface Place {
  /** Its id at Telegram. */
  readonly number: number;
  /** Its id in the API. */
  readonly id: string;
}

const INVITES_ONLY = { status: 'administrator', rights: { can_invite_users: true } } as const;

async function place(type: ChatKind = 'supergroup'): Promise<Place> {
  const number = await openChat(starwall, bot, type);
  return { number, id: (await chatAt(creator, number)).id };
}

const accessTo = ({ id }: Place, changes: object = {}) => ({
  kind: 'chat_access',
  title: 'VIP',
  description: 'A place among friends',
  content: undefined,
  chat_id: id,
  ...changes,
});
const sells = (where: Place, changes: object = {}) => creator.createProduct(bot.id, accessTo(where, changes));
const chat = async ({ id }: Place): Promise<View> => (await creator.get(`/v1/chats/${id}`).expect(200)).body;
const product = async (id: string): Promise<View> => (await creator.get(`/v1/products/${id}`).expect(200)).body;
const inChat = ({ number }: Place) => starwall.telegram.sharedChat(number);
const standing = async (where: Place, { id }: { readonly id: number }) =>
  (await inChat(where)).members.find(({ user }) => user.id === id)?.status;
const becomes = (where: Place, person: { readonly id: number }, wanted: string) =>
  eventually(`the person to be ${wanted}`, async () => (await standing(where, person)) === wanted);

/** The links into chats that the bot has sent to a buyer, oldest first. */
const waysIn = async (buyer: Buyer): Promise<string[]> =>
  (await buyer.messages()).flatMap(({ reply_markup: markup }) =>
    [...JSON.stringify(markup ?? '').matchAll(/"url":"(https:\/\/t\.me\/\+[^"]+)"/g)].map((found) => String(found[1])),
  );
const wayIn = (buyer: Buyer, than = 0) =>
  eventually('an invite link', async () => {
    const found = await waysIn(buyer);
    return found.length > than ? found.at(-1) : undefined;
  });

async function buys(productId: string, buyer?: Buyer): Promise<Buyer> {
  const who = buyer ?? (await Buyer.meets(starwall, bot.telegramId));
  expect(await who.pays(await who.wants(productId))).toMatchObject({ status: 'paid' });
  return who;
}

async function joins(where: Place, buyer: Buyer, link?: string): Promise<void> {
  await starwall.telegram.join(buyer.id, link ?? (await wayIn(buyer)));
  await becomes(where, buyer, 'member');
  await accessOf(where, buyer, (it) => it['state'] === 'member');
}

const accessOf = (where: Place, buyer: Buyer, wanted: (it: View) => boolean) =>
  eventually('an access', async () => {
    const path = `/v1/chats/${where.id}/members?buyer_telegram_id=${buyer.id}`;
    return ((await creator.get(path).expect(200)).body.data as View[]).find(wanted);
  });

const ages = async (where: Place, buyer: Buyer, by: string) =>
  backstage.ageAccess((await accessOf(where, buyer, () => true)).id, by);
const buttonsOf = ({ reply_markup: markup }: Awaited<ReturnType<Buyer['messages']>>[number]) =>
  markup?.inline_keyboard
    .flat()
    .map((button) => [button.text, 'callback_data' in button ? button.callback_data : '']) ?? [];
const daysLeft = ({ access_until: until }: View) => (Date.parse(String(until)) - Date.now()) / 86_400_000;

/** Presses the last purchase in /orders, once it was delivered. */
async function asksAgain(buyer: Buyer): Promise<void> {
  await buyer.says('/orders');
  const list = await buyer.sees(({ text }) => text?.includes('Press one to receive it again') === true);
  const order = await eventually('the delivery', async () => {
    const [last] = (await creator.get(`/v1/orders?buyer_telegram_id=${buyer.id}`).expect(200)).body.data;
    return last.status === 'delivered' && last;
  });
  await starwall.telegram.press(buyer.chat, list.message_id, `again:${order.id}`);
}

/** A buyer who has paid and is a member. */
async function member(where: Place, changes: object = { chat_access: { days: 30 } }) {
  const productId = await sells(where, changes);
  const buyer = await buys(productId);
  await joins(where, buyer);
  return { productId, buyer };
}

/** Ids of all chats in the API with one of these numbers. */
async function rowsAt(...numbers: readonly number[]): Promise<string[]> {
  const { data } = (await creator.get('/v1/chats?limit=100').expect(200)).body;
  return (data as View[]).filter((it) => numbers.includes(Number(it['telegram_id']))).map(({ id }) => id);
}

/** Upgrades a group to a supergroup and loses Telegram's reports: all of them, or one kind. @returns the new number */
async function upgradeUnheard({ number }: Place, kind?: 'message'): Promise<number> {
  const kinds = kind === undefined ? ['message', 'my_chat_member'] : [kind];
  await starwall.telegram.setFaults({ rules: kinds.map((name) => ({ at: 'queue', action: 'lose', name })) });
  const grown = await starwall.telegram.upgradeGroup(number);
  await starwall.telegram.setFaults({ rules: [] });
  return grown.id;
}
describe('a buyer whom Telegram does not admit', () => {
  const full = (method: string, description = 'USER_CHANNELS_TOO_MUCH') =>
    starwall.telegram.setFaults({
      rules: [{ at: 'call', action: 'error400', name: method, botId: bot.telegramId, description }],
    });
  afterEach(() => starwall.telegram.setFaults({ rules: [] }));

  it(
    'because they are in too many chats is told what to do, the creator is told why, and asking again in ' +
      '/orders admits them',
    async () => {
      const where = await place();
      const buyer = await buys(await sells(where));
      const link = await wayIn(buyer);
      await full('approveChatJoinRequest');
      await starwall.telegram.join(buyer.id, link);
      await buyer.hears(/Leave one of them, then send \/orders/);
      const access = await accessOf(where, buyer, (it) => it['failure'] !== null);
      expect(access).toMatchObject({
        state: 'invited',
        failure: expect.stringContaining('as many groups and channels'),
      });
      const problems = (await creator.get(`/v1/bots/${bot.id}/problems`).expect(200)).body.data;
      expect(problems).toContainEqual(
        expect.objectContaining({ kind: 'buyers_kept_out', subject: where.id, count: 1 }),
      );
      const events = (await creator.get('/v1/events?type=chat_access.failed').expect(200)).body.data;
      expect(events.filter((it: { data: View }) => it.data.id === access.id)).toHaveLength(1);

      await starwall.telegram.setFaults({ rules: [] });
      await asksAgain(buyer);
      await becomes(where, buyer, 'member');
      await accessOf(where, buyer, (it) => it['state'] === 'member' && it['failure'] === null);
    },
  );

  it('is admitted automatically once Telegram no longer refuses', async () => {
    const where = await place();
    const buyer = await buys(await sells(where));
    const link = await wayIn(buyer);
    await full('approveChatJoinRequest', 'CHANNELS_TOO_MUCH');
    await starwall.telegram.join(buyer.id, link);
    await accessOf(where, buyer, (it) => it['failure'] !== null);
    await starwall.telegram.setFaults({ rules: [] });
    await backstage.hurryJobs(bot);
    await becomes(where, buyer, 'member');
  });

  it('because an administrator has banned them is told so', async () => {
    const where = await place();
    const buyer = await buys(await sells(where));
    const link = await wayIn(buyer);
    await full('approveChatJoinRequest', 'USER_KICKED');
    await starwall.telegram.join(buyer.id, link);
    await buyer.hears(/one of its administrators has banned you/);
    await accessOf(where, buyer, (it) => it['failure'] === 'The buyer is banned from the chat.');
  });

  it('by a link that no longer works gets another one', async () => {
    const where = await place();
    const buyer = await buys(await sells(where));
    const link = await wayIn(buyer);
    await full('approveChatJoinRequest', 'INVITE_HASH_EXPIRED');
    await starwall.telegram.join(buyer.id, link);
    const another = await wayIn(buyer, 1);
    expect(another).not.toBe(link);
    await starwall.telegram.setFaults({ rules: [] });
    await starwall.telegram.decideRequest(where.number, buyer.id, false);
    await starwall.telegram.join(buyer.id, another);
    await becomes(where, buyer, 'member');
  });
});

describe('a chat is connected', () => {
  it('by making the bot its administrator, and the missing rights are reported', async () => {
    const number = await openChat(starwall, bot, 'channel', INVITES_ONLY);
    const shown = await chatAt(creator, number);
    expect(shown).toMatchObject({
      object: 'chat',
      type: 'channel',
      title: 'VIP',
      bot_status: 'administrator',
      missing_rights: ['can_restrict_members'],
      remedy: expect.stringContaining('to ban users'),
    });
    const where = { number, id: shown.id };
    const refused = await creator.post('/v1/products', { bot_id: bot.id, stars: 50, ...accessTo(where) }).expect(409);
    expect(refused.body).toMatchObject({ code: 'chat_not_ready' });
    const draft = await sells(where, { state: 'draft' });
    await creator.post(`/v1/products/${draft}/activate`).expect(409);

    await starwall.telegram.setMember(number, bot.telegramId, DOORKEEPER);
    await eventually('the rights', async () => (await chat(where))['remedy'] === null);
    await creator.post(`/v1/products/${draft}/activate`).expect(200);
    const { data } = (await creator.get(`/v1/chats?bot_id=${bot.id}&ready=false`).expect(200)).body;
    expect(data).not.toContainEqual(expect.objectContaining({ id: shown.id }));
  });

  it('not by adding the bot as a plain member', async () => {
    const number = await openChat(starwall, bot, 'group', { status: 'member' });
    const later = await openChat(starwall, bot, 'group');
    await chatAt(creator, later);
    expect(JSON.stringify((await creator.get('/v1/chats?limit=100').expect(200)).body)).not.toContain(String(number));
  });

  it('and what people say there is not kept', async () => {
    const where = await place();
    const { buyer } = await member(where);
    await starwall.telegram.post(where.number, buyer.id, 'between you and me');
    await starwall.telegram.setMember(where.number, buyer.id, { status: 'left', byId: buyer.id });
    await accessOf(where, buyer, (it) => it['state'] === 'invited' && it['joined_at'] === null);
    const kept = JSON.stringify((await backstage.inbox(bot)).map(({ body }) => body));
    expect(kept).toContain(String(where.number));
    expect(kept).not.toContain('between you and me');
  });

  it('cannot be read or used by another creator', async () => {
    const where = await place('channel');
    const other = await Creator.signUp(starwall);
    const theirs = await other.registerBot();
    for (const path of ['', '/members', '/paid-links']) await other.get(`/v1/chats/${where.id}${path}`).expect(404);
    await other.patch(`/v1/chats/${where.id}`, { metadata: { mine: 'yes' } }).expect(404);
    await other.post(`/v1/chats/${where.id}/check`).expect(404);
    await other.post(`/v1/chats/${where.id}/paid-links`, { stars: 5 }).expect(404);
    await other.post('/v1/products', { bot_id: theirs.id, stars: 50, ...accessTo(where) }).expect(404);
    expect((await other.get('/v1/chats').expect(200)).body.data).toEqual([]);
  });
});

describe('access to a chat', () => {
  it('is a link that admits the buyer only', async () => {
    const where = await place();
    const buyer = await buys(await sells(where, { chat_access: { days: 30 } }));
    await buyer.hears(/You can come into “VIP” now, until/);
    const link = await wayIn(buyer);

    const stranger = await Buyer.meets(starwall, bot.telegramId, 0);
    expect(await starwall.telegram.join(stranger.id, link)).toMatchObject({ status: 'requested' });
    await stranger.hears(/belongs to somebody else/);
    expect((await inChat(where)).requests).toEqual([]);
    expect(await standing(where, stranger)).toBeUndefined();

    const access = await accessOf(where, buyer, (it) => it['state'] === 'invited');
    expect(access).toMatchObject({ object: 'chat_access', joined_at: null, chat_id: where.id });
    // 30 days and one of grace.
    expect(daysLeft(access)).toBeCloseTo(31, 1);
    await joins(where, buyer, link);
    await eventually('the link to be revoked', async () =>
      (await inChat(where)).links.every((it) => it.url !== link || it.isRevoked),
    );
    const events = (await creator.get('/v1/events?type=chat_access.joined').expect(200)).body.data as View[];
    expect(events.map((it) => it['data'])).toContainEqual(expect.objectContaining({ id: access.id, state: 'member' }));
  });

  it('is sent again on request, or the buyer is told that they are already in', async () => {
    const where = await place();
    const buyer = await buys(await sells(where));
    const link = await wayIn(buyer);
    await asksAgain(buyer);
    expect(await wayIn(buyer, 1)).toBe(link);
    await joins(where, buyer, link);
    await asksAgain(buyer);
    await buyer.hears(/You are in “VIP” already, and you can stay for good/);
  });

  it('ends after the paid days and their grace, and can be bought again', async () => {
    const where = await place('channel');
    const { productId, buyer } = await member(where);
    await ages(where, buyer, '30 days 12 hours');
    await accessOf(where, buyer, (it) => daysLeft(it) < 1);
    expect(await standing(where, buyer)).toBe('member');
    await ages(where, buyer, '1 day');
    await becomes(where, buyer, 'left');
    await accessOf(where, buyer, (it) => it['state'] === 'ended');
    const over = await buyer.sees(({ text }) => text?.includes('Your access to “VIP” is over') === true);
    expect(buttonsOf(over)).toEqual([['Come back', `card:${productId}:0`]]);
    await asksAgain(buyer);
    const isOver = async () => (await buyer.heard()).filter((text) => /is over/.test(text)).length === 2;
    await eventually('a second notice', isOver);
    expect(await waysIn(buyer)).toHaveLength(1);

    await buys(productId, buyer);
    await joins(where, buyer, await wayIn(buyer, 1));
    expect(daysLeft(await accessOf(where, buyer, () => true))).toBeCloseTo(31, 1);
  });

  it('to a hidden product leads back to it, or to the shop when it is no longer sold', async () => {
    const where = await place();
    const { productId, buyer } = await member(where, { hidden: true, chat_access: { days: 7 } });
    await ages(where, buyer, '9 days');
    const over = await buyer.sees(({ text }) => text?.includes('is over') === true);
    await starwall.telegram.press(buyer.chat, over.message_id, `card:${productId}:0`);
    await buyer.hears(/^VIP\n\nA place among friends\n\nPrice: 50 ⭐\nAccess for 7 days after the payment\./);
    await creator.post(`/v1/products/${productId}/archive`).expect(200);
    await asksAgain(buyer);
    await buyer.sees((message) => buttonsOf(message).join() === 'Come back,shop:0', 'the way to the shop');
  });

  it('is announced before its end, once, with a button that extends it', async () => {
    const where = await place();
    const { productId, buyer } = await member(where);
    const invited = await buyer.hears(/You can come into “VIP” now, until/);
    await ages(where, buyer, '10 days');
    await accessOf(where, buyer, (it) => daysLeft(it) < 22);
    await ages(where, buyer, '17 days 1 hour');
    const reminder = await buyer.sees(({ text }) => text?.includes('is paid until') === true, 'the reminder');
    // The date that the invoice promised: the grace is not announced.
    const said = (text = '') => Date.parse(`${/until (\d+ \w+ \d{4})/.exec(text)?.[1]} UTC`);
    const paidUntil = Date.parse(String((await accessOf(where, buyer, () => true))['access_until'])) - 86_400_000;
    expect(said(reminder.text)).toBe(Math.floor(paidUntil / 86_400_000) * 86_400_000);
    expect(Math.abs(said(invited) - (Date.now() + 30 * 86_400_000))).toBeLessThan(86_400_000 + 60_000);
    expect(buttonsOf(reminder)).toEqual([['Extend for 50 ⭐', `buy:${productId}`]]);
    await ages(where, buyer, '1 hour');

    await starwall.telegram.press(buyer.chat, reminder.message_id, `buy:${productId}`);
    const invoice = await eventually('the invoice', async () =>
      (await buyer.messages()).filter((message) => message.invoice !== undefined).at(1),
    );
    expect(await buyer.pays(invoice.message_id)).toMatchObject({ status: 'paid' });
    expect(daysLeft(await accessOf(where, buyer, (it) => daysLeft(it) > 30))).toBeCloseTo(33.9, 1);
    expect((await buyer.heard()).filter((text) => text.includes('is paid until'))).toHaveLength(1);
  });

  it('continues when it is bought again before the end, and the remaining time is added', async () => {
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

  it('ends with a refund at once, unless another product gives access, too', async () => {
    const where = await place();
    const { buyer } = await member(where);
    await buys(await sells(where, { title: 'For good' }), buyer);
    await accessOf(where, buyer, (it) => it['access_until'] === null);
    const orders = (await creator.get(`/v1/orders?buyer_telegram_id=${buyer.id}`).expect(200)).body.data as View[];
    const [forGood, forDays] = orders;
    await creator.post(`/v1/orders/${forGood?.id}/refunds`).expect(202);
    await accessOf(where, buyer, (it) => it['access_until'] !== null && daysLeft(it) > 30);
    expect(await standing(where, buyer)).toBe('member');
    await creator.post(`/v1/orders/${forDays?.id}/refunds`).expect(202);
    await becomes(where, buyer, 'left');
    await accessOf(where, buyer, (it) => it['state'] === 'ended');
    await eventually('the Stars to come back', async () => (await buyer.balance()) === 1_000);
  });

  it('ends with a refund before the first visit, too: the link stops working', async () => {
    const where = await place();
    const buyer = await buys(await sells(where));
    const link = await wayIn(buyer);
    const [order] = (await creator.get(`/v1/orders?buyer_telegram_id=${buyer.id}`).expect(200)).body.data;
    await creator.post(`/v1/orders/${order.id}/refunds`).expect(202);
    await accessOf(where, buyer, (it) => it['state'] === 'ended');
    expect((await inChat(where)).links).toContainEqual(expect.objectContaining({ url: link, isRevoked: true }));
  });

  it('ends with a ban of some minutes that is lifted, on a retry if necessary', async () => {
    const where = await place();
    const { buyer } = await member(where);
    const calls = async (method: string) =>
      (await starwall.telegram.calls(bot.telegramId)).filter(
        (call) => call.method === method && call.params['user_id'] === String(buyer.id),
      );
    const rule = { at: 'call', action: 'error400', name: 'unbanChatMember', botId: bot.telegramId } as const;
    await starwall.telegram.setFaults({ rules: [rule] });
    await ages(where, buyer, '32 days');
    await eventually('an attempt to lift the ban', async () => (await calls('unbanChatMember')).length > 0);
    expect(await standing(where, buyer)).toBe('kicked');
    const [ban] = await calls('banChatMember');
    const seconds = Number(ban?.params['until_date']) - Date.now() / 1_000;
    expect(seconds).toBeGreaterThan(60);
    expect(seconds).toBeLessThanOrEqual(5 * 60);

    await starwall.telegram.setFaults({ rules: [] });
    await backstage.hurryJobs(bot);
    await accessOf(where, buyer, (it) => it['state'] === 'ended');
    expect(await standing(where, buyer)).toBe('left');
  });

  it('ends for a buyer who was banned by someone else, and the ban stays', async () => {
    const where = await place();
    const { buyer } = await member(where);
    await starwall.telegram.setMember(where.number, buyer.id, { status: 'kicked' });
    await ages(where, buyer, '32 days');
    await accessOf(where, buyer, (it) => it['state'] === 'ended');
    expect(await standing(where, buyer)).toBe('kicked');
  });

  it('is another link in the last hour of the previous one, and the same before that', async () => {
    const where = await place();
    await creator.patch(`/v1/chats/${where.id}`, { admission: 'single_use' }).expect(200);
    const buyer = await buys(await sells(where));
    const link = await wayIn(buyer);
    const runsOut = (after: string) =>
      backstage.query(`update chat_accesses set link_expires_at = now() + $2::interval where link = $1`, [link, after]);
    await runsOut('62 minutes');
    await asksAgain(buyer);
    expect(await wayIn(buyer, 1)).toBe(link);
    await runsOut('58 minutes');
    await asksAgain(buyer);
    expect(await wayIn(buyer, 2)).not.toBe(link);
  });

  it('does not affect members who never bought, or administrators', async () => {
    const where = await place();
    const guest = await starwall.telegram.createUser({ first_name: 'Greta' });
    await starwall.telegram.setMember(where.number, guest.id, { status: 'member' });
    const { buyer } = await member(where);
    await starwall.telegram.setMember(where.number, buyer.id, { status: 'administrator', rights: {} });
    await ages(where, buyer, '40 days');
    await accessOf(where, buyer, (it) => it['state'] === 'ended');
    expect(await standing(where, buyer)).toBe('administrator');
    expect(await standing(where, guest)).toBe('member');
    const checked = (await creator.post(`/v1/chats/${where.id}/check`).expect(200)).body;
    expect(checked).toMatchObject({ member_count: 4, missing_rights: [] });
  });

  it("by a single-use link stays the buyer's even when someone else uses it", async () => {
    const where = await place();
    await creator.patch(`/v1/chats/${where.id}`, { admission: 'single_use' }).expect(200);
    const buyer = await buys(await sells(where));
    const link = await wayIn(buyer);
    const thief = await Buyer.meets(starwall, bot.telegramId, 0);
    expect(await starwall.telegram.join(thief.id, link)).toMatchObject({ status: 'joined' });
    await becomes(where, thief, 'left');
    await asksAgain(buyer);
    const fresh = await wayIn(buyer, 1);
    expect(fresh).not.toBe(link);
    await joins(where, buyer, fresh);
  });

  it.each(['message', 'membership'] as const)(
    'stays with a group that becomes a supergroup, if the %s is reported first',
    async (first) => {
      const where = await place('group');
      const { productId, buyer } = await member(where);
      const late = await buys(productId);
      const lost = await wayIn(late);
      const { id: number } = await starwall.telegram.upgradeGroup(where.number, { first });
      const grown = { ...where, number };
      await eventually('the new number', async () => (await chat(where))['telegram_id'] === number);
      expect(await chat(where)).toMatchObject({ type: 'supergroup', missing_rights: [] });
      expect(await rowsAt(number, where.number)).toEqual([where.id]);
      const fresh = await wayIn(late, 1);
      expect(fresh).not.toBe(lost);
      await joins(grown, late, fresh);
      await joins(grown, await buys(productId));
      await ages(where, buyer, '40 days');
      await becomes(grown, buyer, 'left');
    },
  );

  it('stays with a group whose upgrade was never reported, but found out when admitting a buyer', async () => {
    const where = await place('group');
    const productId = await sells(where);
    const number = await upgradeUnheard(where);
    await joins({ ...where, number }, await buys(productId));
    expect(await chat(where)).toMatchObject({ telegram_id: number, type: 'supergroup', missing_rights: [] });
  });

  it('stays with a group whose upgrade was half reported, but found out by a check', async () => {
    const where = await place('group');
    const productId = await sells(where);
    const number = await upgradeUnheard(where, 'message');
    const stray = await chatAt(creator, number);
    expect(stray.id).not.toBe(where.id);
    const checked = (await creator.post(`/v1/chats/${where.id}/check`).expect(200)).body;
    expect(checked).toMatchObject({ id: where.id, telegram_id: number, type: 'supergroup', missing_rights: [] });
    expect(await rowsAt(number, where.number)).toEqual([where.id]);
    expect((await creator.get(`/v1/chats/${stray.id}`).expect(200)).body.id).toBe(where.id);
    await joins({ ...where, number }, await buys(productId));
  });

  it('is given to a buyer who requested by another’s link before they paid', async () => {
    const where = await place();
    const productId = await sells(where);
    const asked = await callTelegram(starwall, bot, 'createChatInviteLink', {
      chat_id: where.number,
      creates_join_request: true,
    });
    const stray = (asked.result as { invite_link: string }).invite_link;
    const buyer = await Buyer.meets(starwall, bot.telegramId);
    await starwall.telegram.setFaults({ rules: [{ at: 'queue', action: 'lose', name: 'chat_join_request' }] });
    expect(await starwall.telegram.join(buyer.id, stray)).toMatchObject({ status: 'requested' });
    await starwall.telegram.setFaults({ rules: [] });
    await buys(productId, buyer);
    await becomes(where, buyer, 'member');
  });

  it("is the same chat for a post that uses the group's former number", async () => {
    const where = await place('group');
    const productId = await sells(where);
    const number = await upgradeUnheard(where);
    const asked = creator.post(`/v1/products/${productId}/posts`, { chat_id: where.number });
    const posted = (await asked.set('idempotency-key', `post-${productId}`).expect(201)).body;
    expect(posted).toMatchObject({ chat_id: number, state: 'posted' });
    expect(await chat(where)).toMatchObject({ telegram_id: number, type: 'supergroup' });
  });

  it('ends only in the database when its bot was removed', async () => {
    const leaving = await creator.registerBot();
    const number = await openChat(starwall, leaving, 'supergroup');
    const where = { number, id: (await chatAt(creator, number)).id };
    const productId = await creator.createProduct(leaving.id, accessTo(where, { chat_access: { days: 30 } }));
    const buyer = await Buyer.meets(starwall, leaving.telegramId);
    await buys(productId, buyer);
    await joins(where, buyer);
    await creator.removeBot(leaving.id);
    await ages(where, buyer, '40 days');
    await accessOf(where, buyer, (it) => it['state'] === 'ended');
    expect(await standing(where, buyer)).toBe('member');
  });

  it('lasts as long as a subscription does', async () => {
    const where = await place('channel');
    const plan = { kind: 'subscription', title: 'Pro', chat_access: undefined, subscription: { grace_seconds: 0 } };
    const productId = await sells(where, plan);
    const buyer = await Buyer.meets(starwall, bot.telegramId);
    await starwall.telegram.start(buyer.chat, `buy_${productId}`);
    const offer = await buyer.sees((message) => JSON.stringify(message.reply_markup ?? '').includes('every 30 days'));
    const url = /"url":"([^"]+)"/.exec(JSON.stringify(offer.reply_markup))?.[1] ?? '';
    expect(await starwall.telegram.payLink(buyer.id, url)).toMatchObject({ status: 'paid' });
    await joins(where, buyer);
    const [first] = await starwall.telegram.subscriptions(buyer.id);
    await starwall.telegram.renewSubscription(String(first?.id));
    const renewed = await accessOf(where, buyer, (it) => daysLeft(it) > 31);
    expect(renewed['state']).toBe('member');

    await starwall.telegram.cancelSubscription(String(first?.id));
    const [running] = await eventually('the cancelation', async () => {
      const { data } = (await creator.get(`/v1/subscriptions?buyer_telegram_id=${buyer.id}`).expect(200)).body;
      return data[0]?.state === 'canceled' && data;
    });
    await backstage.ageSubscription(running.id, '61 days');
    await backstage.ageAccess(renewed.id, '0 days');
    await becomes(where, buyer, 'left');
    await accessOf(where, buyer, (it) => it['state'] === 'ended');
  });
});

describe('a bot that loses its rights', () => {
  it('sells no access, alerts its creator, and completes waiting steps once it has them again', async () => {
    const where = await place();
    const { productId, buyer } = await member(where);
    const owner = await Buyer.meets(starwall, bot.telegramId);
    await owner.says('/start');
    await owner.hears(/Welcome/);
    await creator.sendsAlertsTo({ bot_id: bot.id, telegram_id: owner.id });

    await starwall.telegram.setMember(where.number, bot.telegramId, INVITES_ONLY);
    await owner.hears(/can no longer manage the chat “VIP”.*to ban users/s);
    const events = (await creator.get('/v1/events?type=chat.updated&limit=1').expect(200)).body.data;
    expect(events[0]).toMatchObject({
      livemode: false,
      data: { id: where.id, missing_rights: ['can_restrict_members'] },
      previous_attributes: { missing_rights: [], remedy: null, lacking_since: null },
    });
    expect(await product(productId)).toMatchObject({ chat_ready: false });
    const late = await Buyer.meets(starwall, bot.telegramId);
    await starwall.telegram.start(late.chat, `buy_${productId}`);
    await late.hears(/Access to this chat cannot be sold at the moment/);

    await ages(where, buyer, '40 days');
    await eventually('a removal that is refused', async () => {
      const calls = await starwall.telegram.calls(bot.telegramId);
      return calls.some(
        ({ method, params }) => method === 'banChatMember' && String(params['user_id']) === String(buyer.id),
      );
    });
    expect(await standing(where, buyer)).toBe('member');
    await starwall.telegram.setMember(where.number, bot.telegramId, DOORKEEPER);
    await becomes(where, buyer, 'left');
    expect(await product(productId)).toMatchObject({ chat_ready: true });
  });

  it('is found out when no update reported it', async () => {
    const where = await place();
    await starwall.telegram.setFaults({
      rules: [{ at: 'queue', action: 'lose', name: 'my_chat_member', botId: bot.telegramId }],
    });
    await starwall.telegram.setMember(where.number, bot.telegramId, { status: 'kicked' });
    await starwall.telegram.setFaults({ rules: [] });
    const checked = (await creator.post(`/v1/chats/${where.id}/check`).expect(200)).body;
    expect(checked).toMatchObject({
      missing_rights: ['can_invite_users', 'can_restrict_members'],
      remedy: expect.stringContaining('no longer in the chat'),
    });
  });

  it('gets updates about its chats even when its webhook was set before there were any', async () => {
    const deaf = await creator.registerBot();
    const [connected] = (await starwall.telegram.calls(deaf.telegramId)).filter((it) => it.method === 'setWebhook');
    const former = { url: connected?.params['url'], allowed_updates: ['message'] };
    expect(await callTelegram(starwall, deaf, 'setWebhook', former)).toMatchObject({ ok: true });
    const tenant = String((await creator.get('/v1/me').expect(200)).body.tenant.id);
    const ids = [parseId('tenant', tenant), parseId('bot', deaf.id)].map(String);
    await starwall.app.get(WebhookWatch).look(String(ids[0]), String(ids[1]));
    await chatAt(creator, await openChat(starwall, deaf, 'group'));
  });
});

describe('a chat that anyone can join', () => {
  const name = () => `open_${Math.random().toString(36).slice(2, 12)}`;
  const open = (number: number, openness: Parameters<typeof starwall.telegram.openSharedChat>[1]) =>
    starwall.telegram.openSharedChat(number, openness);
  const check = async ({ id }: Place): Promise<View> =>
    (await creator.post(`/v1/chats/${id}/check`).expect(200)).body as View;

  it('is not sold, and has a remedy', async () => {
    const owner = await starwall.telegram.createUser({ first_name: 'Olga' });
    const username = name();
    const { id: number } = await starwall.telegram.createSharedChat({
      type: 'channel',
      title: 'News',
      username,
      ownerId: owner.id,
    });
    await starwall.telegram.setMember(number, bot.telegramId, DOORKEEPER);
    const shown = await chatAt(creator, number);
    const where = { number, id: shown.id };
    expect(shown).toMatchObject({
      username,
      open_to_anybody: true,
      missing_rights: [],
      remedy: expect.stringContaining(`Anybody can come in by @${username}`),
      lacking_since: expect.any(String),
    });
    const refused = await creator.post('/v1/products', { bot_id: bot.id, stars: 50, ...accessTo(where) }).expect(409);
    expect(refused.body).toMatchObject({ code: 'chat_not_ready' });
    const draft = await sells(where, { state: 'draft' });
    await open(number, { username: null });
    expect(await check(where)).toMatchObject({ open_to_anybody: false, remedy: null, lacking_since: null });
    await creator.post(`/v1/products/${draft}/activate`).expect(200);
  });

  it('has no paid links, because people could join for free', async () => {
    const where = await place('channel');
    await open(where.number, { username: name() });
    const refused = await creator.post(`/v1/chats/${where.id}/paid-links`, { stars: 40 }).expect(409);
    expect(refused.body).toMatchObject({ code: 'chat_is_public' });
    const asked = (await starwall.telegram.calls(bot.telegramId)).filter(
      ({ method, params }) =>
        method === 'createChatSubscriptionInviteLink' && String(params['chat_id']) === String(where.number),
    );
    expect(asked).toEqual([]);
  });

  it('is noticed when the first person joins by its name: sales stop, and its creator is alerted', async () => {
    const where = await place('channel');
    const { productId, buyer } = await member(where);
    const owner = await Buyer.meets(starwall, bot.telegramId);
    await owner.says('/start');
    await owner.hears(/Welcome/);
    await creator.sendsAlertsTo({ bot_id: bot.id, telegram_id: owner.id });

    const username = name();
    await open(where.number, { username });
    const guest = await Buyer.meets(starwall, bot.telegramId, 0);
    expect(await starwall.telegram.join(guest.id, `@${username}`)).toMatchObject({ status: 'joined' });
    await owner.hears(new RegExp(`“VIP” is public now.*@${username}.*no access to it is sold`, 's'));
    expect(await product(productId)).toMatchObject({ chat_ready: false });
    expect(await standing(where, guest)).toBe('member');
    const late = await Buyer.meets(starwall, bot.telegramId);
    await starwall.telegram.start(late.chat, `buy_${productId}`);
    await late.hears(/Access to this chat cannot be sold at the moment/);
    // Buyers are still removed in time.
    await ages(where, buyer, '40 days');
    await becomes(where, buyer, 'left');
  });

  it('may be sold when it is a supergroup with requests: buyers are admitted, others wait for administrators', async () => {
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
      expect(await starwall.telegram.join(who.id, `@${username}`)).toMatchObject({ status: 'requested' });
    const [guest, early] = [
      await Buyer.meets(starwall, bot.telegramId, 0),
      await Buyer.meets(starwall, bot.telegramId),
    ];
    for (const one of [guest, early]) await asks(one);
    await buys(productId, early);
    await becomes(where, early, 'member');
    await early.hears(/You are in “VIP” already/);
    const buyer = await buys(productId);
    await wayIn(buyer);
    await asks(buyer);
    await becomes(where, buyer, 'member');
    expect(await standing(where, guest)).toBeUndefined();
    expect((await inChat(where)).requests).toMatchObject([{ userId: guest.id }]);
  });
});

describe('Telegram’s own paid invite link', () => {
  it('brings Stars to the channel, and states that they cannot be refunded here', async () => {
    const where = await place('channel');
    const path = `/v1/chats/${where.id}/paid-links`;
    const made = (await creator.post(path, { stars: 40, name: 'Spring' }).expect(201)).body;
    expect(made).toMatchObject({
      stars: 40,
      period_seconds: 2_592_000,
      notice: expect.stringContaining('not to the bot'),
    });
    const fan = await Buyer.meets(starwall, bot.telegramId, 100);
    expect(await starwall.telegram.join(fan.id, made.link)).toMatchObject({ status: 'joined' });
    expect(await inChat(where)).toMatchObject({ balance: 40 });
    expect((await creator.get(`/v1/orders?buyer_telegram_id=${fan.id}`).expect(200)).body.data).toEqual([]);
    expect((await creator.get(path).expect(200)).body.data).toMatchObject([{ id: made.id, revoked_at: null }]);
    for (let twice = 0; twice < 2; twice += 1) await creator.post(`${path}/${made.id}/revoke`).expect(200);
    const next = await Buyer.meets(starwall, bot.telegramId, 100);
    await expect(starwall.telegram.join(next.id, made.link)).rejects.toThrow('expired');
  });

  it('exists for channels only', async () => {
    const where = await place();
    const refused = await creator.post(`/v1/chats/${where.id}/paid-links`, { stars: 40 }).expect(409);
    expect(refused.body).toMatchObject({ code: 'not_a_channel' });
  });
});
