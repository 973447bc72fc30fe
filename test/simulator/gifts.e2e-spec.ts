import { invoice, openStage, type Stage, until } from './support.js';

const BEAR = '5170233102089322756';
const ROSE = '5168103777563050263';
const DIAMOND = '5170521118301225164';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
  await stage.client.topUp(stage.buyer.id, 10_000);
});
afterEach(() => stage.close());

const refused = (description: string) => ({ ok: false, description: expect.stringContaining(description) });

/** Increases the bot's balance by a sale. */
async function earn(stars: number): Promise<void> {
  const { client, call, chat, simulator, bot } = stage;
  const { result } = await call('sendInvoice', invoice(chat.userId, { prices: [{ label: 'x', amount: stars }] }));
  const payment = client.payMessage(chat, (result as { message_id: number }).message_id);
  const find = () => simulator.world.bot(bot.id).queue.pending().at(-1)?.update.pre_checkout_query;
  const query = await until(find, 'the pre-checkout');
  await call('answerPreCheckoutQuery', { pre_checkout_query_id: query.id, ok: true });
  await payment;
}

/** Connects the bot to the buyer's account. */
async function connect(
  ...rights: (
    | 'can_view_gifts_and_stars'
    | 'can_transfer_stars'
    | 'can_convert_gifts_to_stars'
    | 'can_transfer_and_upgrade_gifts'
  )[]
) {
  const { client, bot, chat } = stage;
  await client.setUpBot(bot.id, { business: true });
  const { id } = await client.connectBusiness(chat, { rights });
  return { business_connection_id: id };
}

const balance = async () => (await stage.call('getMyStarBalance')).result;

describe('a gift from a bot', () => {
  it("is paid with the bot's Stars and appears in its transactions", async () => {
    const { client, call, buyer } = stage;
    await earn(40);
    expect((await call('getAvailableGifts')).result).toMatchObject({
      gifts: expect.arrayContaining([expect.objectContaining({ id: BEAR, star_count: 15 })]),
    });
    expect(await call('sendGift', { user_id: buyer.id, gift_id: BEAR, text: 'Thanks' })).toMatchObject({ ok: true });
    expect(await balance()).toEqual({ amount: 25 });
    expect((await client.account(buyer.id)).gifts).toMatchObject([{ gift: { id: BEAR }, text: 'Thanks' }]);
    expect((await client.transactions(stage.bot.id)).transactions.at(-1)).toMatchObject({
      amount: 15,
      receiver: { transaction_type: 'gift_purchase', gift: { id: BEAR }, user: { id: buyer.id } },
    });
  });

  it('requires Stars, an existing gift, and a remaining copy', async () => {
    const { call, buyer } = stage;
    const give = (gift_id: string) => call('sendGift', { user_id: buyer.id, gift_id });
    expect(await give(BEAR)).toMatchObject(refused('BALANCE_TOO_LOW'));
    expect(await give('1')).toMatchObject(refused('STARGIFT_INVALID'));
    await earn(2_000);
    for (let left = 3; left > 0; left -= 1) expect(await give(DIAMOND)).toMatchObject({ ok: true });
    expect(await give(DIAMOND)).toMatchObject(refused('STARGIFT_USAGE_LIMITED'));
    expect(await balance()).toEqual({ amount: 500 });
  });

  it('can be months of Premium at their exact price', async () => {
    const { client, call, buyer, chat } = stage;
    await earn(1_000);
    const gift = { user_id: buyer.id, month_count: 3 };
    expect(await call('giftPremiumSubscription', { ...gift, star_count: 999 })).toMatchObject({ error_code: 400 });
    expect(await call('giftPremiumSubscription', { ...gift, star_count: 1_000 })).toMatchObject({ ok: true });
    expect(await balance()).toEqual({ amount: 0 });
    expect(await client.sendText(chat, 'hi')).toMatchObject({ from: { is_premium: true } });
  });
});

describe('a connected business account', () => {
  it('is reported to the bot with its rights, and again when they change', async () => {
    const { client, call, chat, simulator, bot, buyer } = stage;
    const { business_connection_id } = await connect('can_view_gifts_and_stars');
    await client.connectBusiness(chat, { rights: [], isEnabled: false });
    const updates = simulator.world
      .bot(bot.id)
      .queue.pending()
      .flatMap(({ update }) => update.business_connection ?? []);
    expect(updates).toMatchObject([
      {
        id: business_connection_id,
        user_chat_id: buyer.id,
        rights: { can_view_gifts_and_stars: true },
        is_enabled: true,
      },
      { id: business_connection_id, rights: {}, is_enabled: false },
    ]);
    expect((await call('getBusinessConnection', { business_connection_id })).result).toEqual(updates[1]);
    expect((await call('getMe')).result).toMatchObject({ can_connect_to_business: true });
  });

  it('shows and transfers its Stars if it has granted the rights', async () => {
    const { client, call, buyer } = stage;
    const account = await connect('can_view_gifts_and_stars', 'can_transfer_stars');
    expect((await call('getBusinessAccountStarBalance', account)).result).toEqual({ amount: 10_000 });
    expect(await call('transferBusinessAccountStars', { ...account, star_count: 400 })).toMatchObject({ ok: true });
    expect(await balance()).toEqual({ amount: 400 });
    expect(await client.user(buyer.id)).toMatchObject({ balance: 9_600 });
    expect(await call('transferBusinessAccountStars', { ...account, star_count: 10_000 })).toMatchObject(
      refused('BALANCE_TOO_LOW'),
    );
    expect(await call('transferBusinessAccountStars', { ...account, star_count: 10_001 })).toMatchObject(
      refused('STARS_AMOUNT_INVALID'),
    );
  });

  it('lets the bot convert, upgrade and transfer gifts', async () => {
    const { client, call, buyer } = stage;
    const bob = await client.createUser({ first_name: 'Bob' });
    await client.topUp(bob.id, 100);
    const account = await connect(
      'can_view_gifts_and_stars',
      'can_convert_gifts_to_stars',
      'can_transfer_and_upgrade_gifts',
      'can_transfer_stars',
    );
    for (const giftId of [BEAR, ROSE]) await client.giveGift({ fromUserId: bob.id, toUserId: buyer.id, giftId });
    const { result } = await call('getBusinessAccountGifts', account);
    const { gifts } = result as { gifts: { owned_gift_id: string }[] };
    expect(result).toMatchObject({
      total_count: 2,
      gifts: [
        { type: 'regular', gift: { id: BEAR }, sender_user: { first_name: 'Bob' }, convert_star_count: 12 },
        { type: 'regular', gift: { id: ROSE }, can_be_upgraded: true },
      ],
    });
    const named = (index: number) => ({ ...account, owned_gift_id: gifts[index]?.owned_gift_id });
    expect(await call('convertGiftToStars', named(0))).toMatchObject({ ok: true });
    expect(await client.user(buyer.id)).toMatchObject({ balance: 10_012 });
    expect(await call('upgradeGift', named(1))).toMatchObject(refused('STARS_PAYMENT_REQUIRED'));
    expect(await call('upgradeGift', { ...named(1), star_count: 25 })).toMatchObject({ ok: true });
    expect((await call('getBusinessAccountGifts', account)).result).toMatchObject({
      gifts: [{ type: 'unique', gift: { gift_id: ROSE, number: 1 }, can_be_transferred: true }],
    });
    const transfer = { ...named(1), new_owner_chat_id: bob.id, star_count: 25 };
    expect(await call('transferGift', transfer)).toMatchObject({ ok: true });
    expect((await client.account(bob.id)).gifts).toMatchObject([{ unique: { gift_id: ROSE } }]);
    expect(await client.user(buyer.id)).toMatchObject({ balance: 9_962 });
  });

  it('refuses actions without a right, and any other bot', async () => {
    const { client, call, simulator } = stage;
    const account = await connect();
    for (const method of ['getBusinessAccountStarBalance', 'getBusinessAccountGifts']) {
      expect(await call(method, account)).toMatchObject({
        error_code: 403,
        description: 'Forbidden: BOT_ACCESS_FORBIDDEN',
      });
    }
    const other = await client.createBot({ username: 'other_bot', name: 'Other' });
    const query = new URLSearchParams(account).toString();
    const answer = await fetch(`${simulator.url}/bot${other.token}/getBusinessConnection?${query}`);
    expect(await answer.json()).toMatchObject(refused('business connection not found'));
  });
});
