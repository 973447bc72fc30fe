import { ACCESS_DAYS, CREDITS, eventually, GRACE_SECONDS } from './shop.mjs';
import { DAY, SECOND } from './time.mjs';

const REGULARS = 6;
const ONCE = ['text', 'licence_key', 'credits'];

/** The buyers and what they are owed, in a separate ledger kept without the product's. */
export class Buyers {
  /** One entry per payment: its time in milliseconds, and its Stars. */
  paid = [];
  /** The credits bought, each with its expiry in milliseconds. */
  lots = [];
  /** The end of each person's access to the chat, in milliseconds. */
  access = new Map();
  subscribers = [];
  /** The number of payments that timed out at Telegram because the bot took more than ten seconds; the buyer pays again. */
  timeouts = 0;
  #regulars = [];
  #turn = 0;

  constructor(shop) {
    this.shop = shop;
  }

  async meet(stars = 1_000_000) {
    const { id } = await this.shop.telegram.createUser({ first_name: 'Buyer' });
    await this.shop.telegram.topUp(id, stars);
    return { botId: this.shop.telegramId, userId: id };
  }

  /** Lets a regular customer buy the next kind of goods in turn. */
  async buyNext() {
    if (this.#regulars.length < REGULARS) this.#regulars.push(await this.meet());
    const kind = ONCE[this.#turn % ONCE.length];
    const chat = this.#regulars[this.#turn % this.#regulars.length];
    this.#turn += 1;
    await this.#buy(chat, kind);
    if (kind === 'credits') {
      const lot = { userId: chat.userId, amount: CREDITS.amount, until: Date.now() + CREDITS.expires_after_days * DAY };
      this.lots.push(lot);
    }
  }

  /** Buys access to the chat from its card. @param who an earlier customer who pays again; a new one by default */
  async enterChat(who) {
    const chat = who ?? (await this.meet());
    await this.shop.telegram.start(chat, `card_${this.shop.products.chat_access}`);
    await this.#buy(chat, 'chat_access');
    const before = Math.max(this.access.get(chat.userId) ?? 0, Date.now());
    this.access.set(chat.userId, before + ACCESS_DAYS * DAY);
    if ((await this.inside()).has(chat.userId)) return chat;
    const link = await eventually('an invite link', async () => (await this.#links(chat, 't.me/+')).at(-1));
    await this.shop.telegram.join(chat.userId, link);
    await eventually('a place in the chat', async () => (await this.inside()).has(chat.userId));
    return chat;
  }

  /** Returns the ids of the people in the chat. */
  async inside() {
    const { members } = await this.shop.telegram.sharedChat(this.shop.chat.telegramId);
    return new Set(members.filter(({ status }) => status === 'member').map(({ user }) => user.id));
  }

  async subscribe(stars) {
    const chat = await this.meet(stars);
    await this.shop.telegram.start(chat, `buy_${this.shop.products.subscription}`);
    const link = await eventually('a link', async () => (await this.#links(chat, '/$', '/invoice/')).at(-1));
    await this.#pay(100, () => this.shop.telegram.payLink(chat.userId, link));
    this.subscribers.push(chat);
    return chat;
  }

  /** Returns all subscriptions as Telegram knows them. */
  async subscriptions() {
    return (await Promise.all(this.subscribers.map(({ userId }) => this.shop.telegram.subscriptions(userId)))).flat();
  }

  /** Buys with a promo code. @returns the Stars on the invoice */
  async buyWith(code) {
    const chat = await this.meet();
    await this.shop.telegram.sendText(chat, `/promo ${code}`);
    await eventually('an answer', async () => (await this.#messages(chat)).some((each) => each.outgoing));
    return this.#buy(chat, 'text');
  }

  /** Returns the ids of people in the chat whose access and grace period have ended. */
  async overstayed(slackMs) {
    const inside = await this.inside();
    const ended = (until) => until + GRACE_SECONDS * SECOND + slackMs < Date.now();
    return [...this.access].filter(([userId, until]) => ended(until) && inside.has(userId)).map(([userId]) => userId);
  }

  /** Returns the ids of people with access who are not in the chat. */
  async kept() {
    const inside = await this.inside();
    return [...this.access].filter(([id, until]) => until > Date.now() && !inside.has(id)).map(([id]) => id);
  }

  async #buy(chat, kind) {
    const newest = async () => (await this.#messages(chat)).findLast((each) => each.invoice !== undefined);
    const known = (await newest())?.message_id ?? 0;
    await this.shop.telegram.start(chat, `buy_${this.shop.products[kind]}`);
    const message = await eventually('an invoice', async () => {
      const found = await newest();
      return (found?.message_id ?? 0) > known && found;
    });
    const stars = message.invoice.total_amount;
    await this.#pay(stars, () => this.shop.telegram.payMessage(chat, message.message_id));
    return stars;
  }

  /** @throws Error with Telegram's text when the payment is refused */
  async #pay(stars, pay) {
    for (let tries = 0; tries < 5; tries += 1) {
      const outcome = await pay();
      if (outcome.status === 'paid') return this.paid.push({ at: Date.now(), stars, chargeId: outcome.chargeId });
      if (outcome.status !== 'timeout') throw new Error(`A payment ended with ${outcome.status}: ${outcome.text}`);
      this.timeouts += 1;
    }
    throw new Error('A payment was not approved in time five times.');
  }

  async #messages(chat) {
    return (await this.shop.telegram.chat(chat)).messages;
  }

  async #links(chat, ...parts) {
    const buttons = (await this.#messages(chat)).flatMap((each) => each.reply_markup?.inline_keyboard?.flat() ?? []);
    return buttons.flatMap(({ url }) => (parts.some((part) => url?.includes(part)) ? [url] : []));
  }
}
