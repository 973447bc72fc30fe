import type { Backstage } from './backstage.js';
import { openStage, type Stage } from './stage.js';
import { Buyer, type Creator, eventually, type RegisteredBot, type Starwall } from './starwall.js';
import { callTelegram, nextUpdateId, type Update } from './updates.js';

/** Registers a bot for each test of the calling suite. */
export function checkoutBot() {
  let starwall: Starwall;
  let backstage: Backstage;
  let creator: Creator;
  let close: Stage['close'];
  let bot: RegisteredBot;

  beforeAll(async () => {
    ({ starwall, backstage, creator, close } = await openStage());
  });
  const nextBot = async () => {
    bot = await creator.registerBot();
  };
  beforeEach(nextBot);
  afterEach(() => starwall.telegram.setFaults({ rules: [] }));
  afterAll(() => close());

  const meets = (wallet?: number) => Buyer.meets(starwall, bot.telegramId, wallet);
  const ordersOf = async (buyer: Buyer) =>
    (await creator.get(`/v1/orders?bot_id=${bot.id}&buyer_telegram_id=${buyer.id}`).expect(200)).body.data;
  const chargesOf = async () => (await creator.get(`/v1/charges?bot_id=${bot.id}`).expect(200)).body.data;
  const orderInStatus = (buyer: Buyer, delivery: string) =>
    eventually(`an order that is ${delivery}`, async () => {
      const [newest] = await ordersOf(buyer);
      return newest?.delivery_state === delivery && newest;
    });
  const goodsIn = async (buyer: Buyer) => (await buyer.heard()).filter((words) => words === 'the goods').length;

  /** Creates an invoice link with an order's payload, which a creator could do with the bot's token. */
  async function linkTo(orderId: string, stars: number): Promise<string> {
    const prices = [{ label: 'Guide', amount: stars }];
    const terms = { title: 'Guide', description: 'A guide', payload: orderId, currency: 'XTR', prices };
    return String((await callTelegram(starwall, bot, 'createInvoiceLink', terms)).result);
  }

  /** Pays, but loses Telegram's report. @returns the lost update */
  async function paysUnreported(buyer: Buyer, invoice: number): Promise<Update> {
    const { telegram } = starwall;
    await telegram.setFaults({ rules: [{ at: 'queue', action: 'lose', name: 'message', botId: bot.telegramId }] });
    const paid = await buyer.pays(invoice);
    await telegram.setFaults({ rules: [] });
    const receipt = (await buyer.messages()).find(
      (message) => 'messageId' in paid && message.message_id === paid.messageId,
    );
    const { outgoing: _, ...message } = receipt ?? { outgoing: false };
    return { update_id: nextUpdateId(), message };
  }

  return {
    get starwall() {
      return starwall;
    },
    get backstage() {
      return backstage;
    },
    get creator() {
      return creator;
    },
    get bot() {
      return bot;
    },
    nextBot,
    meets,
    ordersOf,
    chargesOf,
    orderInStatus,
    goodsIn,
    linkTo,
    paysUnreported,
  };
}
