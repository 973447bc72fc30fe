import { randomBytes } from 'node:crypto';
import { openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { freePort } from '../../scripts/free-port.mjs';
import { startProgram, untilListening } from '../../test/chaos/processes.mjs';
import { pause } from '../../test/chaos/random.mjs';
import { runStatements } from './postgres.mjs';
import { updatesOf } from './sale.mjs';

const GOODS = { title: 'Guide', description: 'A guide', stars: 50, content: 'The goods of the rival' };
const QUIET_WITHIN_MS = 10_000;

/** The hand-written bot of `bench/rival`, in a separate process, with a separate database on the same PostgreSQL. */
export class Rival {
  database = 'rival';
  #program;

  static async prepare({ postgres, telegram }) {
    const rival = Object.assign(new Rival(), { postgres, telegram });
    const password = randomBytes(12).toString('hex');
    await runStatements(
      postgres.ownerUrl,
      `create role rival login password '${password}'`,
      'create database rival owner rival',
    );
    const url = Object.assign(new URL(postgres.ownerUrl), { pathname: '/rival', username: 'rival', password });
    rival.pool = new pg.Pool({ connectionString: url.href, max: 1 });
    rival.bot = telegram.newBot();
    const port = await freePort();
    rival.env = {
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      PORT: String(port),
      DATABASE_URL: url.href,
      TELEGRAM_API_ROOT: telegram.url,
      BOT_TOKEN: rival.bot.token,
      WEBHOOK_SECRET: randomBytes(24).toString('hex'),
    };
    await rival.pool.query(readFileSync('bench/rival/schema.sql', 'utf8'));
    const { title, description, stars, content } = GOODS;
    const { rows } = await rival.pool.query(
      'insert into products (title, description, stars, content) values ($1, $2, $3, $4) returning id',
      [title, description, stars, content],
    );
    rival.shops = [{ bot: rival.bot, updates: updatesOf(rival.bot), productId: rows[0].id, stars, content }];
    return rival;
  }

  async start() {
    const output = openSync(join(this.postgres.dir, 'rival.log'), 'a');
    this.bot.webhook = { url: '', secret: '' };
    this.#program = startProgram(process.execPath, ['bench/rival/main.mjs'], { env: this.env, output });
    await untilListening(this.env.PORT, 'The rival');
    while (this.bot.webhook.url === '') await pause(10);
  }

  async stop() {
    await this.#program?.stop();
    this.#program = undefined;
  }

  get pids() {
    return { postgres: this.postgres.pid, bot: this.#program.pid };
  }

  /** Waits until every paid order is marked as delivered. */
  async quiet() {
    const deadline = Date.now() + QUIET_WITHIN_MS;
    for (;;) {
      const { rowCount } = await this.pool.query(`select from orders where state = 'paid' and delivered_at is null`);
      if (rowCount === 0) return;
      if (Date.now() > deadline) throw new Error(`The rival has not delivered ${rowCount} orders.`);
      await pause(20);
    }
  }

  /** @throws Error when its books do not have this many delivered sales */
  async verify(sales) {
    const { rows } = await this.pool.query(
      `select count(*)::int as sold from orders o join charges c on c.telegram_charge_id = o.charge_id and c.stars = o.stars
       where o.state = 'paid' and o.delivered_at is not null`,
    );
    if (rows[0].sold !== sales)
      throw new Error(`The rival has ${rows[0].sold} delivered sales on its books, not ${sales}.`);
  }

  async end() {
    await this.stop();
    await this.pool.end();
  }
}
