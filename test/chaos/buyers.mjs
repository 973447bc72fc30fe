import { Dice, pause } from './random.mjs';

/** The milliseconds that a buyer waits for an invoice before leaving, because a dead worker may hold their chat. */
const INVOICE_MS = 5_000;
const LOOK_MS = 120;

/**
 * Buyers who take turns in a number of slots: each buys a few things from one bot, sometimes pays on two devices at once, and leaves.
 * Together they make exactly the given number of sales.
 */
export class Buyers {
  /** One entry per payment taken by Telegram. */
  payments = [];
  /** The chats that were started. */
  chats = [];
  gaveUp = 0;
  refused = {};
  #open = 0;

  constructor({ telegram, shops, seed, sales, places, onPaid }) {
    Object.assign(this, { telegram, shops, seed, sales, places, onPaid });
  }

  get sold() {
    return this.payments.length;
  }

  async buyEverything() {
    await Promise.all(Array.from({ length: this.places }, (_, place) => this.#servePlace(place)));
  }

  async #servePlace(place) {
    const dice = new Dice(this.seed, `place ${place}`);
    while (this.sold < this.sales) {
      if (this.sold + this.#open >= this.sales) await pause(LOOK_MS);
      else await this.#visit(dice);
    }
  }

  async #visit(dice) {
    const shop = dice.pick(this.shops);
    const { id } = await this.telegram.createUser({ first_name: 'Buyer' });
    await this.telegram.topUp(id, 1_000_000);
    const chat = { botId: shop.telegramId, userId: id };
    this.chats.push({ shop, chat });
    for (let wishes = 1 + dice.below(4); wishes > 0; wishes -= 1) {
      if (this.sold + this.#open >= this.sales) return;
      this.#open += 1;
      const stays = await this.#buy(dice, shop, chat).finally(() => (this.#open -= 1));
      if (!stays) return;
    }
  }

  /** @returns {Promise<boolean>} true if the buyer stays */
  async #buy(dice, shop, chat) {
    const before = await this.#invoices(chat);
    await this.telegram.start(chat, `buy_${dice.pick(shop.products)}`);
    const invoice = await this.#newInvoice(chat, before.length);
    if (invoice === undefined) {
      this.gaveUp += 1;
      return false;
    }
    const devices = dice.chance(0.03) ? 2 : 1;
    const pay = () => this.telegram.payMessage(chat, invoice.message_id);
    const outcomes = await Promise.all(Array.from({ length: devices }, pay));
    for (const outcome of outcomes) this.#note(dice, shop, chat, outcome);
    return outcomes.some((outcome) => outcome.status === 'paid');
  }

  #note(dice, shop, chat, outcome) {
    if (outcome.status !== 'paid') {
      this.refused[outcome.status] = (this.refused[outcome.status] ?? 0) + 1;
      return;
    }
    const payment = { shop, userId: chat.userId, chargeId: outcome.chargeId };
    this.payments.push(payment);
    this.onPaid(payment, dice.fraction());
  }

  async #invoices(chat) {
    return (await this.telegram.chat(chat)).messages.filter((message) => message.invoice !== undefined);
  }

  async #newInvoice(chat, known) {
    const deadline = Date.now() + INVOICE_MS;
    while (Date.now() < deadline) {
      const invoices = await this.#invoices(chat);
      if (invoices.length > known) return invoices.at(-1);
      await pause(LOOK_MS);
    }
    return undefined;
  }
}
