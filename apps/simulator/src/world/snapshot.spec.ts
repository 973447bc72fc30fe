import type { Bot } from './bot.js';
import type { Person } from './person.js';
import { restoreWorld, snapshotOf, type WorldSnapshot } from './snapshot.js';
import { World } from './world.js';

const clock = { now: () => new Date('2026-11-21T12:00:00Z') };

/** Returns the snapshot after a round trip through JSON. */
const kept = (world: World, skippedIds = 0) =>
  JSON.parse(JSON.stringify(snapshotOf(world, skippedIds))) as WorldSnapshot;

function restored(world: World, skippedIds = 0): World {
  const again = new World({ seed: 1, clock });
  restoreWorld(again, kept(world, skippedIds));
  return again;
}

function offerOf(world: World, bot: Bot, startParameter = '') {
  const terms = { title: 'Guide', description: 'G', payload: 'order-1', label: 'G', amount: 50, startParameter };
  return world.checkout.createOffer({ bot, ...terms });
}

async function buy(world: World, bot: Bot, person: Person): Promise<string> {
  const offer = offerOf(world, bot);
  const chat = world.chat(bot, person);
  const { message_id: invoiceId } = world.conversations.botSays(
    bot,
    chat,
    { text: 'An invoice' },
    { offerId: offer.id },
  );
  const payment = world.checkout.pay(person, offer, invoiceId);
  world.checkout.answer(bot, bot.queue.pending().at(-1)?.update.pre_checkout_query?.id ?? '', undefined);
  const outcome = await payment;
  return outcome.status === 'paid' ? outcome.chargeId : '';
}

/** Makes two payments (one refunded), a link, a forwarded invoice, a file, an unanswered press and a blocked chat. */
async function makeHistory() {
  const world = new World({ seed: 1, clock });
  const bot = world.createBot({ username: 'shop_bot', name: 'Shop' });
  const ada = world.createPerson({ first_name: 'Ada', username: 'ada_buys', language_code: 'de', is_premium: true });
  const bob = world.createPerson({ first_name: 'Bob', last_name: 'Stone' });
  world.topUp(ada, 200);
  world.conversations.personSays(bot, ada, '/start');
  world.conversations.personSays(bot, bob, '/start');
  const refunded = await buy(world, bot, ada);
  world.checkout.refund(bot, ada, refunded);
  const paid = await buy(world, bot, ada);
  const link = world.checkout.createLink(offerOf(world, bot));
  world.checkout.forward(offerOf(world, bot), ada, bob);
  world.checkout.forward(offerOf(world, bot, 'from_ada'), ada, bob);
  const file = world.files.store('document', bot.id, {
    name: 'g.md',
    mimeType: 'text/markdown',
    bytes: Buffer.of(0, 255),
  });
  const keyboard = { inline_keyboard: [[{ text: 'Buy', callback_data: 'buy' }]] };
  const asked = world.conversations.botSays(bot, world.chat(bot, ada), { text: 'Well?', reply_markup: keyboard });
  const press = world.conversations.press(bot, ada, asked.message_id, () => true);
  world.conversations.setBlocked(bot, bob, true);
  bot.commands.set('default:', [{ command: 'start', description: 'Start' }]);
  bot.texts.description.set('de', 'Ein Laden');
  bot.allowedUpdates = ['message', 'pre_checkout_query'];
  world.clock.advance(60_000);
  return { world, bot, ada, bob, paid, refunded, link, file, press };
}

describe('a restored world', () => {
  it('equals the stored world', async () => {
    const { world, bot, ada, bob, link, file } = await makeHistory();
    const again = restored(world);

    expect(kept(again)).toEqual(kept(world));
    expect(again.clock.now()).toEqual(world.clock.now());
    expect(again.person(ada.user.id)).toEqual(ada);
    expect(again.person(bob.user.id).inbox).toEqual(bob.inbox);
    const sameBot = again.botByToken(bot.token, 'production');
    expect(sameBot?.user()).toEqual(bot.user());
    expect(sameBot?.ledger.all()).toEqual(bot.ledger.all());
    expect(sameBot?.queue.pending()).toEqual(bot.queue.pending());
    expect(sameBot?.chats).toEqual(bot.chats);
    expect(sameBot?.commandsFor(ada.user)).toEqual(bot.commandsFor(ada.user));
    expect(sameBot?.textFor('description', 'de')).toBe('Ein Laden');
    expect(sameBot?.allowedUpdates).toEqual(bot.allowedUpdates);
    expect(again.checkout.offerByLink(link)).toMatchObject({ amount: 50, bot: { id: bot.id } });
    expect(again.files.find(bot.id, file.ref.file_id)).toEqual(file);
  });

  it('has the same groups and channels, with their members, links and requests', async () => {
    const { world, bot, ada, bob } = await makeHistory();
    const { sharedChats, invites, conversations } = world;
    const chat = sharedChats.create({ type: 'channel', title: 'VIP', ownerId: ada.user.id });
    const rights = { can_invite_users: true, can_post_messages: true };
    sharedChats.setStanding(chat, bot.id, ada.user.id, { status: 'administrator', rights });
    const link = invites.create(chat, bot.id, { createsJoinRequest: true, isPrimary: false });
    invites.join(bob, link.url);
    conversations.botSays(bot, chat, { text: 'Welcome' });
    const again = restored(world);

    expect(kept(again)).toEqual(kept(world));
    expect(again.sharedChats.get(chat.id)).toEqual(chat);
    again.invites.decide(again.sharedChats.get(chat.id), bob.user.id, bot.user(), true);
    expect(again.sharedChats.get(chat.id).isIn(bob.user.id)).toBe(true);
    expect(restored(world, 1_000).sharedChats.get(chat.id).newMessageId()).toBe(chat.nextMessageId + 1_000);
  });

  it('has the same gifts, business connections and unlocked media', async () => {
    const { world, bot, ada, bob } = await makeHistory();
    bot.settings.business = true;
    world.gifts.personGives(ada, bob, '5168103777563050263', 'For you');
    const { id } = world.business.connect(bot, ada, ['can_transfer_stars'], true);
    const media = { star_count: 5, paid_media: [] };
    const { message_id } = world.conversations.botSays(bot, world.chat(bot, ada), { paid_media: media });
    world.paidMedia.buy(ada, world.chat(bot, ada), message_id, bot);
    const again = restored(world);

    expect(kept(again)).toEqual(kept(world));
    expect(again.person(bob.user.id)).toEqual(bob);
    expect(again.business.account(again.bot(bot.id), id, 'can_transfer_stars')).toEqual(ada);
    expect(again.bot(bot.id).chats.get(ada.user.id)?.messages.get(message_id)?.buyers).toEqual([ada.user.id]);
  });

  it('can come from an older simulator without subscriptions, groups or settings', async () => {
    const { world, bot } = await makeHistory();
    const { subscriptions: _, sharedChats: __, bots, ...older } = kept(world);
    const again = new World({ seed: 1, clock });
    restoreWorld(again, { ...older, bots: bots.map(({ settings: ___, menuButtons: ____, ...old }) => old) });
    expect(again.bot(bot.id).settings).toEqual(bot.settings);
    expect([again.subscriptions.byId.size, again.sharedChats.byId.size]).toEqual([0, 0]);
  });

  it('refunds an earlier payment once', async () => {
    const { world, bot, ada, paid, refunded } = await makeHistory();
    const again = restored(world);
    const [sameBot, sameAda] = [again.bot(bot.id), again.person(ada.user.id)];

    expect(() => again.checkout.refund(sameBot, sameAda, refunded)).toThrow('CHARGE_ALREADY_REFUNDED');
    again.checkout.refund(sameBot, sameAda, paid);
    expect([sameAda.wallet.balance(), sameBot.ledger.balance()]).toEqual([200, 0]);
    expect(() => again.checkout.refund(sameBot, sameAda, paid)).toThrow('CHARGE_ALREADY_REFUNDED');
  });

  it('continues the ids of messages, updates and payments', async () => {
    const { world, bot, ada } = await makeHistory();
    const again = restored(world);
    const continued = await Promise.all(
      [world, again].map(async (one) => {
        const [shop, buyer] = [one.bot(bot.id), one.person(ada.user.id)];
        const chargeId = await buy(one, shop, buyer);
        const last = shop.queue.pending().at(-1)?.update;
        const { message_id, successful_payment } = last?.message ?? {};
        return { chargeId, ids: [last?.update_id, message_id, successful_payment?.provider_payment_charge_id] };
      }),
    );
    expect(continued[1]?.ids).toEqual(continued[0]?.ids);
    expect(continued[1]?.ids.at(-1)).toBe(`${ada.user.id}_3`);
  });

  it('never repeats a charge id, although it has the seed of the first world', async () => {
    const { world, bot, ada } = await makeHistory();
    const first = restored(world);
    const second = restored(world);
    const charges = [
      await buy(first, first.bot(bot.id), first.person(ada.user.id)),
      await buy(second, second.bot(bot.id), second.person(ada.user.id)),
    ];
    expect(new Set([...charges, ...bot.ledger.all().map(({ id }) => id)]).size).toBe(4);
  });

  it('skips ids that may have been issued before a crash', async () => {
    const { world, bot, ada } = await makeHistory();
    const again = restored(world, 1_000);
    const before = world.conversations.personSays(bot, ada, 'before');
    const after = again.conversations.personSays(again.bot(bot.id), again.person(ada.user.id), 'after');
    expect(after.message_id - before.message_id).toBe(1_000);
    const ids = [bot, again.bot(bot.id)].map(({ queue }) => queue.pending().at(-1)?.update.update_id ?? 0);
    expect((ids[1] ?? 0) - (ids[0] ?? 0)).toBe(1_000);
  });

  it('accepts the answer to an earlier button press', async () => {
    const { world, bot, press } = await makeHistory();
    const again = restored(world);
    const answer = { text: 'Here', showAlert: false };
    expect(again.conversations.answerCallback(again.bot(bot.id), press, answer)).toBe(true);
    expect(again.conversations.answerCallback(again.bot(bot.id), press, answer)).toBe(false);
  });

  it('drops a payment that was waiting for its bot', async () => {
    const { world, bot, ada } = await makeHistory();
    void world.checkout.pay(ada, offerOf(world, bot));
    const query = bot.queue.pending().at(-1)?.update.pre_checkout_query?.id ?? '';
    const again = restored(world);
    expect(() => again.checkout.answer(again.bot(bot.id), query, undefined)).toThrow('query is too old');
    expect(again.person(ada.user.id).wallet.balance()).toBe(ada.wallet.balance());
    world.close();
  });
});
