import { Buyer, Creator, eventually, type RegisteredBot, type Starwall, startStarwall } from './starwall.js';
import { WebhookReceiver } from './webhook-receiver.js';

export interface SupportedShop {
  readonly creator: Creator;
  readonly bot: RegisteredBot;
  readonly productId: string;
}
type Shop = SupportedShop;
type Seen = Awaited<ReturnType<Buyer['sees']>>;

/** A one-pixel picture. */
export const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/** Opens shops whose buyers ask questions, for the calling suite. */
export function supportDesk() {
  let starwall: Starwall;
  let receiver: WebhookReceiver;
  beforeAll(async () => {
    starwall = await startStarwall();
    receiver = await WebhookReceiver.start();
  });
  afterAll(async () => {
    await starwall.stop();
    await receiver.stop();
  });

  async function newShop(): Promise<Shop> {
    const creator = await Creator.signUp(starwall);
    const bot = await creator.registerBot();
    return { creator, bot, productId: await creator.createProduct(bot.id) };
  }

  const buyer = (shop: Shop) => Buyer.meets(starwall, shop.bot.telegramId);
  const newestOrder = async ({ creator }: Shop) => (await creator.get('/v1/orders').expect(200)).body.data[0];
  const orderOf = async ({ creator }: Shop, id: string) => (await creator.get(`/v1/orders/${id}`).expect(200)).body;

  /** @returns the delivered order */
  async function buys(shop: Shop, person: Buyer) {
    await person.pays(await person.wants(shop.productId));
    return eventually('a delivered order', async () => {
      const order = await newestOrder(shop);
      return order?.buyer_telegram_id === person.id && order.status === 'delivered' && order;
    });
  }

  /** Sends /paysupport and presses the button of a topic. */
  async function asksAbout(person: Buyer, topic: string) {
    await person.says('/paysupport');
    const menu = await person.sees((it) => it.text?.includes('What is it about?') === true, 'the menu');
    await starwall.telegram.press(person.chat, menu.message_id, `support:${topic}`);
    await person.sees((it) => it.text?.includes('in your own words') === true, 'the invitation to write');
  }
  const threads = async ({ creator }: Shop, query = '') =>
    (await creator.get(`/v1/support-threads${query}`).expect(200)).body.data;
  const conversation = async ({ creator }: Shop, id: string) =>
    (await creator.get(`/v1/support-threads/${id}`).expect(200)).body;
  const hasMessages = (shop: Shop, threadId: string, count: number) =>
    eventually(`${count} messages`, async () => {
      const read = await conversation(shop, threadId);
      return read.messages.length === count && read;
    });
  const countOf = async (person: Buyer, part: string) =>
    (await person.messages()).filter((it) => it.outgoing && it.text?.includes(part) === true).length;

  /** Creates a question and its answer in the buyer's chat. */
  async function answered(shop: Shop, person: Buyer) {
    await asksAbout(person, 'other');
    await person.says('Hello?');
    const thread = await eventually('the thread', async () => (await threads(shop))[0]);
    await hasMessages(shop, thread.id, 1);
    await shop.creator.post(`/v1/support-threads/${thread.id}/messages`, { text: 'Hello!' }).expect(201);
    const answer = await person.sees((it) => it.text?.includes('Hello!') === true, 'the answer');
    await eventually('the answer in the books', async () => {
      const { messages } = await conversation(shop, thread.id);
      return messages[1]?.delivery_state === 'sent';
    });
    return { thread, answer };
  }
  async function presses(person: Buyer, { message_id, reply_markup }: Seen, text: string) {
    const button = reply_markup?.inline_keyboard.flat().find((it) => it.text === text);
    await starwall.telegram.press(person.chat, message_id, String(button?.callback_data));
  }

  return {
    get starwall() {
      return starwall;
    },
    get receiver() {
      return receiver;
    },
    newShop,
    buyer,
    newestOrder,
    orderOf,
    buys,
    asksAbout,
    threads,
    conversation,
    hasMessages,
    countOf,
    answered,
    presses,
  };
}
