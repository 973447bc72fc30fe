import { parseId } from '../../dist/libs/kernel/src/index.js';
import { pause } from '../chaos/random.mjs';
import { post, startServer } from './town.mjs';

const KEYS = 10;
const ENDPOINTS = 5;
/** The concurrency of each kind of request. */
const UPDATES_AT_ONCE = 10;
const CALLS_AT_ONCE = 16;
const TESTS_AT_ONCE = 5;
const CHATS = 200;
/** The pause between two requests, so that the platform is the bottleneck and not this process. */
const BREATH_MS = 5;
const ORDERS = 100_000;

/** A tenant that makes all kinds of requests that might hurt a neighbour, concurrently. */
export class Flood {
  running = false;
  #work = [];
  /** The number of answers, by kind and status. */
  answered = {};

  static async prepare(town, shop) {
    const flood = new Flood();
    Object.assign(flood, { town, shop, keys: [], updateId: 1_000_000 });
    const wish = { scopes: ['orders:read', 'bots:read', 'products:read'] };
    for (let n = 0; n < KEYS; n += 1)
      flood.keys.push((await shop.creator.must('POST', '/v1/api-keys', { name: `Key ${n}`, ...wish })).key);
    // This server accepts requests and never answers.
    flood.dead = await startServer(() => undefined);
    flood.endpoints = [];
    for (let n = 0; n < ENDPOINTS; n += 1)
      flood.endpoints.push((await shop.creator.must('POST', '/v1/endpoints', { url: `${flood.dead.url}/${n}` })).id);
    await flood.#fill();
    return flood;
  }

  /** Creates enough orders to make queries of them slow. */
  async #fill() {
    const { owner } = this.town;
    const [botId, productId] = [parseId('bot', this.shop.botId), parseId('product', this.shop.productId)];
    const { rows } = await owner.query('select tenant_id from bots where id = $1', [botId]);
    const { tenant_id: tenantId } = rows[0];
    await owner.query('insert into buyers (tenant_id, bot_id, telegram_id) values ($1, $2, 1)', [tenantId, botId]);
    await owner.query(
      `insert into orders (tenant_id, id, bot_id, buyer_id, product_id, price_version, stars, state, expires_at, created_at)
       select $1, gen_random_uuid(), $2, 1, $3, 1, 5, 'expired', now(), now() - n * interval '20 seconds'
       from generate_series(1, ${ORDERS}) n`,
      [tenantId, botId, productId],
    );
    await owner.query('analyze');
  }

  start() {
    this.running = true;
    const day = (back) => new Date(Date.now() - back * 86_400_000).toISOString().slice(0, 10);
    const questions = [
      '/v1/orders?limit=100',
      `/v1/metrics/sales?from=${day(30)}&to=${day(0)}`,
      `/v1/metrics/sales?from=${day(30)}&to=${day(0)}&group_by=product`,
      '/v1/orders?limit=100&buyer_telegram_id=1',
    ];
    this.#many(UPDATES_AT_ONCE, 'update', () => post(this.shop.ingress, this.#update()));
    this.#many(CALLS_AT_ONCE, 'call', (n) => this.#ask(n, questions[n % questions.length]));
    this.#many(TESTS_AT_ONCE, 'test event', async (n) => {
      const path = `/v1/endpoints/${this.endpoints[n % ENDPOINTS]}/test`;
      const { status } = await this.shop.creator.call('POST', path);
      await pause(200);
      return status;
    });
  }

  async stop() {
    this.running = false;
    await Promise.all(this.#work);
    this.dead.close();
  }

  #many(count, kind, once) {
    for (let place = 0; place < count; place += 1) this.#work.push(this.#again(kind, place, once));
  }

  async #again(kind, place, once) {
    for (let n = place; this.running; n += 1) {
      const status = await once(n).catch(() => 'no answer');
      const name = `${kind} ${status}`;
      this.answered[name] = (this.answered[name] ?? 0) + 1;
      await pause(BREATH_MS);
    }
  }

  async #ask(n, path) {
    const headers = { authorization: `Bearer ${this.keys[n % KEYS]}` };
    const answer = await fetch(`${this.town.apiUrl}${path}`, { headers, signal: AbortSignal.timeout(20_000) });
    await answer.arrayBuffer();
    return answer.status;
  }

  #update() {
    this.updateId += 1;
    const id = 900_000 + (this.updateId % CHATS);
    const from = { id, is_bot: false, first_name: 'Loud' };
    const chat = { id, first_name: 'Loud', type: 'private' };
    const message = { message_id: this.updateId, from, chat, date: Math.floor(Date.now() / 1_000), text: '/help' };
    return { update_id: this.updateId, message };
  }
}
