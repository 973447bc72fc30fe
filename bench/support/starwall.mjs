import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { openSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { checkBooks, report } from '../../scripts/books.mjs';
import { pause } from '../../test/chaos/random.mjs';
import { freePort } from '../../scripts/free-port.mjs';
import { startProgram, untilListening } from '../../test/chaos/processes.mjs';
import { CreatorClient } from '../../test/chaos/town.mjs';
import { ensureLogin, migrate } from '../../dist/libs/database/src/index.js';
import { runStatements } from './postgres.mjs';
import { updatesOf } from './sale.mjs';

const QUIET_WITHIN_MS = 60_000;
const PRICE = 50;

/**
 * Starwall as deployed: the built ingress, platform and worker as separate processes on one PostgreSQL, with or without
 * Redis. Its shops survive a restart.
 */
export class Starwall {
  #programs = {};

  /** Migrates the schema, and chooses everything that all starts share. @param database created unless it is the default one */
  static async prepare({ postgres, telegram, database = 'starwall' }) {
    const starwall = Object.assign(new Starwall(), { postgres, telegram, database });
    if (database !== 'starwall') await runStatements(postgres.ownerUrl, `create database ${database}`);
    const [ownerUrl, applicationUrl] = [postgres.ownerUrl, postgres.applicationUrl].map(
      (url) => Object.assign(new URL(url), { pathname: `/${database}` }).href,
    );
    starwall.ownerUrl = ownerUrl;
    await migrate(ownerUrl);
    await ensureLogin(ownerUrl, applicationUrl);
    const [port, ingressPort] = await Promise.all([freePort(), freePort()]);
    starwall.apiUrl = `http://127.0.0.1:${port}`;
    starwall.owner = new pg.Pool({ connectionString: ownerUrl, max: 2 });
    starwall.env = {
      PATH: process.env.PATH,
      HOME: process.env.HOME ?? '/',
      NODE_ENV: 'production',
      PORT: String(port),
      INGRESS_PORT: String(ingressPort),
      PUBLIC_URL: starwall.apiUrl,
      INGRESS_PUBLIC_URL: `http://127.0.0.1:${ingressPort}`,
      DATABASE_URL: applicationUrl,
      TELEGRAM_API_ROOT: telegram.url,
      STARWALL_LIVEMODE: 'false',
      STARWALL_MASTER_KEY: randomBytes(32).toString('base64'),
      STARWALL_DATA_DIR: join(postgres.dir, 'files'),
      // The stand-in for Telegram keeps no list of transactions.
      STARWALL_RECONCILE: 'off',
      STARWALL_RATE_LIMIT: '1000000',
    };
    return starwall;
  }

  /** @param env settings for this start @param without processes that are not started @param nodeOptions of every process */
  async start({ redis = true, env = {}, without = [], nodeOptions = [] } = {}) {
    const output = openSync(join(this.postgres.dir, 'starwall.log'), 'a');
    const settings = { ...this.env, ...env };
    if (redis) {
      const port = await freePort();
      const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
      this.#programs.redis = startProgram('redis-server', args, { env: settings, cwd: this.postgres.dir, output });
      await untilListening(port, 'Redis');
      settings.REDIS_URL = `redis://127.0.0.1:${port}`;
    }
    for (const name of ['platform', 'ingress', 'worker'].filter((each) => !without.includes(each))) {
      const args = [...nodeOptions, '--enable-source-maps', `dist/apps/${name}/src/main.js`];
      this.#programs[name] = startProgram(process.execPath, args, { env: settings, output });
    }
    if (!without.includes('platform')) await untilListening(this.env.PORT, 'The platform');
    if (!without.includes('ingress')) await untilListening(this.env.INGRESS_PORT, 'The ingress');
  }

  async stop() {
    const programs = Object.values(this.#programs);
    this.#programs = {};
    for (const program of programs.toReversed()) await program.stop();
  }

  /** Process ids by name. */
  get pids() {
    const programs = Object.entries(this.#programs).map(([name, { pid }]) => [name, pid]);
    return { postgres: this.postgres.pid, ...Object.fromEntries(programs) };
  }

  /** Registers bots through the API, each with a product that is a text. @param tenants workspaces to spread them over */
  async openShops(bots, tenants = bots) {
    const creators = [];
    for (let n = 0; n < tenants; n += 1) {
      const creator = new CreatorClient(this.apiUrl, `creator-${randomBytes(6).toString('hex')}@starwall.example`);
      await creator.signUp();
      creators.push(creator);
    }
    await this.owner.query(`update tenants set plan_id = 'business'`);
    const shops = [];
    for (let n = 0; n < bots; n += 1) shops.push(await this.#openShop(creators[n % tenants], this.telegram.newBot()));
    return shops;
  }

  async #openShop(creator, bot) {
    const { id: botId } = await creator.must('POST', '/v1/bots', { token: bot.token });
    const content = `The goods of ${bot.username}`;
    const words = { kind: 'text', title: 'Guide', description: 'A guide', content };
    const { id } = await creator.must('POST', '/v1/products', { bot_id: botId, stars: PRICE, ...words });
    return { creator, bot, botId, productId: id, stars: PRICE, content, updates: updatesOf(bot) };
  }

  /** Waits until no work is due: updates, events and jobs. @throws Error after a minute */
  async quiet() {
    const deadline = Date.now() + QUIET_WITHIN_MS;
    for (;;) {
      const { rows } = await this.owner.query(
        `select (select count(*)::int from inbox where state = 'waiting') as updates,
           (select count(*)::int from events where relayed_at is null) as events,
           (select count(*)::int from jobs where state = 'waiting' and due_at <= now()) as jobs`,
      );
      const open = Object.entries(rows[0]).filter(([, count]) => count > 0);
      if (open.length === 0) return;
      if (Date.now() > deadline) throw new Error(`Starwall still has work to do: ${JSON.stringify(open)}`);
      await pause(50);
    }
  }

  /** @throws Error when the books are wrong, or do not have this many delivered sales */
  async verify(sales) {
    const violated = await checkBooks(this.ownerUrl, { olderThan: '0 seconds' });
    if (violated.length > 0) throw new Error(report(violated));
    const { rows } = await this.owner.query(
      `select count(*)::int as sold from orders o join charges c on c.tenant_id = o.tenant_id and c.order_id = o.id
       where o.state = 'paid' and o.delivery = 'delivered' and c.match = 'order' and c.stars = o.stars`,
    );
    if (rows[0].sold !== sales)
      throw new Error(`Starwall has ${rows[0].sold} delivered sales on its books, not ${sales}.`);
  }

  async end() {
    await this.stop();
    await this.owner.end();
  }
}
