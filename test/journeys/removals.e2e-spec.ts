import { parseId } from '#libs/kernel';
import { ClosingService } from '#libs/rights';
import { Backstage } from '../support/backstage.js';
import { chatAt, openChat } from '../support/chats.js';
import { Buyer, Creator, eventually, type RegisteredBot, type Starwall, startStarwall } from '../support/starwall.js';

let starwall: Starwall;
let backstage: Backstage;
let creator: Creator;
let bot: RegisteredBot;
let plan: string;

beforeAll(async () => {
  starwall = await startStarwall();
  backstage = await Backstage.open(starwall);
});
afterAll(async () => {
  await backstage.close();
  await starwall.stop();
});
beforeEach(async () => {
  creator = await Creator.signUp(starwall);
  bot = await creator.registerBot();
  const product = { kind: 'subscription', title: 'Pro', stars: 100, content: undefined };
  plan = await creator.createProduct(bot.id, product);
});
afterEach(() => starwall.telegram.setFaults({ rules: [] }));

interface Removal {
  readonly state: string;
  readonly renewals_stopped: number;
  readonly left: readonly { readonly kind: string; readonly pending: number; readonly failed: number }[];
  readonly failures: readonly Record<string, unknown>[];
}

const path = () => `/v1/bots/${bot.id}`;
const shown = async () =>
  (await creator.get(path()).expect(200)).body as { readonly state: string; readonly removal: Removal | null };
const removal = (what: string, wanted: (it: Removal) => boolean) =>
  eventually(what, async () => {
    await backstage.hurryJobs(bot);
    const { removal: it } = await shown();
    return it !== null && wanted(it) && it;
  });
const gone = () => removal('the removal', (it) => it.state === 'done');
const events = async (type: string) =>
  (await creator.get(`/v1/events?type=${type}`).expect(200)).body.data as { data: Record<string, unknown> }[];

async function subscribes(person: { language_code?: string } = {}): Promise<Buyer> {
  const buyer = await Buyer.meets(starwall, bot.telegramId, 1_000, person);
  await starwall.telegram.start(buyer.chat, `buy_${plan}`);
  const offer = await buyer.sees((message) => JSON.stringify(message.reply_markup ?? '').includes('"url"'), 'a link');
  const url = /"url":"([^"]+)"/.exec(JSON.stringify(offer.reply_markup))?.[1] ?? '';
  expect(await starwall.telegram.payLink(buyer.id, url)).toMatchObject({ status: 'paid' });
  await eventually('the delivery', async () => {
    const { data } = (await creator.get(`/v1/orders?buyer_telegram_id=${buyer.id}&payment_state=paid`)).body;
    return data[0]?.status === 'delivered';
  });
  return buyer;
}

const atTelegram = async (buyer: Buyer) => {
  const [first] = await starwall.telegram.subscriptions(buyer.id);
  if (first === undefined) throw new Error('Telegram knows no subscription');
  return first;
};

/** Makes our id of the subscription differ from Telegram's, so that Telegram refuses to stop it. */
const corruptChargeId = (buyer: Buyer) =>
  backstage.query(`update subscriptions set first_charge_id = first_charge_id || 'x' where buyer_id = $1`, [buyer.id]);
const restoreChargeId = (buyer: Buyer) =>
  backstage.query('update subscriptions set first_charge_id = left(first_charge_id, -1) where buyer_id = $1', [
    buyer.id,
  ]);

describe('the removal of a bot', () => {
  it('stops charging buyers, and tells each of them how long their access lasts', async () => {
    const [ann, olga] = [await subscribes(), await subscribes({ language_code: 'ru' })];
    const canceled = await subscribes();
    await starwall.telegram.cancelSubscription((await atTelegram(canceled)).id);
    // Telegram fails at first, and the removal continues.
    await starwall.telegram.setFaults({
      rules: [
        { at: 'call', action: 'error500', name: 'editUserStarSubscription', botId: bot.telegramId, times: 1 },
        { at: 'call', action: 'error500', name: 'deleteWebhook', botId: bot.telegramId, times: 1 },
      ],
    });
    const asked = await Promise.all([1, 2, 3, 4].map(() => creator.delete(path())));
    expect(asked.map(({ status }) => status)).toEqual([202, 202, 202, 202]);
    expect(asked[0]?.body).toMatchObject({ state: 'removing', removal: { state: 'running', acknowledged: false } });

    expect(await gone()).toMatchObject({ renewals_stopped: 3, left: [], failures: [] });
    expect((await shown()).state).toBe('removed');
    await ann.hears(
      /“Pro” will not renew: this bot is closing, and no further payment will be taken\. You keep your access until /,
    );
    await olga.hears(/Подписка «Pro» больше не продлится: этот бот закрывается/);
    expect((await ann.heard()).filter((text) => text.includes('this bot is closing'))).toHaveLength(1);
    // The buyer had cancelled it and can no longer resume it.
    expect((await canceled.heard()).join()).not.toContain('this bot is closing');
    await expect(starwall.telegram.resumeSubscription((await atTelegram(canceled)).id)).rejects.toThrow();
    expect((await starwall.telegram.webhook(bot.telegramId)).url).toBe('');

    const [removing, removed] = [await events('bot.removing'), await events('bot.removed')];
    expect([removing.length, removed.length]).toEqual([1, 1]);
    await creator.delete(path()).expect(202);
    expect(await events('bot.removed')).toHaveLength(1);

    await starwall.telegram.advance(100 * 86_400);
    for (const buyer of [ann, olga, canceled]) expect(await buyer.balance()).toBe(900);
  });

  it('is stuck while Telegram does not stop a renewal; charges in the meantime are refunded', async () => {
    const [buyer, other] = [await subscribes(), await subscribes()];
    await corruptChargeId(buyer);
    await creator.delete(path()).expect(202);
    const stuck = await removal('the failure', (it) => it.state === 'stuck');
    expect(stuck.failures).toMatchObject([
      {
        kind: 'renewal',
        state: 'failed',
        reason: expect.stringContaining('CHARGE_ID_INVALID'),
        remedy: expect.any(String),
      },
    ]);
    expect((await creator.get(`${path()}/obligations`).expect(200)).body.data).toMatchObject([{ kind: 'renewal' }]);
    expect(await events('bot.removal_stuck')).toMatchObject([{ data: { bot_id: bot.id, state: 'stuck' } }]);
    expect((await atTelegram(other)).state).toBe('canceled');
    expect((await shown()).state).toBe('removing');

    await starwall.telegram.renewSubscription((await atTelegram(buyer)).id);
    const back = await eventually('the refund', async () => {
      const [order] = (await creator.get(`/v1/orders?buyer_telegram_id=${buyer.id}`).expect(200)).body.data;
      return order.payment_state === 'refunded' && order;
    });
    expect(back).toMatchObject({ billing: 'subscription_renewal' });
    expect(await buyer.balance()).toBe(900);

    await restoreChargeId(buyer);
    await creator.delete(path()).expect(202);
    expect(await gone()).toMatchObject({ failures: [] });
    expect(await events('bot.removal_stuck')).toHaveLength(1);
    await starwall.telegram.advance(100 * 86_400);
    expect(await buyer.balance()).toBe(900);
  });

  it('can be completed by an acknowledgement, and permanently lists what remained', async () => {
    const buyer = await subscribes();
    await corruptChargeId(buyer);
    await creator.delete(path()).expect(202);
    await removal('the failure', (it) => it.state === 'stuck');
    await creator.delete(`${path()}?acknowledge_failures=true`).expect(202);
    const done = await gone();
    expect(done).toMatchObject({ acknowledged: true, failures: [{ kind: 'renewal', reason: expect.any(String) }] });
    expect((await creator.get(`${path()}/obligations`).expect(200)).body.data).toEqual(done.failures);
    await creator.delete(`${path()}?acknowledge=true`).expect(400);
  });

  it('is refused without an acknowledgement while the bot has obligations and Telegram refuses its token', async () => {
    const buyer = await subscribes();
    await starwall.telegram.revokeToken(bot.telegramId);
    await buyer.says('/terms');
    await eventually('the token to be known as invalid', async () => (await shown()).state === 'token_invalid');
    const { body } = await creator.delete(path()).expect(409);
    expect(body).toMatchObject({ code: 'bot_owes', remedy: expect.stringContaining('rotate-token') });
    expect((await shown()).removal).toBeNull();
    await creator.delete(`${path()}?acknowledge_failures=true`).expect(202);
    const reason = 'Telegram refuses the token of the bot.';
    expect((await gone()).failures).toContainEqual(expect.objectContaining({ kind: 'renewal', reason }));

    const fresh = await creator.registerBot();
    await starwall.telegram.revokeToken(fresh.telegramId);
    await creator.removeBot(fresh.id);
  });

  it('continues with the next token when the token is revoked meanwhile', async () => {
    const buyer = await subscribes();
    await corruptChargeId(buyer);
    await creator.delete(path()).expect(202);
    await removal('the failure', (it) => it.state === 'stuck');
    const token = await starwall.telegram.revokeToken(bot.telegramId);
    await restoreChargeId(buyer);
    await creator.delete(path()).expect(202);
    await removal('the refused token', (it) => it.failures[0]?.['reason'] === 'Telegram refuses the token of the bot.');
    await creator.post(`${path()}/rotate-token`, { token }).expect(200);
    await gone();
    expect((await atTelegram(buyer)).state).toBe('canceled');
  });

  it("revokes the bot's links, and stops its sales and payments", async () => {
    const number = await openChat(starwall, bot, 'channel');
    const { id: chatId } = await chatAt(creator, number);
    const paid = (await creator.post(`/v1/chats/${chatId}/paid-links`, { stars: 10 }).expect(201)).body.link as string;
    const access = { kind: 'chat_access', content: undefined, chat_id: chatId, chat_access: { days: 30 } };
    const buyer = await Buyer.meets(starwall, bot.telegramId);
    await buyer.pays(await buyer.wants(await creator.createProduct(bot.id, access)));
    const sent = await buyer.sees(
      (message) => JSON.stringify(message.reply_markup ?? '').includes('t.me/+'),
      'a way in',
    );
    const link = /"url":"([^"]+)"/.exec(JSON.stringify(sent.reply_markup))?.[1] ?? '';
    const late = await Buyer.meets(starwall, bot.telegramId);
    const unpaid = await late.wants(await creator.createProduct(bot.id));

    const subscriber = await subscribes();
    await corruptChargeId(subscriber);
    await creator.delete(path()).expect(202);
    await removal('all but the renewal', (it) => it.left.length === 1 && it.left[0]?.kind === 'renewal');
    const refusal = await late.pays(unpaid).catch((error: unknown) => error);
    expect(JSON.stringify(refusal) + String(refusal)).toMatch(/refused|cancel|closed/i);
    expect(await late.balance()).toBe(1_000);
    for (const revoked of [link, paid]) {
      const outcome = await starwall.telegram.join(late.id, revoked).catch((error: unknown) => String(error));
      expect(JSON.stringify(outcome)).toMatch(/revoked|expired|invalid|no such/i);
    }
    await creator
      .post('/v1/products', { bot_id: bot.id, kind: 'text', title: 'T', description: 'D', stars: 5, content: 'x' })
      .expect(404);
    await restoreChargeId(subscriber);
    await creator.delete(path()).expect(202);
    await gone();
  });

  it('can neither be started nor viewed by another workspace', async () => {
    await subscribes();
    const other = await Creator.signUp(starwall);
    await other.delete(path()).expect(404);
    await other.get(`${path()}/obligations`).expect(404);
    expect(await shown()).toMatchObject({ state: 'active', removal: null });
    expect((await creator.get(`${path()}/obligations`).expect(200)).body.data).toMatchObject([{ kind: 'renewal' }]);
  });
});

it('a workspace that is being closed stops every renewal first, and waits for those that it cannot stop', async () => {
  const [buyer, other] = [await subscribes(), await subscribes()];
  await corruptChargeId(buyer);
  const tenantId = String(parseId('tenant', String((creator.session as { tenant?: { id?: string } }).tenant?.id)));
  await creator.post('/v1/workspace/close', { confirm: 'A shop' }).expect(200);
  await backstage.query(`update closures set due_at = now() where tenant_id = $1`, [tenantId]);
  const closing = starwall.app.get(ClosingService);
  const closed = async () => {
    await backstage.hurryJobs(bot);
    return closing.close(tenantId);
  };
  expect(await closed()).toBe(false);
  await removal('the failure', (it) => it.state === 'stuck');
  expect(await closed()).toBe(false);
  expect((await atTelegram(other)).state).toBe('canceled');
  // It was not fixed for a week.
  await backstage.query(`update closures set due_at = now() - interval '8 days' where tenant_id = $1`, [tenantId]);
  await eventually('the end', closed);
  const [left] = await backstage.query<{ reason: string }>(
    `select reason from bot_removal_failures where tenant_id = $1 and kind = 'renewal'`,
    [tenantId],
  );
  expect(left?.reason).toContain('CHARGE_ID_INVALID');
});
