import { newUuid, publicId } from '#libs/kernel';
import { eventually } from '../support/starwall.js';
import { supportDesk, type SupportedShop } from '../support/support-desk.js';

const desk = supportDesk();
const { newShop, buyer, buys, asksAbout, threads, hasMessages } = desk;

describe('a creator with alerts in Telegram', () => {
  /** Opens the creator's own chat with the bot, with these alerts turned on. */
  async function alerted(shop: SupportedShop, switches: object) {
    const me = await buyer(shop);
    await desk.starwall.telegram.start(me.chat);
    await me.hears(/Welcome/);
    await shop.creator.sendsAlertsTo({ bot_id: shop.bot.id, telegram_id: me.id, ...switches });
    return me;
  }

  it('can answer by replying, unlike others', async () => {
    const shop = await newShop();
    const me = await alerted(shop, { support: true });
    const person = await buyer(shop);
    const order = await buys(shop, person);
    await asksAbout(person, order.id);
    await person.says(`It is shut\n${publicId('supportThread', newUuid())}`);
    const alert = await me.sees((it) => it.text?.startsWith('✉️ A buyer is waiting') === true, 'the alert');
    const [thread] = await threads(shop);
    expect(alert.text).toMatch(/About: “Guide”\n\nIt is shut\n/);
    expect(alert.text?.endsWith(`\n${thread.id}`)).toBe(true);

    await desk.starwall.telegram.sendMessage(me.chat, { text: 'Press harder', repliesTo: alert.message_id });
    await me.hears(/^Your reply is on its way/);
    await person.hears(/Press harder/);
    const { messages } = await hasMessages(shop, thread.id, 2);
    const { body: account } = await shop.creator.get('/v1/me').expect(200);
    expect(messages[1]).toMatchObject({ direction: 'creator', text: 'Press harder', author: account.id });

    const file = { kind: 'photo', name: 'shut.png', mimeType: 'image/png', base64: 'AAAA' } as const;
    await desk.starwall.telegram.sendMessage(person.chat, { file, caption: 'See?' });
    const shown = await me.sees((it) => it.text?.includes('Attached file: photo.') === true, 'the second alert');
    expect(shown.text).toContain(`GET /v1/support-threads/${thread.id}/messages/smsg_`);
    const copied = await eventually('the copy', async () => {
      const calls = await desk.starwall.telegram.calls(shop.bot.telegramId);
      return calls.find(({ method }) => method === 'copyMessage');
    });
    expect(copied.params).toMatchObject({
      from_chat_id: String(person.id),
      caption: `Reply to this message to answer.\n${thread.id}`,
    });

    await desk.starwall.telegram.sendMessage(me.chat, { file, caption: 'Like this', repliesTo: alert.message_id });
    const answer = await person.sees((it) => it.photo !== undefined && it.caption?.includes('Like this') === true);
    expect(answer.caption).toBe('Answer from the seller about “Guide”:\n\nLike this');
    await hasMessages(shop, thread.id, 4);

    await shop.creator.post(`/v1/support-threads/${thread.id}/close`).expect(200);
    await desk.starwall.telegram.sendMessage(me.chat, { text: 'Well?', repliesTo: alert.message_id });
    await me.hears(/^This thread is closed/);

    const other = await buyer(shop);
    await alerted(shop, { support: true });
    await desk.starwall.telegram.sendMessage(me.chat, { text: 'It was me', repliesTo: alert.message_id });
    await me.hears(/^Send \/shop/);
    await desk.starwall.telegram.start(other.chat);
    await hasMessages(shop, thread.id, 4);
  });

  it('is marked as unreachable after blocking the bot, and receives missed alerts after unblocking it', async () => {
    const shop = await newShop();
    const me = await alerted(shop, { support: true, sales: true });
    const person = await buyer(shop);
    await desk.starwall.telegram.block(me.chat);
    const order = await buys(shop, person);
    await asksAbout(person, order.id);
    await person.says('Hello');
    const alerts = async () => (await shop.creator.get('/v1/alerts').expect(200)).body;
    await eventually('the miss', async () => (await alerts()).missed === 1);
    expect(await alerts()).toMatchObject({ reachable: false });
    const { data: events } = (await shop.creator.get('/v1/events?type=alerts.unreachable').expect(200)).body;
    expect(events).toMatchObject([{ data: { object: 'alerts', reachable: false, missed: 1 } }]);
    const problems = async () => (await shop.creator.get(`/v1/bots/${shop.bot.id}/problems`).expect(200)).body.data;
    expect(await problems()).toMatchObject([{ kind: 'alerts_unreachable', subject: shop.bot.id, count: 1 }]);
    await desk.starwall.telegram.unblock(me.chat);
    await me.hears(/A buyer is waiting for your reply[^]*Hello/);
    expect(await alerts()).toMatchObject({ reachable: true, missed: 0 });
    expect(await problems()).toEqual([]);
  });

  it('is alerted to sales and failed deliveries, but not to events that are turned off', async () => {
    const shop = await newShop();
    const me = await alerted(shop, { sales: true, failures: true });
    expect((await shop.creator.get('/v1/alerts').expect(200)).body).toMatchObject({
      sales: true,
      failures: true,
      support: false,
    });
    const person = await buyer(shop);
    const order = await buys(shop, person);
    await me.hears(new RegExp(`^💰 “Guide” was bought for 50 Stars[^]*${order.id}$`));
    await asksAbout(person, order.id);
    await person.says('Hello');
    await person.hears(/the seller has your message/);
    await desk.starwall.telegram.setUpBot(shop.bot.telegramId, { largestInvoice: 49 });
    await desk.starwall.telegram.start(person.chat, `buy_${shop.productId}`);
    await me.hears(/^⚠️ “Guide” cannot be bought\.\nReason: .*CURRENCY_TOTAL_AMOUNT_INVALID/);
    expect((await me.heard()).some((text) => text.startsWith('✉️'))).toBe(false);
  });
});
