import { pause } from './random.mjs';

/** Makes some refunds: through Starwall, or directly with the bot's token. */
export class Refunds {
  asked = 0;
  outside = 0;
  /** The messages of permanent failures. */
  failures = [];
  #open = new Set();

  constructor({ database, telegramUrl, publicId }) {
    Object.assign(this, { database, telegramUrl, publicId });
  }

  get open() {
    return this.#open.size;
  }

  /** @param {number} drawn from 0 to 1, decides on a refund */
  consider(payment, drawn) {
    if (drawn < 0.05) this.#begin(this.#ask(payment));
    else if (drawn < 0.08) this.#begin(this.#refundOutside(payment));
  }

  #begin(work) {
    const noted = work.catch((error) => void this.failures.push(error.message));
    const tracked = noted.finally(() => this.#open.delete(tracked));
    this.#open.add(tracked);
  }

  async #ask({ shop, chargeId }) {
    this.asked += 1;
    const orderId = await this.#orderOf(chargeId);
    if (orderId === undefined) return;
    const { status } = await shop.creator.call('POST', `/v1/orders/${this.publicId('order', orderId)}/refunds`, {});
    if (status !== 202 && status !== 409) throw new Error(`A refund was answered with ${status}.`);
  }

  /** @returns undefined for a charge without an order, which is refunded automatically */
  async #orderOf(chargeId) {
    for (;;) {
      const rows = await this.database
        .query('select order_id, match from charges where telegram_charge_id = $1', [chargeId])
        .catch(() => []);
      if (rows[0] !== undefined) return rows[0].match === 'order' ? rows[0].order_id : undefined;
      await pause(500);
    }
  }

  async #refundOutside({ shop, userId, chargeId }) {
    this.outside += 1;
    for (;;) {
      const answer = await fetch(`${this.telegramUrl}/bot${shop.token}/refundStarPayment`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ user_id: userId, telegram_payment_charge_id: chargeId }),
      })
        .then((response) => response.json())
        .catch(() => undefined);
      if (answer?.ok === true || /ALREADY_REFUNDED/.test(answer?.description ?? '')) return;
      await pause(500);
    }
  }
}
