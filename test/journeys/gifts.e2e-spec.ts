import { newUuid } from '#libs/kernel';
import { Buyer, Creator, eventually, type RegisteredBot, type Starwall, startStarwall } from '../support/starwall.js';
import { Staff } from '../support/staff.js';

type Body = Record<string, unknown>;
type Right =
  | 'can_view_gifts_and_stars'
  | 'can_transfer_stars'
  | 'can_convert_gifts_to_stars'
  | 'can_transfer_and_upgrade_gifts';

const BEAR = '5170233102089322756';
const ROSE = '5168103777563050263';

let starwall: Starwall;
let creator: Creator;
let bot: RegisteredBot;
let fan: Buyer;

beforeAll(async () => {
  starwall = await startStarwall();
});
afterAll(() => starwall.stop());
beforeEach(async () => {
  await starwall.telegram.setFaults({ rules: [] });
  creator = await Creator.signUp(starwall);
  bot = await creator.registerBot();
  fan = await Buyer.meets(starwall, bot.telegramId, 10_000);
});

/** Increases the bot's balance by a sale. */
async function earn(stars: number): Promise<void> {
  const product = await creator.createProduct(bot.id, { stars });
  await fan.pays(await fan.wants(product));
  await fan.hears(/^Receipt/);
}

const spend = (path: string, body: object, key = newUuid()) => creator.post(path, body).set('idempotency-key', key);
const gift = (changes: Body = {}) => ({
  user_telegram_id: fan.id,
  gift_id: BEAR,
  max_stars: 20,
  confirm: true,
  ...changes,
});
const gifts = () => `/v1/bots/${bot.id}/gifts`;
const balance = async () => (await starwall.telegram.transactions(bot.telegramId)).balance;
const spendings = async (): Promise<Body[]> => (await creator.get('/v1/spendings').expect(200)).body.data;
const given = async () => (await starwall.telegram.account(fan.id)).gifts;
const callsOf = async (method: string) =>
  (await starwall.telegram.calls(bot.telegramId)).filter((call) => call.method === method).length;

/** Connects the bot to a person's account. */
async function connects(person: Buyer, ...rights: Right[]): Promise<string> {
  await starwall.telegram.setUpBot(bot.telegramId, { business: true });
  await starwall.telegram.connectBusiness(person.chat, { rights });
  return eventually('the connection', async () => {
    const [newest] = (await creator.get(`/v1/business-connections?bot_id=${bot.id}`).expect(200)).body.data as Body[];
    return newest?.['user_telegram_id'] === person.id &&
      JSON.stringify(newest['rights']) === JSON.stringify(rights.toSorted())
      ? `/v1/business-connections/${String(newest['id'])}`
      : undefined;
  });
}

describe('a gift', () => {
  it("is sent once per key, after a confirmation, within a price limit, and appears in Telegram's list", async () => {
    await earn(100);
    const { data } = (await creator.get(gifts()).expect(200)).body;
    expect(data).toEqual(
      expect.arrayContaining([expect.objectContaining({ id: BEAR, stars: 15, upgrade_stars: null })]),
    );

    const asked = await spend(gifts(), gift({ confirm: undefined })).expect(409);
    expect(asked.body).toMatchObject({ code: 'confirmation_required' });
    expect(asked.body.detail).toContain("spend 15 Stars of the bot's balance");
    const expensive = await spend(gifts(), gift({ max_stars: 14 })).expect(409);
    expect(expensive.body).toMatchObject({
      code: 'ceiling_exceeded',
      detail: 'It costs 15 Stars, and max_stars is 14.',
    });
    await creator
      .post(gifts(), gift())
      .expect(400)
      .expect(/idempotency_key_required/);
    expect([await spendings(), await callsOf('sendGift')]).toEqual([[], 0]);

    const done = await spend(gifts(), gift({ text: 'Thank you' }), 'one').expect(201);
    expect(done.body).toMatchObject({
      kind: 'gift',
      state: 'done',
      stars: 15,
      stars_from: 'bot',
      person_telegram_id: fan.id,
    });
    const again = await spend(gifts(), gift({ text: 'Thank you' }), 'one').expect(201);
    expect([again.body.id, again.headers['idempotent-replayed']]).toEqual([done.body.id, 'true']);
    await spend(gifts(), gift({ text: 'Other words' }), 'one').expect(422);
    expect([await balance(), await callsOf('sendGift')]).toEqual([85, 1]);
    expect(await given()).toMatchObject([{ gift: { id: BEAR }, text: 'Thank you' }]);

    await creator.post(`/v1/bots/${bot.id}/reconciliations`).expect(202);
    const found = await eventually('the transaction', async () => {
      const { body } = await creator.get(`/v1/spendings/${done.body.id}`).expect(200);
      return body.telegram_transaction_id !== null && (body as Body);
    });
    expect(found['state']).toBe('done');
    const log = (await creator.get('/v1/audit-entries').expect(200)).body.data as Body[];
    expect(log.filter(({ action }) => action === 'gifts_give').map(({ outcome }) => outcome)).toContain('done');
  });

  it("has an unknown outcome when the answer was lost, is never sent again, and is confirmed by Telegram's list", async () => {
    await earn(100);
    const lost = { at: 'call', name: 'sendGift', botId: bot.telegramId, action: 'drop_answer', times: 1 } as const;
    const silent = {
      at: 'call',
      name: 'getStarTransactions',
      botId: bot.telegramId,
      action: 'error429',
      seconds: 1,
    } as const;
    await starwall.telegram.setFaults({ rules: [lost, silent] });
    const answer = await spend(gifts(), gift(), 'lost').expect(503);
    expect(answer.body).toMatchObject({ code: 'telegram_outcome_unknown' });
    await spend(gifts(), gift(), 'lost')
      .expect(503)
      .expect(/telegram_outcome_unknown/);
    expect(await spendings()).toMatchObject([{ state: 'unknown', stars: 15, telegram_transaction_id: null }]);
    expect(await callsOf('sendGift')).toBe(1);

    await starwall.telegram.setFaults({ rules: [] });
    const told = await eventually('the outcome', async () => (await spendings()).find(({ state }) => state === 'done'));
    expect(told['telegram_transaction_id']).not.toBeNull();
    const after = await spend(gifts(), gift(), 'lost').expect(201);
    expect(after.body.id).toBe(told['id']);
    expect([await callsOf('sendGift'), await balance()]).toEqual([1, 85]);
    const events = (await creator.get('/v1/events').expect(200)).body.data.map(({ type }: { type: string }) => type);
    expect(events).toEqual(expect.arrayContaining(['spending.unknown', 'spending.succeeded']));
  });

  it('costs nothing when Telegram refuses it, and can be requested again with its key', async () => {
    const refused = await spend(gifts(), gift(), 'poor').expect(409);
    expect(refused.body).toMatchObject({ code: 'telegram_refused' });
    expect(await spendings()).toMatchObject([
      { state: 'refused', failure: expect.stringContaining('BALANCE_TOO_LOW') },
    ]);
    await earn(100);
    await spend(gifts(), gift(), 'poor').expect(201);
    expect(await spendings()).toMatchObject([{ state: 'done', failure: null }]);
    expect(await balance()).toBe(85);
    await spend(gifts(), gift({ gift_id: '1' })).expect(404);
    const never = await spend(gifts(), gift({ pay_for_upgrade: true, max_stars: 100 })).expect(409);
    expect(never.body).toMatchObject({ code: 'gift_unusable' });
  });

  it('is sent once when it is requested concurrently with one key', async () => {
    await earn(100);
    const answers = await Promise.all(Array.from({ length: 5 }, () => spend(gifts(), gift(), 'race')));
    expect(answers.filter(({ status }) => status === 201).length).toBeGreaterThan(0);
    expect(answers.every(({ status }) => status === 201 || status === 409)).toBe(true);
    expect([await callsOf('sendGift'), await balance()]).toEqual([1, 85]);
  });

  it("can be months of Premium at Telegram's price", async () => {
    await earn(1_500);
    const premium = { user_telegram_id: fan.id, months: 3, max_stars: 1_000, confirm: true };
    await spend(`/v1/bots/${bot.id}/premium-gifts`, { ...premium, months: 4 }).expect(400);
    await spend(`/v1/bots/${bot.id}/premium-gifts`, { ...premium, max_stars: 999 }).expect(409);
    const done = await spend(`/v1/bots/${bot.id}/premium-gifts`, premium).expect(201);
    expect(done.body).toMatchObject({ kind: 'premium', stars: 1_000, details: { months: 3 } });
    expect(await balance()).toBe(500);
  });

  it('cannot be sent by another workspace, nor by one whose outbound messages are stopped', async () => {
    await earn(100);
    const stranger = await Creator.signUp(starwall);
    await stranger.post(gifts(), gift()).set('idempotency-key', newUuid()).expect(404);
    await stranger.get(gifts()).expect(404);
    const done = await spend(gifts(), gift()).expect(201);
    await stranger.get(`/v1/spendings/${done.body.id}`).expect(404);
    expect((await stranger.get('/v1/spendings').expect(200)).body.data).toEqual([]);
    const risk = await Staff.with('risk', starwall);
    const { body: me } = await creator.get('/v1/me').expect(200);
    const restriction = { state: 'outbound_stopped', reason: 'Gifts to strangers.' };
    await risk.post(`/v1/staff/tenants/${me.tenant.id}/restrict`, restriction).expect(200);
    await spend(gifts(), gift())
      .expect(403)
      .expect(/workspace_restricted/);
    expect(await callsOf('sendGift')).toBe(1);
  });
});

describe('a business account', () => {
  it('is shown with its rights, and each refused action names the missing right', async () => {
    const account = await connects(fan, 'can_view_gifts_and_stars');
    expect((await creator.get(`${account}/star-balance`).expect(200)).body).toMatchObject({ stars: 10_000 });
    const consent = { confirm: true, max_stars: 100 };
    const transfer = await spend(`${account}/star-transfers`, { stars: 100, ...consent }).expect(409);
    expect(transfer.body).toMatchObject({
      code: 'business_right_missing',
      detail: 'The account does not give the bot the right can_transfer_stars.',
    });
    const convert = { owned_gift_id: 'x', min_stars: 1, confirm: true };
    expect((await spend(`${account}/gift-conversions`, convert).expect(409)).body.detail).toContain(
      'can_convert_gifts',
    );
    await connects(fan);
    await creator
      .get(`${account}/gifts`)
      .expect(409)
      .expect(/can_view_gifts_and_stars/);
    await starwall.telegram.connectBusiness(fan.chat, { rights: [], isEnabled: false });
    await creator
      .get(`${account}/star-balance`)
      .expect(409)
      .expect(/business_connection_disabled/);
    expect((await creator.get(account).expect(200)).body).toMatchObject({ enabled: false, rights: [] });
    expect(await spendings()).toEqual([]);
    const stranger = await Creator.signUp(starwall);
    await stranger.get(account).expect(404);
    await stranger
      .post(`${account}/star-transfers`, { stars: 1, ...consent })
      .set('idempotency-key', 'x')
      .expect(404);
  });

  it('transfers its Stars to the bot once, without counting them as a sale', async () => {
    const account = await connects(fan, 'can_transfer_stars', 'can_view_gifts_and_stars');
    const body = { stars: 400, max_stars: 400 };
    const asked = await spend(`${account}/star-transfers`, body).expect(409);
    expect(asked.body.detail).toContain('spend 400 Stars of the business account');
    const done = await spend(`${account}/star-transfers`, { ...body, confirm: true }, 'move').expect(201);
    await spend(`${account}/star-transfers`, { ...body, confirm: true }, 'move').expect(201);
    expect(done.body).toMatchObject({ kind: 'star_transfer', stars_from: 'business_account', state: 'done' });
    expect([await balance(), await fan.balance()]).toEqual([400, 9_600]);
    const asks = await creator.post(`/v1/bots/${bot.id}/reconciliations`).expect(202);
    const compared = await eventually('the reconciliation', async () => {
      const { body: run } = await creator.get(`/v1/bots/${bot.id}/reconciliations/${asks.body.id}`).expect(200);
      return run.state === 'succeeded' && (run as Body);
    });
    expect(compared).toMatchObject({ unexplained: 0, difference: 400 });
    expect((await spendings())[0]?.['telegram_transaction_id']).not.toBeNull();
  });

  it('has its gifts converted, upgraded and transferred, each at the current price', async () => {
    const friend = await Buyer.meets(starwall, bot.telegramId, 1_000);
    for (const giftId of [BEAR, ROSE])
      await starwall.telegram.giveGift({ fromUserId: friend.id, toUserId: fan.id, giftId });
    const account = await connects(
      fan,
      'can_view_gifts_and_stars',
      'can_convert_gifts_to_stars',
      'can_transfer_and_upgrade_gifts',
      'can_transfer_stars',
    );
    const listed = (await creator.get(`${account}/gifts?limit=1`).expect(200)).body;
    expect(listed).toMatchObject({
      total_count: 2,
      data: [{ gift_id: BEAR, convert_stars: 12, can_be_upgraded: false }],
    });
    const rest = (await creator.get(`${account}/gifts?offset=${listed.next_offset}`).expect(200)).body;
    expect(rest.data).toMatchObject([{ gift_id: ROSE, upgrade_stars: 25 }]);
    const [bear, rose] = [listed.data[0].owned_gift_id, rest.data[0].owned_gift_id];

    const convert = { owned_gift_id: bear, min_stars: 13, confirm: true };
    await spend(`${account}/gift-conversions`, convert)
      .expect(409)
      .expect(/brings 12 Stars/);
    await spend(`${account}/gift-conversions`, { ...convert, min_stars: 12 }).expect(201);
    const upgrade = { owned_gift_id: rose, max_stars: 24, confirm: true };
    await spend(`${account}/gift-upgrades`, upgrade)
      .expect(409)
      .expect(/ceiling_exceeded/);
    await spend(`${account}/gift-upgrades`, { ...upgrade, max_stars: 25 }).expect(201);
    const handOn = { owned_gift_id: rose, to_telegram_id: friend.id, max_stars: 25, confirm: true };
    const done = await spend(`${account}/gift-transfers`, handOn).expect(201);
    expect(done.body).toMatchObject({ kind: 'gift_transfer', stars: 25, details: { to_telegram_id: friend.id } });
    expect((await starwall.telegram.account(friend.id)).gifts).toMatchObject([{ unique: { gift_id: ROSE } }]);
    expect(await fan.balance()).toBe(10_000 + 12 - 25 - 25);
    await spend(`${account}/gift-upgrades`, { ...upgrade, max_stars: 25 }).expect(404);
  });

  it('leaves the outcome unknown when the lost answer appears in no list', async () => {
    const friend = await Buyer.meets(starwall, bot.telegramId, 1_000);
    await starwall.telegram.giveGift({ fromUserId: friend.id, toUserId: fan.id, giftId: BEAR });
    const account = await connects(fan, 'can_view_gifts_and_stars', 'can_convert_gifts_to_stars');
    const [owned] = (await creator.get(`${account}/gifts`).expect(200)).body.data;
    const lost = {
      at: 'call',
      name: 'convertGiftToStars',
      botId: bot.telegramId,
      action: 'drop_answer',
      times: 1,
    } as const;
    await starwall.telegram.setFaults({ rules: [lost] });
    const body = { owned_gift_id: owned.owned_gift_id, min_stars: 1, confirm: true };
    for (let n = 0; n < 2; n += 1)
      await spend(`${account}/gift-conversions`, body, 'lost')
        .expect(503)
        .expect(/telegram_outcome_unknown/);
    expect(await callsOf('convertGiftToStars')).toBe(1);
    expect(await spendings()).toMatchObject([{ kind: 'gift_conversion', state: 'unknown' }]);
  });
});
