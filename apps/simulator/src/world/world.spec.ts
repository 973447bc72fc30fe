import { ApiError } from './errors.js';
import type { PaymentOutcome } from './offer.js';
import { World } from './world.js';

/** A world whose clock moves only on request. */
function makeWorld() {
  const world = new World({ seed: 1, clock: { now: () => new Date('2026-11-21T12:00:00Z') } });
  const bot = world.createBot({ username: 'shop_bot', name: 'Shop' });
  const ada = world.createPerson({ first_name: 'Ada' });
  world.conversations.personSays(bot, ada, '/start');
  bot.queue.clear();
  const offer = (startParameter = '') =>
    world.checkout.createOffer({
      bot,
      title: 'Guide',
      description: 'G',
      payload: 'order-1',
      label: 'G',
      amount: 50,
      startParameter,
    });
  const lastUpdate = () => bot.queue.pending().at(-1)?.update;
  return { world, bot, ada, offer, lastUpdate };
}

/** Returns the outcome, or undefined while the payment is undecided. */
async function settled(payment: Promise<PaymentOutcome>): Promise<PaymentOutcome | undefined> {
  return Promise.race([payment, new Promise<undefined>((resolve) => setImmediate(() => resolve(undefined)))]);
}

const refusal = (description: string) => new ApiError(400, `Bad Request: ${description}`);
const TOO_OLD = refusal('query is too old and response timeout expired or query ID is invalid');

describe('a payment', () => {
  it('is refused at once when the wallet has too few Stars', async () => {
    const { world, ada, offer, bot } = makeWorld();
    world.topUp(ada, 49);
    expect(await world.checkout.pay(ada, offer())).toEqual({
      status: 'not_enough_stars',
      text: 'You need 1 more Star.',
    });
    expect(bot.queue.pending()).toEqual([]);
  });

  it('moves Stars once the bot approves', async () => {
    const { world, ada, offer, bot, lastUpdate } = makeWorld();
    world.topUp(ada, 60);
    const payment = world.checkout.pay(ada, offer());
    const query = lastUpdate()?.pre_checkout_query;
    expect(query).toEqual({
      id: expect.stringMatching(/^\d{19}$/),
      from: { id: ada.user.id, is_bot: false, first_name: 'Ada', language_code: 'en' },
      currency: 'XTR',
      total_amount: 50,
      invoice_payload: 'order-1',
    });
    world.checkout.answer(bot, query?.id ?? '', undefined);
    const outcome = await payment;
    expect(outcome.status).toBe('paid');
    expect([ada.wallet.balance(), bot.ledger.balance()]).toEqual([10, 50]);
    expect(() => world.checkout.answer(bot, query?.id ?? '', undefined)).toThrow(TOO_OLD);
  });

  it("sends the bot a receipt in Telegram's format", async () => {
    const { world, ada, offer, bot, lastUpdate } = makeWorld();
    world.topUp(ada, 50);
    const payment = world.checkout.pay(ada, offer());
    world.checkout.answer(bot, lastUpdate()?.pre_checkout_query?.id ?? '', undefined);
    await payment;
    expect(lastUpdate()).toEqual({
      update_id: expect.any(Number),
      message: {
        message_id: expect.any(Number),
        from: ada.user,
        chat: { id: ada.user.id, first_name: 'Ada', type: 'private' },
        date: 1_795_262_400,
        successful_payment: {
          currency: 'XTR',
          total_amount: 50,
          invoice_payload: 'order-1',
          telegram_payment_charge_id: expect.stringMatching(/^stx[\w-]{107}(?:[\w-]{21})?$/),
          provider_payment_charge_id: `${ada.user.id}_1`,
        },
      },
    });
  });

  it('fails with the bot’s message when the bot refuses', async () => {
    const { world, ada, offer, bot, lastUpdate } = makeWorld();
    world.topUp(ada, 50);
    const payment = world.checkout.pay(ada, offer());
    world.checkout.answer(bot, lastUpdate()?.pre_checkout_query?.id ?? '', 'Sold out');
    expect(await payment).toEqual({ status: 'refused', text: 'Sold out' });
    expect(ada.wallet.balance()).toBe(50);
  });

  it('waits exactly ten seconds for the bot', async () => {
    const { world, ada, offer, bot, lastUpdate } = makeWorld();
    world.topUp(ada, 50);
    const payment = world.checkout.pay(ada, offer());
    world.clock.advance(9_999);
    expect(await settled(payment)).toBeUndefined();
    world.clock.advance(1);
    expect(await settled(payment)).toMatchObject({ status: 'timeout' });
    expect(() => world.checkout.answer(bot, lastUpdate()?.pre_checkout_query?.id ?? '', undefined)).toThrow(TOO_OLD);
    expect([ada.wallet.balance(), bot.ledger.balance()]).toEqual([50, 0]);
  });

  it('cannot spend the same Stars twice on two devices', async () => {
    const { world, ada, offer, bot } = makeWorld();
    world.topUp(ada, 50);
    const payments = [world.checkout.pay(ada, offer()), world.checkout.pay(ada, offer())];
    for (const { update } of bot.queue.pending()) {
      if (update.pre_checkout_query) world.checkout.answer(bot, update.pre_checkout_query.id, undefined);
    }
    expect((await Promise.all(payments)).map(({ status }) => status)).toEqual(['paid', 'not_enough_stars']);
  });

  it('cannot be answered by another bot', () => {
    const { world, ada, offer, lastUpdate } = makeWorld();
    const other = world.createBot({ username: 'other_bot', name: 'Other' });
    world.topUp(ada, 50);
    void world.checkout.pay(ada, offer());
    expect(() => world.checkout.answer(other, lastUpdate()?.pre_checkout_query?.id ?? '', undefined)).toThrow(TOO_OLD);
  });
});

describe('a refund', () => {
  async function paid() {
    const stage = makeWorld();
    const { world, ada, offer, bot, lastUpdate } = stage;
    world.topUp(ada, 50);
    const payment = world.checkout.pay(ada, offer());
    world.checkout.answer(bot, lastUpdate()?.pre_checkout_query?.id ?? '', undefined);
    await payment;
    return { ...stage, chargeId: lastUpdate()?.message?.successful_payment?.telegram_payment_charge_id ?? '' };
  }

  it('returns the Stars, tells the bot, and repeats the charge id in the transactions', async () => {
    const { world, ada, bot, chargeId, lastUpdate } = await paid();
    world.checkout.refund(bot, ada, chargeId);
    expect([ada.wallet.balance(), bot.ledger.balance()]).toEqual([50, 0]);
    expect(lastUpdate()?.message).toMatchObject({
      from: { id: bot.id, is_bot: true },
      chat: { id: ada.user.id },
      refunded_payment: {
        currency: 'XTR',
        total_amount: 50,
        invoice_payload: 'order-1',
        telegram_payment_charge_id: chargeId,
      },
    });
    const partner = { type: 'user', transaction_type: 'invoice_payment', user: ada.user, invoice_payload: 'order-1' };
    const row = { id: chargeId, amount: 50, date: 1_795_262_400 };
    expect(bot.ledger.page(0, 100)).toEqual([
      { ...row, source: partner },
      { ...row, receiver: partner },
    ]);
    expect(bot.ledger.page(1, 1)).toEqual([{ ...row, receiver: partner }]);
  });

  it('can be made only once', async () => {
    const { world, ada, bot, chargeId } = await paid();
    world.checkout.refund(bot, ada, chargeId);
    expect(() => world.checkout.refund(bot, ada, chargeId)).toThrow(refusal('CHARGE_ALREADY_REFUNDED'));
    expect(ada.wallet.balance()).toBe(50);
  });

  it('needs a charge of the same buyer', async () => {
    const { world, ada, bot, chargeId } = await paid();
    const bob = world.createPerson({ first_name: 'Bob' });
    expect(() => world.checkout.refund(bot, ada, 'stxNothing')).toThrow(refusal('CHARGE_NOT_FOUND'));
    expect(() => world.checkout.refund(bot, bob, chargeId)).toThrow(refusal('CHARGE_NOT_FOUND'));
  });

  it('needs enough Stars on the bot’s balance', async () => {
    const { world, ada, bot, chargeId } = await paid();
    world.till.withdraw(bot, 1);
    expect(() => world.checkout.refund(bot, ada, chargeId)).toThrow(refusal('BALANCE_TOO_LOW'));
  });
});

describe('updates', () => {
  it('have consecutive ids, and expire after a day', () => {
    const { world, bot, ada } = makeWorld();
    for (const text of ['one', 'two', 'three']) world.conversations.personSays(bot, ada, text);
    const ids = bot.queue.pending().map(({ update }) => update.update_id);
    expect(ids.map((id) => id - (ids[0] ?? 0))).toEqual([0, 1, 2]);
    world.clock.advance(24 * 3_600_000);
    expect(bot.queue.pending()).toEqual([]);
  });

  it('are not stored if the bot did not request their kind', () => {
    const { world, bot, ada } = makeWorld();
    bot.allowedUpdates = ['callback_query'];
    world.conversations.personSays(bot, ada, 'hello');
    expect(bot.queue.pending()).toEqual([]);
  });

  it("report that the bot was blocked, in Telegram's format", () => {
    const { world, bot, ada, lastUpdate } = makeWorld();
    world.conversations.setBlocked(bot, ada, true);
    expect(lastUpdate()?.my_chat_member).toMatchObject({
      from: ada.user,
      old_chat_member: { user: bot.user(), status: 'member' },
      new_chat_member: { user: bot.user(), status: 'kicked', until_date: 0 },
    });
  });
});

describe('faults', () => {
  it('are repeatable with the same seed', () => {
    const draws = () => {
      const { world } = makeWorld();
      world.reseed(42);
      world.faults.set([{ at: 'call', action: 'error500', probability: 0.5 }]);
      return Array.from({ length: 20 }, () => world.faults.strike('call', 1, 'getMe', 0)?.action ?? 'fine');
    };
    expect(draws()).toEqual(draws());
    expect(new Set(draws())).toEqual(new Set(['fine', 'error500']));
  });

  it('affect the named calls, as often as configured', () => {
    const { world, bot } = makeWorld();
    world.faults.set([{ at: 'call', action: 'error429', name: 'sendMessage', botId: bot.id, times: 1 }]);
    expect(world.faults.strike('call', bot.id, 'getMe', 0)).toBeUndefined();
    expect(world.faults.strike('call', bot.id + 1, 'sendMessage', 0)).toBeUndefined();
    expect(world.faults.strike('call', bot.id, 'sendMessage', 0)?.action).toBe('error429');
    expect(world.faults.strike('call', bot.id, 'sendMessage', 0)).toBeUndefined();
  });

  it('limit a method to one call per second', () => {
    const { world, bot } = makeWorld();
    world.faults.set([{ at: 'call', action: 'limit', name: 'setWebhook', seconds: 1 }]);
    const at = (now: number) => world.faults.strike('call', bot.id, 'setWebhook', now)?.action;
    expect([at(0), at(999), at(1_000)]).toEqual([undefined, 'limit', undefined]);
  });

  it.each([
    ['lose', ['two', 'three']],
    ['duplicate', ['one', 'one', 'two', 'three']],
    ['reorder', ['two', 'one', 'three']],
    ['delay', ['two', 'three', 'one']],
  ] as const)('change the queue according to their action: %s', (action, expected) => {
    const { world, bot, ada } = makeWorld();
    world.faults.set([{ at: 'queue', action, times: 1, seconds: 3 }]);
    for (const text of ['one', 'two', 'three']) world.conversations.personSays(bot, ada, text);
    world.clock.advance(3_000);
    expect(bot.queue.pending().map(({ update }) => update.message?.text)).toEqual(expected);
  });
});
