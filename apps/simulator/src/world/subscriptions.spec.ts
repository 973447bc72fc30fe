import { DAY } from '#libs/kernel';
import { restoreWorld, snapshotOf, type WorldSnapshot } from './snapshot.js';
import { World } from './world.js';

const PERIOD = 2_592_000;
const START = 1_795_262_400;
const clock = { now: () => new Date(START * 1_000) };

/** Ada has 120 Stars and has paid the first 50 of a subscription. */
async function makeSubscriber() {
  const world = new World({ seed: 1, clock });
  const bot = world.createBot({ username: 'shop_bot', name: 'Shop' });
  const ada = world.createPerson({ first_name: 'Ada' });
  world.topUp(ada, 120);
  const offer = world.checkout.createOffer({
    bot,
    title: 'Pro',
    description: 'P',
    payload: 'sub-1',
    label: 'P',
    amount: 50,
    startParameter: '',
    subscriptionPeriod: PERIOD,
  });
  const pay = () => {
    const payment = world.checkout.pay(ada, offer);
    const query = bot.queue.pending().at(-1)?.update.pre_checkout_query?.id;
    if (query !== undefined) world.checkout.answer(bot, query, undefined);
    return payment;
  };
  const first = await pay();
  const payments = () => bot.queue.pending().flatMap(({ update }) => update.message?.successful_payment ?? []);
  const states = () => bot.queue.pending().flatMap(({ update }) => update.subscription?.state ?? []);
  const id = world.subscriptions.of(ada.user.id)[0]?.id ?? '';
  const state = () => world.subscriptions.state(world.subscriptions.get(id));
  const chargeId = first.status === 'paid' ? first.chargeId : '';
  return { world, bot, ada, pay, payments, states, id, state, chargeId };
}

describe('a subscription', () => {
  it('starts with a payment that states when the period ends', async () => {
    const { payments, bot, chargeId } = await makeSubscriber();
    expect(payments()).toEqual([
      {
        currency: 'XTR',
        total_amount: 50,
        invoice_payload: 'sub-1',
        subscription_expiration_date: START + PERIOD,
        is_recurring: true,
        is_first_recurring: true,
        telegram_payment_charge_id: chargeId,
        provider_payment_charge_id: expect.stringMatching(/^\d+_1$/),
      },
    ]);
    expect(bot.ledger.all()).toMatchObject([{ source: { invoice_payload: 'sub-1', subscription_period: PERIOD } }]);
  });

  it('renews at the end of its period, from the wallet and without asking the bot', async () => {
    const { world, ada, bot, payments, chargeId } = await makeSubscriber();
    world.clock.advance(30 * DAY - 1);
    expect(ada.wallet.balance()).toBe(70);
    world.clock.advance(1);
    expect(ada.wallet.balance()).toBe(20);
    expect(bot.queue.pending().map(({ kind }) => kind)).toEqual(['message']);
    expect(payments()).toMatchObject([{ subscription_expiration_date: START + 2 * PERIOD, is_recurring: true }]);
    expect(payments()[0]).not.toHaveProperty('is_first_recurring');
    expect(payments()[0]?.telegram_payment_charge_id).not.toBe(chargeId);
  });

  it('fails when the wallet is empty, and continues when the buyer has Stars again', async () => {
    const { world, ada, bot, states, state, id } = await makeSubscriber();
    world.clock.advance(60 * DAY);
    expect([ada.wallet.balance(), state()]).toEqual([20, 'failed']);
    expect(states()).toEqual(['failed']);
    world.clock.advance(60 * DAY);
    world.topUp(ada, 100);
    world.subscriptions.renew(id);
    expect([ada.wallet.balance(), bot.ledger.balance(), state()]).toEqual([70, 150, 'active']);
    expect(world.subscriptions.get(id).expiresAt).toBe(START + 5 * PERIOD);
  });

  it('runs to its end after the buyer cancels it', async () => {
    const { world, ada, states, state, id } = await makeSubscriber();
    world.subscriptions.cancel(id);
    expect([state(), states()]).toEqual(['canceled', ['canceled']]);
    world.clock.advance(31 * DAY);
    expect([state(), ada.wallet.balance()]).toEqual(['ended', 70]);
    expect(() => world.subscriptions.resume(id)).toThrow('The subscription is ended, not canceled.');
  });

  it('can be resumed by the buyer, unless the bot canceled it', async () => {
    const { world, bot, ada, states, state, id, chargeId } = await makeSubscriber();
    world.subscriptions.cancel(id);
    world.subscriptions.resume(id);
    expect([state(), states()]).toEqual(['active', ['canceled', 'active']]);
    world.subscriptions.edit(bot.id, ada.user.id, chargeId, true);
    expect(() => world.subscriptions.resume(id)).toThrow('only the bot can resume it');
    world.subscriptions.edit(bot.id, ada.user.id, chargeId, false);
    expect(state()).toBe('canceled');
    world.subscriptions.resume(id);
    expect(state()).toBe('active');
  });

  it('is identified to the bot by its first charge only', async () => {
    const { world, bot, ada, id, payments } = await makeSubscriber();
    world.subscriptions.renew(id);
    const renewal = payments()[1]?.telegram_payment_charge_id ?? '';
    expect(() => world.subscriptions.edit(bot.id, ada.user.id, renewal, true)).toThrow('CHARGE_ID_INVALID');
  });

  it('cannot be bought again until it ends', async () => {
    const { world, ada, pay, id } = await makeSubscriber();
    expect(await pay()).toMatchObject({ status: 'already_subscribed' });
    world.subscriptions.cancel(id);
    expect(await pay()).toMatchObject({ status: 'already_subscribed' });
    world.clock.advance(30 * DAY);
    expect(await pay()).toMatchObject({ status: 'paid' });
    expect(ada.wallet.balance()).toBe(20);
  });

  it('continues after a refund of one payment', async () => {
    const { world, bot, ada, chargeId, state } = await makeSubscriber();
    world.checkout.refund(bot, ada, chargeId);
    world.clock.advance(30 * DAY);
    expect([state(), ada.wallet.balance()]).toEqual(['active', 70]);
  });

  it('renews in a restored world', async () => {
    const { world, ada, id } = await makeSubscriber();
    const again = new World({ seed: 1, clock });
    restoreWorld(again, JSON.parse(JSON.stringify(snapshotOf(world, 0))) as WorldSnapshot);
    again.clock.advance(30 * DAY);
    expect(again.person(ada.user.id).wallet.balance()).toBe(20);
    expect(again.subscriptions.get(id).expiresAt).toBe(START + 2 * PERIOD);
  });
});
