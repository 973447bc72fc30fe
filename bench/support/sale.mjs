import { person, Updates } from '../../dist/libs/fixtures/src/index.js';
import { post } from './http.mjs';

const PATIENCE_MS = 60_000;

/** Gives each bot its own numbered updates, after those of earlier runs. */
export const updatesOf = ({ id, username }) =>
  new Updates({
    bot: { id, is_bot: true, first_name: 'Shop', username },
    firstUpdateId: Date.now() * 100,
    now: () => new Date(),
  });

/**
 * One buyer's purchase, from `/start buy_<product>` to the goods in their hands and the receipt. Every step is checked: the invoice's price,
 * the approval, the goods after it, one receipt, nothing twice, and nothing else.
 */
export class Sale {
  #seen = { invoice: 0, approval: 0, goods: 0, receipt: 0 };
  #steps = Object.fromEntries(Object.keys(this.#seen).map((step) => [step, deferred()]));
  /** Sentences; empty when everything went as it should. */
  wrong = [];

  constructor(telegram, shop, buyerId) {
    Object.assign(this, { telegram, shop, buyerId });
  }

  /**
   * @returns milliseconds until the goods have arrived, and of the pre-checkout alone; `over` resolves with the receipt
   * @throws Error when a step takes more than a minute
   */
  async buy() {
    const { updates, productId, stars } = this.shop;
    const from = person(this.buyerId);
    this.telegram.buyers.set(this.buyerId, this);
    const began = performance.now();
    const started = this.#post(updates.text(from, `/start buy_${productId}`));
    const payload = await this.#until('invoice');
    const query = updates.preCheckoutQuery(from, { stars, payload });
    query.pre_checkout_query.id = String(this.buyerId);
    const asked = performance.now();
    const asking = this.#post(query);
    await this.#until('approval');
    const approvedMs = performance.now() - asked;
    // Telegram sends one update of a chat at a time; pre-checkouts do not count as updates of the chat.
    await started;
    const paying = this.#post(updates.payment(from, { stars, payload }));
    await this.#until('goods');
    const ms = performance.now() - began;
    return { ms, approvedMs, over: Promise.all([asking, paying, this.#until('receipt')]) };
  }

  /** Called by the stand-in for Telegram. */
  hears(method, parameters, token) {
    const { bot, stars, content } = this.shop;
    if (token !== bot.token) this.wrong.push(`${method} came from another bot`);
    if (method === 'answerPreCheckoutQuery') this.#step('approval', parameters.ok === true, parameters);
    else if (method === 'sendInvoice') {
      const isRight = parameters.currency === 'XTR' && parameters.prices[0].amount === stars;
      this.#step('invoice', isRight, parameters, parameters.payload);
    } else if (parameters.text === content) this.#step('goods', this.#seen.approval === 1, parameters);
    else this.#step('receipt', parameters.text.startsWith('Receipt'), parameters);
  }

  #step(step, isRight, parameters, value) {
    this.#seen[step] += 1;
    if (!isRight) this.wrong.push(`${step}: ${JSON.stringify(parameters)}`);
    if (this.#seen[step] > 1) this.wrong.push(`${step} came ${this.#seen[step]} times`);
    this.#steps[step].resolve(value);
  }

  async #until(step) {
    let late;
    const tooLate = new Promise((_, reject) => {
      late = setTimeout(() => reject(new Error(this.#missing(step))), PATIENCE_MS);
    });
    return Promise.race([this.#steps[step].promise, tooLate]).finally(() => clearTimeout(late));
  }

  #missing(step) {
    const wrong = [...this.wrong, ...this.telegram.wrong].slice(0, 5);
    return `A sale waited ${PATIENCE_MS / 1_000} s for its ${step}. ${wrong.join('. ')}`;
  }

  async #post(update) {
    const status = await post(this.shop.bot.webhook, update).catch((error) => error.message);
    if (status !== 200) this.wrong.push(`a webhook was answered with ${status}`);
  }
}

function deferred() {
  let resolve;
  const promise = new Promise((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
