import { pause } from '../chaos/random.mjs';
import { post, startServer } from './town.mjs';

const EVERY_MS = 60;
const LOOK_MS = 10;
/** The milliseconds between two pre-checkouts when only those are measured. */
const PAUSE_MS = 10;
/** Longer times are recorded as this. */
const GIVE_UP_MS = 20_000;

/** A tenant with a moderate load that measures its own requests. */
export class Neighbour {
  measuring = false;

  static async move(shop) {
    const neighbour = new Neighbour();
    const arrivals = new Set();
    const server = await startServer((request, response) => {
      response.writeHead(204).end();
      arrivals.add(String(request.headers['webhook-id']));
    });
    const endpoint = (await shop.creator.must('POST', '/v1/endpoints', { url: server.url })).id;
    const { id: buyerId } = await shop.telegram.createUser({ first_name: 'Buyer' });
    const chat = { botId: shop.telegramId, userId: buyerId };
    await shop.telegram.start(chat);
    return Object.assign(neighbour, { shop, server, arrivals, endpoint, chat, updateId: 5_000_000 });
  }

  /** @returns the milliseconds of every attempt, by kind */
  async measure(ms) {
    this.measuring = true;
    const found = { api: [], 'pre-checkout': [], reply: [], webhook: [] };
    const work = [
      this.#again(found.api, () => this.shop.creator.must('GET', '/v1/orders')),
      this.#again(found['pre-checkout'], () => this.#preCheckout()),
      this.#again(found.reply, () => this.#reply()),
      this.#again(found.webhook, () => this.#webhook()),
    ];
    await pause(ms);
    this.measuring = false;
    await Promise.all(work);
    return found;
  }

  /** Sends only pre-checkouts, one after the other. @returns the milliseconds of every attempt */
  async preCheckouts(ms) {
    const times = [];
    const end = performance.now() + ms;
    while (performance.now() < end) {
      const began = performance.now();
      await this.#preCheckout();
      times.push(performance.now() - began);
      await pause(PAUSE_MS);
    }
    return times;
  }

  close() {
    this.server.close();
  }

  async #again(times, once) {
    while (this.measuring) {
      const began = performance.now();
      await once();
      times.push(performance.now() - began);
      await pause(EVERY_MS);
    }
  }

  /** The query is answered before the HTTP response, so the response time is the buyer's waiting time. */
  async #preCheckout() {
    this.updateId += 1;
    const from = { id: this.chat.userId, is_bot: false, first_name: 'Buyer' };
    const query = { id: String(this.updateId), from, currency: 'XTR', total_amount: 5, invoice_payload: 'unknown' };
    await post(this.shop.ingress, { update_id: this.updateId, pre_checkout_query: query });
  }

  async #reply() {
    const count = async () => (await this.shop.telegram.chat(this.chat)).messages.filter((one) => one.outgoing).length;
    const before = await count();
    await this.shop.telegram.sendText(this.chat, '/terms');
    await until(async () => (await count()) > before);
  }

  async #webhook() {
    const { event_id: id } = await this.shop.creator.must('POST', `/v1/endpoints/${this.endpoint}/test`);
    await until(async () => this.arrivals.has(id));
  }
}

async function until(look) {
  const deadline = performance.now() + GIVE_UP_MS;
  while (!(await look()) && performance.now() < deadline) await pause(LOOK_MS);
}
