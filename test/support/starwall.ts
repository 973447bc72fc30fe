import 'reflect-metadata';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import request from 'supertest';
import { LocalDoorbell } from '#libs/journal';
import { newUuid } from '#libs/kernel';
import { foundation, type Ground } from '#libs/process';
import { readConfig } from '#libs/runtime';
import { createIngress } from '../../apps/ingress/src/index.js';
import { createPlatform, PlatformModule } from '../../apps/platform/src/index.js';
import { type Simulator, SimulatorClient, startSimulator } from '../../apps/simulator/src/index.js';
import { WorkerModule } from '../../apps/worker/src/index.js';
import { freePort } from '../../scripts/free-port.mjs';
import { databaseSettings, testMasterKey } from './database.js';
import { watchRefusals } from './declared.js';
import { undescribed } from './recorded.js';
import { eventually, noting } from './eventually.js';

export { eventually };

class StarwallUnderTest {}

/** Ingress, platform, worker and simulator in this process, on this suite's database. */
export interface Starwall {
  /** Platform and worker. */
  readonly app: NestFastifyApplication;
  readonly url: string;
  readonly ingress: NestFastifyApplication;
  readonly ingressUrl: string;
  readonly simulator: Simulator;
  readonly telegram: SimulatorClient;
  http(): ReturnType<typeof request>;
  stop(): Promise<void>;
}

/** The part of the system that its users can reach. */
export type Reachable = Pick<Starwall, 'http' | 'telegram'>;

/**
 * @param more modules that only some programs have
 * @param pool deviating settings of the pools of platform and worker
 */
export async function startStarwall(
  settings: Readonly<Record<string, string>> = {},
  more: readonly Type[] = [],
  pool: Ground['pool'] = {},
): Promise<Starwall> {
  const dataDir = mkdtempSync(join(tmpdir(), 'starwall-journey-'));
  const simulator = await startSimulator({ retryScale: 0.05 });
  const [port, ingressPort] = await Promise.all([freePort(), freePort()]);
  const config = readConfig({
    NODE_ENV: 'test',
    PORT: String(port),
    INGRESS_PORT: String(ingressPort),
    LOG_LEVEL: 'silent',
    ...databaseSettings(),
    TELEGRAM_API_ROOT: simulator.url,
    STARWALL_MASTER_KEY: testMasterKey,
    STARWALL_DATA_DIR: dataDir,
    DANGEROUS_LOOPBACK_WEBHOOKS: 'true',
    // Reconciliation would hide updates that the ingress loses.
    STARWALL_RECONCILE: 'off',
    // Journeys that wait poll many times a second.
    STARWALL_RATE_LIMIT: '100000',
    ...settings,
  });
  const doorbell = new LocalDoorbell();
  const imports = [
    ...foundation(config, 'test', { doorbell, pool, reports: true }),
    PlatformModule,
    WorkerModule,
    ...more,
  ];
  const app = await createPlatform({ module: StarwallUnderTest, imports }, config);
  const undeclared = watchRefusals(app);
  const ingress = await createIngress(config, 'test-ingress', doorbell);
  await app.listen(port, '127.0.0.1');
  await ingress.listen(ingressPort, '127.0.0.1');
  return {
    app,
    url: `http://127.0.0.1:${port}`,
    ingress,
    ingressUrl: config.ingressUrl,
    simulator,
    telegram: new SimulatorClient(simulator.url),
    http: () => request(app.getHttpServer()),
    stop: async () => {
      await ingress.close();
      await app.close();
      const wrong = await undescribed();
      await simulator.close();
      rmSync(dataDir, { recursive: true, force: true });
      if (undeclared().length > 0) throw new Error(`Routes lack these in @Refuses:\n${undeclared().join('\n')}`);
      if (wrong.length > 0) throw new Error(`Events differ from EVENT_DATA:\n${wrong.join('\n')}`);
    },
  };
}

type Body = Record<string, unknown>;

export interface RegisteredBot {
  readonly id: string;
  readonly telegramId: number;
  readonly token: string;
}

/** Creates a bot that only the simulator knows. */
export function newBot(starwall: Reachable, name = 'Shop') {
  const username = `shop_${newUuid().replaceAll('-', '').slice(-20)}_bot`;
  return starwall.telegram.createBot({ username, name });
}

/** A creator with a session, like the API's clients. Every creator has a separate workspace. */
export class Creator {
  private constructor(
    private readonly starwall: Reachable,
    readonly email: string,
    readonly session: Body,
  ) {}

  static async signUp(starwall: Reachable): Promise<Creator> {
    const email = `${newUuid()}@starwall.example`;
    const body = { email, password: 'correct horse battery', workspace: 'A shop' };
    const answer = await starwall.http().post('/v1/auth/sign-up').send(body).expect(201);
    return new Creator(starwall, email, answer.body as Body);
  }

  /** Creates a new member of this creator's workspace, signed in. */
  async invites(role: 'owner' | 'admin' | 'support' | 'viewer'): Promise<Creator> {
    const email = `${newUuid()}@starwall.example`;
    const { body } = await this.post('/v1/invitations', { email, role }).expect(201);
    const accepted = { token: (body as Body)['token'], password: 'correct horse battery' };
    const answer = await this.starwall.http().post('/v1/invitations/accept').send(accepted).expect(200);
    return new Creator(this.starwall, email, answer.body as Body);
  }

  get(path: string) {
    const note = noting();
    return this.signs(this.starwall.http().get(path)).on('response', ({ body }: { readonly body: unknown }) =>
      note(body),
    );
  }

  /** A refund requires a key, so a new one is sent unless the test sets its own. */
  post(path: string, body: object = {}) {
    const test = this.signs(this.starwall.http().post(path));
    return (path.endsWith('/refunds') ? test.set('idempotency-key', newUuid()) : test).send(body);
  }

  patch(path: string, body: object) {
    return this.signs(this.starwall.http().patch(path)).send(body);
  }

  put(path: string, body: object) {
    return this.signs(this.starwall.http().put(path)).send(body);
  }

  delete(path: string) {
    return this.signs(this.starwall.http().delete(path));
  }

  /** Creates a bot in the simulator, and registers it. */
  async registerBot(name = 'Shop'): Promise<RegisteredBot> {
    const { id: telegramId, token } = await newBot(this.starwall, name);
    const answer = await this.post('/v1/bots', { token }).expect(201);
    return { id: String((answer.body as Body)['id']), telegramId, token };
  }

  /** Requests the removal of a bot, and waits until it is removed. */
  async removeBot(id: string): Promise<void> {
    await this.delete(`/v1/bots/${id}`).expect(202);
    await eventually('the bot to be removed', async () => {
      const { state } = (await this.get(`/v1/bots/${id}`).expect(200)).body as Body;
      return state === 'removed';
    });
  }

  /** Uploads a file. @returns its public id */
  async uploadFile(name: string, content: string): Promise<string> {
    const answer = await this.signs(this.starwall.http().post('/v1/files'))
      .attach('file', Buffer.from(content), name)
      .expect(201);
    return String((answer.body as Body)['id']);
  }

  /** Sends this creator's alerts to the chat of a person who has just written to the bot, once the bot knows them. */
  async sendsAlertsTo(chat: { readonly bot_id: string; readonly telegram_id: number } & Body): Promise<void> {
    await eventually('the bot to know the person', async () => (await this.put('/v1/alerts', chat)).status === 200);
  }

  /** Creates a text product for 50 Stars, unless changed. @returns its public id */
  async createProduct(botId: string, changes: Body = {}): Promise<string> {
    const product = {
      bot_id: botId,
      kind: 'text',
      title: 'Guide',
      description: 'A guide',
      stars: 50,
      content: 'the goods',
    };
    const answer = await this.post('/v1/products', { ...product, ...changes }).expect(201);
    return String((answer.body as Body)['id']);
  }

  /** Adds this creator's credential to a request. */
  signs<Test extends { set(name: string, value: string): Test }>(test: Test): Test {
    return test.set('authorization', `Bearer ${String(this.session['access_token'])}`);
  }
}

/** A person with Stars, and their chat with one bot. */
export class Buyer {
  private constructor(
    private readonly starwall: Reachable,
    readonly id: number,
    private readonly botId: number,
  ) {}

  static async meets(
    starwall: Reachable,
    telegramBotId: number,
    wallet = 1_000,
    person: Partial<Parameters<SimulatorClient['createUser']>[0]> = {},
  ): Promise<Buyer> {
    const user = await starwall.telegram.createUser({ first_name: 'Buyer', ...person });
    if (wallet > 0) await starwall.telegram.topUp(user.id, wallet);
    return new Buyer(starwall, user.id, telegramBotId);
  }

  get chat() {
    return { botId: this.botId, userId: this.id };
  }

  says(text: string) {
    return this.starwall.telegram.sendText(this.chat, text);
  }

  async messages() {
    const note = noting();
    const { messages } = await this.starwall.telegram.chat(this.chat);
    note(
      messages.map(({ text, caption, invoice, outgoing }) => ({ outgoing, text: text ?? caption, invoice })).slice(-5),
    );
    return messages;
  }

  /** Waits for a message from the bot. */
  async sees(wanted: (message: Awaited<ReturnType<Buyer['messages']>>[number]) => boolean, what = 'a message') {
    return eventually(what, async () =>
      (await this.messages()).findLast((message) => message.outgoing && wanted(message)),
    );
  }

  /** Follows the deep link of a subscription, and pays the link that the bot sends. */
  async subscribes(productId: string): Promise<void> {
    await this.starwall.telegram.start(this.chat, `buy_${productId}`);
    const link = await eventually('a link to subscribe', async () => {
      const buttons = (await this.messages()).flatMap(
        ({ reply_markup: markup }) => markup?.inline_keyboard.flat() ?? [],
      );
      return buttons.map((button) => ('url' in button ? button.url : '')).find((url) => /\/\$|\/invoice\//.test(url));
    });
    await this.starwall.telegram.payLink(this.id, link);
  }

  /** Follows the deep link of a product and gets its invoice. @returns the invoice's message id */
  async wants(productId: string): Promise<number> {
    const before = (await this.messages()).filter((message) => message.invoice !== undefined).length;
    await this.starwall.telegram.start(this.chat, `buy_${productId}`);
    return eventually('an invoice', async () => {
      const invoices = (await this.messages()).filter((message) => message.invoice !== undefined);
      return invoices.length > before ? invoices.at(-1)?.message_id : undefined;
    });
  }

  /** Returns the bot's texts, oldest first. */
  async heard(): Promise<string[]> {
    return (await this.messages()).flatMap(({ outgoing, text }) => (outgoing && text !== undefined ? [text] : []));
  }

  /** Waits until the bot sends a matching text. */
  async hears(wanted: RegExp): Promise<string> {
    return eventually(String(wanted), async () => (await this.heard()).findLast((text) => wanted.test(text)));
  }

  pays(invoiceMessageId: number) {
    return this.starwall.telegram.payMessage(this.chat, invoiceMessageId);
  }

  async balance(): Promise<number> {
    return (await this.starwall.telegram.user(this.id)).balance;
  }
}
