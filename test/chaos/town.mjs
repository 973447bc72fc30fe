import { pause } from './random.mjs';
import { startReceiver } from './receivers.mjs';

const TENANTS = 3;
const BOTS = 2;
/** Exceeds what buyers can buy of a limited product. */
export const STOCK = 1_000_000;

/** A creator's API client: repeats calls that were not answered or could not be served, and logs in again when necessary. */
export class CreatorClient {
  #session;

  constructor(url, email) {
    Object.assign(this, { url, email, password: 'correct horse battery' });
  }

  async signUp() {
    const body = { email: this.email, password: this.password, workspace: 'A shop' };
    this.#session = (await this.#send('POST', '/v1/auth/sign-up', body)).body;
  }

  /** @returns {Promise<{ status: number, body: object }>} a final answer: 2xx or a 4xx refusal */
  async call(method, path, body) {
    for (;;) {
      const answer = await this.#send(method, path, body).catch(() => undefined);
      if (answer?.status === 401) await this.#logIn();
      else if (answer !== undefined && answer.status < 500 && answer.status !== 429) return answer;
      await pause(300);
    }
  }

  async must(method, path, body) {
    const { status, body: answer } = await this.call(method, path, body);
    if (status >= 400) throw new Error(`${method} ${path} -> ${status} ${JSON.stringify(answer)}`);
    return answer;
  }

  /** @returns {Promise<Response | undefined>} an answer whose headers have arrived, if any */
  async begin(path) {
    const headers = { authorization: `Bearer ${this.#session.access_token}` };
    const response = await fetch(`${this.url}${path}`, { headers, signal: AbortSignal.timeout(15_000) }).catch(
      () => undefined,
    );
    if (response?.status === 401) await this.#logIn();
    return response;
  }

  async #logIn() {
    const answer = await this.#send('POST', '/v1/auth/login', { email: this.email, password: this.password }).catch(
      () => undefined,
    );
    if (answer?.status === 200 || answer?.status === 201) this.#session = answer.body;
  }

  async #send(method, path, body) {
    const response = await fetch(`${this.url}${path}`, {
      method,
      signal: AbortSignal.timeout(15_000),
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        // A refund request that is repeated must keep its key.
        ...(path.endsWith('/refunds') ? { 'idempotency-key': path } : {}),
        ...(this.#session === undefined ? {} : { authorization: `Bearer ${this.#session.access_token}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
  }
}

/** Creates several tenants, each with several bots, products, and a server that receives webhooks. */
export async function buildTown({ apiUrl, telegram, seed, hangs }) {
  const shops = [];
  const tenants = [];
  for (let t = 1; t <= TENANTS; t += 1) {
    const creator = new CreatorClient(apiUrl, `creator${t}@starwall.example`);
    await creator.signUp();
    const receiver = await startReceiver(seed, String(t), hangs);
    receiver.secret = (await creator.must('POST', '/v1/endpoints', { url: receiver.url })).secret;
    tenants.push({ creator, receiver });
    for (let b = 1; b <= BOTS; b += 1) shops.push(await openShop(telegram, creator, t, b));
  }
  return { shops, tenants };
}

async function openShop(telegram, creator, t, b) {
  const { id: telegramId, token } = await telegram.createBot({
    username: `shop_${t}_${b}_bot`,
    name: `Shop ${t}.${b}`,
  });
  const bot = await creator.must('POST', '/v1/bots', { token });
  const name = `shop ${t}.${b}`;
  const kinds = [
    { stars: 10, kind: 'text', content: `The cheap goods of ${name}` },
    { stars: 25, kind: 'text', content: `The goods of ${name}` },
    { stars: 250, kind: 'text', content: `The rare goods of ${name}`, stock: STOCK },
    { stars: 40, kind: 'credits', credits: { unit: 'scan', amount: 20 } },
  ];
  const products = [];
  for (const kind of kinds) {
    const words = { bot_id: bot.id, title: `Goods for ${kind.stars}`, description: 'One of them' };
    products.push((await creator.must('POST', '/v1/products', { ...words, ...kind })).id);
  }
  return { creator, botId: bot.id, telegramId, token, products };
}
