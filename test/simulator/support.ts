import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Simulator, SimulatorClient, startSimulator } from '../../apps/simulator/src/index.js';

export interface Answer {
  readonly ok: boolean;
  readonly result?: unknown;
  readonly error_code?: number;
  readonly description?: string;
  readonly parameters?: { readonly retry_after?: number };
}

/** A simulator with one bot and one buyer who has pressed Start. */
export interface Stage {
  readonly simulator: Simulator;
  readonly client: SimulatorClient;
  readonly bot: { readonly id: number; readonly token: string };
  readonly buyer: { readonly id: number };
  readonly chat: { readonly botId: number; readonly userId: number };
  /** Calls the Bot API with JSON. */
  readonly call: (method: string, parameters?: object) => Promise<Answer>;
  readonly close: () => Promise<void>;
}

export async function openStage(retryScale = 0.01): Promise<Stage> {
  const simulator = await startSimulator({ seed: 7, retryScale });
  const client = new SimulatorClient(simulator.url);
  const bot = await client.createBot({ username: 'star_shop_bot', name: 'Star Shop' });
  const buyer = await client.createUser({ first_name: 'Ada', username: 'ada_buys', language_code: 'en' });
  const chat = { botId: bot.id, userId: buyer.id };
  await client.start(chat);
  const call = async (method: string, parameters: object = {}): Promise<Answer> => {
    const response = await fetch(`${simulator.url}/bot${bot.token}/${method}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(parameters),
    });
    return (await response.json()) as Answer;
  };
  return { simulator, client, bot, buyer, chat, call, close: () => simulator.close() };
}

export interface ReceivedUpdate {
  readonly headers: IncomingHttpHeaders;
  readonly update: Readonly<Record<string, unknown>> & { readonly update_id: number };
}

/** A bot's server that records requests and gives the configured answer. */
export class WebhookReceiver {
  readonly received: ReceivedUpdate[] = [];
  /** Decides the status and body, possibly after a delay. */
  respond: (
    update: ReceivedUpdate['update'],
  ) => Promise<{ status: number; body?: string; headers?: Record<string, string> }> = () =>
    Promise.resolve({ status: 200 });
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => {
        body += chunk.toString();
      });
      request.on('end', () => {
        const update = JSON.parse(body) as ReceivedUpdate['update'];
        this.received.push({ headers: request.headers, update });
        void this.respond(update).then((answer) => {
          response.writeHead(answer.status, answer.headers).end(answer.body ?? '');
        });
      });
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => {
      this.#server.listen(0, '127.0.0.1', resolve);
    });
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/hook`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** Waits in real time until `condition` returns a value. */
export async function until<Value>(condition: () => Value | undefined | false, what: string): Promise<Value> {
  for (let attempt = 0; attempt < 2_000; attempt += 1) {
    const value = condition();
    if (value !== undefined && value !== false) return value;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`timed out: ${what}`);
}

/** Waits in real time until `ask` resolves to an accepted value. */
export async function eventually<Value>(ask: () => Promise<Value>, accept: (value: Value) => boolean): Promise<Value> {
  let value = await ask();
  for (let attempt = 0; attempt < 2_000 && !accept(value); attempt += 1) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    value = await ask();
  }
  if (!accept(value)) throw new Error(`timed out, last: ${JSON.stringify(value)}`);
  return value;
}

export const invoice = (chatId: number, change: object = {}): object => ({
  chat_id: chatId,
  title: 'Guide',
  description: 'A guide to the stars',
  payload: 'order-1',
  currency: 'XTR',
  prices: [{ label: 'Guide', amount: 50 }],
  ...change,
});
