import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DataSource } from 'typeorm';
import { Database } from '#libs/database';
import { EventStore, JobStore } from '#libs/journal';
import { newUuid } from '#libs/kernel';
import { Telegram } from '#libs/telegram';
import { type Simulator, SimulatorClient, startSimulator } from '../../apps/simulator/src/index.js';
import { BotDirectory } from '../../libs/tenants/src/bots/bot-directory.service.js';
import { BotEnding } from '../../libs/tenants/src/bots/bot-ending.service.js';
import { BotRegistry } from '../../libs/tenants/src/bots/bot-registry.service.js';
import { BotService } from '../../libs/tenants/src/bots/bot.service.js';
import { BotSetup } from '../../libs/tenants/src/bots/bot-setup.service.js';
import { BotStore } from '../../libs/tenants/src/bots/bot.store.js';
import { RotationStore } from '../../libs/tenants/src/bots/rotation.store.js';
import { TenantStore } from '../../libs/tenants/src/workspace/tenant.store.js';
import { openAsOwner, openTestDatabase, testBox } from './database.js';
import { quotasAt } from './quotas.js';

/** Returns the outcomes of attempts, sorted: `ok` or the name of the error. */
export const names = (results: ReadonlyArray<PromiseSettledResult<unknown>>) =>
  results.map((result) => (result.status === 'fulfilled' ? 'ok' : (result.reason as Error).constructor.name)).sort();

/** Registers bots on a real database against the simulator, with a separate clock, for the calling suite. */
export function botWorks() {
  let db: Database;
  let source: DataSource;
  let owner: DataSource;
  let simulator: Simulator;
  let world: SimulatorClient;
  let now: Date;
  /** Replaces the ingress, and accepts every request. */
  const ingress = createServer((request, response) => {
    ingress.emit('update', request);
    response.end();
  });
  let publicUrl: string;
  const box = testBox();

  beforeAll(async () => {
    ({ db, source } = await openTestDatabase());
    await once(ingress.listen(0, '127.0.0.1'), 'listening');
    publicUrl = `http://127.0.0.1:${(ingress.address() as AddressInfo).port}`;
    [owner, simulator] = await Promise.all([openAsOwner(), startSimulator()]);
    world = new SimulatorClient(simulator.url);
  });
  afterAll(async () => {
    await Promise.all([source.destroy(), owner.destroy(), simulator.close()]);
    ingress.close();
  });
  beforeEach(async () => {
    now = new Date();
    await world.setFaults({ rules: [] });
  });

  const later = (ms: number) => {
    now = new Date(now.getTime() + ms);
  };

  /** Starts one process of the product, with its own caches. */
  function startProcess(address = publicUrl) {
    const clock = { now: () => now };
    const bots = new BotStore(quotasAt(clock));
    const directory = new BotDirectory(new Database(source), box, clock);
    const setup = new BotSetup(new Telegram({ telegramApiRoot: simulator.url }), { ingressUrl: address });
    const registry = new BotRegistry(
      db,
      bots,
      new RotationStore(bots),
      setup,
      directory,
      new EventStore(),
      new JobStore(),
      box,
      clock,
    );
    const service = new BotService(db, bots, new TenantStore(), registry, setup, directory, new EventStore(), clock);
    const ending = new BotEnding(db, bots, registry, setup, directory, new EventStore(), clock);
    const remove = async (tenantId: string, botId: string): Promise<void> => {
      await db.inTenant(tenantId, async (tx) => {
        const bot = await ending.lock(tx, botId);
        if (!['removing', 'removed'].includes(bot.state)) await ending.begin(tx, bot);
      });
      await ending.leaveTelegram(tenantId, botId);
      await ending.end(tenantId, botId);
    };
    return { service, directory, remove };
  }

  async function newTenant(state = 'active'): Promise<string> {
    const id = newUuid();
    await owner.query('insert into tenants (id, name, state) values ($1, $2, $3)', [id, 'Ada & Co', state]);
    return id;
  }

  const newBot = () =>
    world.createBot({ username: `b${randomUUID().replaceAll('-', '').slice(0, 20)}_bot`, name: 'Shop' });
  const register = (tenantId: string, token: string, takeOver = false) =>
    startProcess().service.register(tenantId, { token, environment: 'production', takeOver });

  /** Returns the database's facts about a Telegram bot: its rows as `state:has token`, and its number of routes. */
  async function traces(telegramId: number) {
    const rows = await owner.query('select state, token_sealed is not null as token from bots where telegram_id = $1', [
      telegramId,
    ]);
    const routes = await owner.query('select 1 from bot_routes where telegram_id = $1', [telegramId]);
    return {
      bots: rows.map((row: { state: string; token: boolean }) => `${row.state}:${row.token}`),
      routes: routes.length,
    };
  }

  /** Returns the arguments of the last call of a method, each as text. */
  async function lastCall(botId: number, method: string): Promise<Readonly<Record<string, string>>> {
    const calls = await world.calls(botId);
    return calls.findLast((call) => call.method.toLowerCase() === method.toLowerCase())?.params ?? {};
  }

  /** Returns the path and secret that Telegram currently sends with this bot's updates. */
  async function shownBy(botId: number): Promise<{ path: string; secret: string }> {
    const { id: userId } = await world.createUser({ first_name: 'Bea' });
    const update = once(ingress, 'update');
    await world.start({ botId, userId });
    const [request] = (await update) as [IncomingMessage];
    return { path: request.url ?? '', secret: String(request.headers['x-telegram-bot-api-secret-token']) };
  }

  async function pathOf(telegramId: number): Promise<string> {
    const [row] = await owner.query('select path_key from bot_routes where telegram_id = $1', [telegramId]);
    return row.path_key;
  }

  return {
    get db() {
      return db;
    },
    get source() {
      return source;
    },
    get owner() {
      return owner;
    },
    get simulator() {
      return simulator;
    },
    get world() {
      return world;
    },
    get now() {
      return now;
    },
    get publicUrl() {
      return publicUrl;
    },
    later,
    startProcess,
    newTenant,
    newBot,
    register,
    traces,
    lastCall,
    shownBy,
    pathOf,
  };
}
