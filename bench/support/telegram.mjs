import { createServer } from 'node:http';

const OK = { ok: true, result: true };

/**
 * A stand-in for Telegram's Bot API that answers at once and checks nothing: it knows bots by token, stores their
 * webhooks, and passes each call of a sale to its buyer. The simulator in `apps/simulator` is the faithful one; this
 * one costs little, because it shares the machine with the measured system.
 */
export class FastTelegram {
  /** By token. */
  bots = new Map();
  /** Buyers by chat id; each has `hears(method, parameters, token)`. */
  buyers = new Map();
  /** Sentences about calls that belong to no sale. */
  wrong = [];
  calls = 0;
  #lastMessageId = 100;

  async start() {
    this.server = createServer((request, response) => {
      const chunks = [];
      request.on('data', (chunk) => chunks.push(chunk));
      request.on('end', () => {
        const text = chunks.length === 0 ? '{}' : Buffer.concat(chunks).toString();
        const body = JSON.stringify(this.#answer(request.url, text));
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
        response.end(body);
      });
    });
    this.server.keepAliveTimeout = 600_000;
    await new Promise((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${this.server.address().port}`;
  }

  stop() {
    this.server.close();
    this.server.closeAllConnections();
  }

  /** @returns a bot with `id`, `token`, `username`, and its `webhook` once it has set one */
  newBot() {
    const number = this.bots.size + 1;
    const id = 7_000_000_000 + number;
    const token = `${id}:${'bench'.padEnd(27, '-')}${String(number).padStart(8, '0')}`;
    const bot = { id, token, username: `bench_${number}_bot`, webhook: { url: '', secret: '' } };
    this.bots.set(token, bot);
    return bot;
  }

  /** A bot as `getMe` describes it. */
  me({ id, username }) {
    return {
      id,
      is_bot: true,
      first_name: 'Shop',
      username,
      can_join_groups: true,
      can_read_all_group_messages: false,
      supports_inline_queries: false,
      can_connect_to_business: false,
      has_main_web_app: false,
      has_topics_enabled: false,
    };
  }

  #answer(url, text) {
    const [, token = '', method = ''] = /^\/bot([^/]+)\/(\w+)/.exec(url) ?? [];
    const bot = this.bots.get(token);
    if (bot === undefined) return { ok: false, error_code: 401, description: 'Unauthorized' };
    this.calls += 1;
    const parameters = JSON.parse(text);
    switch (method) {
      case 'sendMessage':
      case 'sendInvoice':
        this.#tell(Number(parameters.chat_id), method, parameters, token);
        return { ok: true, result: this.#message(bot, parameters) };
      case 'answerPreCheckoutQuery':
        // The driver numbers its queries by the buyer.
        this.#tell(Number(parameters.pre_checkout_query_id), method, parameters, token);
        return OK;
      case 'setWebhook':
        bot.webhook = { url: parameters.url, secret: parameters.secret_token, allowed: parameters.allowed_updates };
        return OK;
      case 'getWebhookInfo':
        return { ok: true, result: infoOf(bot.webhook) };
      case 'getMe':
        return { ok: true, result: this.me(bot) };
      case 'getMyStarBalance':
        return { ok: true, result: { amount: 0 } };
      case 'getStarTransactions':
        return { ok: true, result: { transactions: [] } };
      default:
        return OK;
    }
  }

  #tell(chatId, method, parameters, token) {
    const buyer = this.buyers.get(chatId);
    if (buyer === undefined) this.wrong.push(`${method} to the chat ${chatId}, which has no sale in progress`);
    else buyer.hears(method, parameters, token);
  }

  #message(bot, { chat_id: id, text }) {
    this.#lastMessageId += 1;
    const chat = { id, type: 'private', first_name: 'Buyer' };
    const from = { id: bot.id, is_bot: true, first_name: 'Shop', username: bot.username };
    return { message_id: this.#lastMessageId, date: Math.floor(Date.now() / 1_000), chat, from, text };
  }
}

const infoOf = ({ url, allowed = [] }) => ({
  url,
  has_custom_certificate: false,
  pending_update_count: 0,
  allowed_updates: allowed,
});
