import { openSync } from 'node:fs';
import { join } from 'node:path';
import { startTown } from '../noise/town.mjs';
import { Buyers } from './buyers.mjs';
import { monthAfter, stops } from './calendar.mjs';
import { BOUNDED, checkMonth, countRows } from './checks.mjs';
import { untilQuiet } from './quiet.mjs';
import { rotateKeys, rotateSecret } from './rotations.mjs';
import { openShop } from './shop.mjs';
import { DAY, followsTime, HOUR, MINUTE, SECOND, Time } from './time.mjs';

const dist = (path) => import(`${process.cwd()}/dist/${path}`);

const SUBSCRIBERS = 6;
const [LEAVER, BROKE, LATE] = [2, 3, 4];
const PRICE = 100;
/** The days, from the start, on which someone uses the promo code: one before its end and one after it. */
const PROMO_DAYS = [10, 50];
/** The days, from the start, on which secrets and keys are replaced. */
const SECRET_DAY = 18;
const KEYS_DAY = 20;
/** The number of days after the failed renewal when the late payer has Stars again. */
const LATE_DAYS = 5;
/** The number of days between two purchases of access to the chat. */
const ENTRY_DAYS = 12;
/** Exceeds the duration of a stop: a paid period that ended during a stop would be renewed without being counted. */
const STOP_MS = 5 * MINUTE;

/** A year of one shop, starting with a month. */
export class Year {
  violations = [];
  expected = 0;
  /** One line per month. */
  months = [];
  #doneActions = new Set();

  static async open({ dir, start, months, every, seed }) {
    const year = Object.assign(new Year(), { start, wanted: months, every });
    const output = openSync(join(dir, 'processes.log'), 'a');
    const settings = ['fsync=off', 'timezone=UTC'];
    const env = { ...followsTime(), STARWALL_RECONCILE: 'on', LOG_LEVEL: 'error' };
    year.town = await startTown(dir, { settings, env, output });
    const { SimulatorClient } = await dist('apps/simulator/src/index.js');
    year.publicId = (await dist('libs/kernel/src/index.js')).publicId;
    year.telegram = new SimulatorClient(year.town.simulator.url);
    year.database = { query: async (sql, parameters) => (await year.town.owner.query(sql, parameters)).rows };
    year.shop = await openShop({ ...year.town, telegram: year.telegram, seed });
    year.buyers = new Buyers(year.shop);
    year.time = new Time(year.town.simulator);
    year.quiet = () => untilQuiet({ ...year, telegramId: year.shop.telegramId });
    return year;
  }

  async stop() {
    this.shop?.receiver.close();
    await this.town?.stop();
  }

  /** @param tell receives one line per month */
  async live(tell) {
    await this.#open();
    for (const stop of stops(this.start, this.wanted, this.every)) {
      await this.#passTo(stop.at);
      await this.buyers.buyNext();
      await this.#actionsOf((stop.at - this.start) / DAY);
      await this.quiet();
      if (stop.closes !== undefined) tell(await this.#close(stop.closes));
    }
    await this.#end();
  }

  /** Adds one subscriber an hour. Of six, one cancels, one has Stars for one renewal only, and one pays late. */
  async #open() {
    for (let i = 0; i < SUBSCRIBERS; i += 1) {
      await this.buyers.subscribe(i === BROKE || i === LATE ? 2 * PRICE : undefined);
      await this.quiet();
      await this.time.jump(Date.now() + HOUR);
    }
  }

  /** Moves to a moment, stopping at or just after every end of a paid period on the way, because Telegram renews then. */
  async #passTo(at) {
    for (;;) {
      const now = Date.now();
      const ends = (await this.buyers.subscriptions())
        .map(({ expiresAt }) => expiresAt * SECOND + SECOND)
        .filter((end) => end > now && end < at + STOP_MS);
      if (ends.length === 0) break;
      await this.#renewAt(Math.min(...ends));
    }
    await this.time.jump(at);
    await this.quiet();
  }

  async #renewAt(at) {
    const due = (await this.buyers.subscriptions()).filter(
      ({ expiresAt, state }) => state === 'active' && expiresAt * SECOND + SECOND <= at,
    );
    for (const { userId } of due) {
      const { balance } = await this.telegram.user(userId);
      if (balance >= PRICE) this.expected += 1;
    }
    await this.time.jump(at);
    await this.quiet();
  }

  /** Performs the one-time actions of a day. */
  async #actionsOf(days) {
    const { [LEAVER]: leaver, [LATE]: late } = this.buyers.subscribers;
    await this.#once('leave', days >= 20, async () => {
      const [{ id }] = await this.telegram.subscriptions(leaver.userId);
      await this.telegram.cancelSubscription(id);
    });
    await this.#once('pay late', days >= 60 + LATE_DAYS + 1, async () => {
      await this.telegram.topUp(late.userId, 100 * PRICE);
      const [{ id, state }] = await this.telegram.subscriptions(late.userId);
      if (state !== 'failed') return this.#violated(`the late payer's subscription is ${state}, not failed`);
      await this.telegram.renewSubscription(id);
      this.expected += 1;
    });
    for (const day of PROMO_DAYS) await this.#once(`promo ${day}`, days >= day, () => this.#promo(day));
    await this.#once('secret', days >= SECRET_DAY, () => rotateSecret(this.shop));
    await this.#once('keys', days >= KEYS_DAY, async () => {
      // Takes more than a minute, while the shop continues to sell.
      this.rotation = rotateKeys(this.town.env);
    });
    for (let n = 0; n < days / ENTRY_DAYS; n += 1) await this.#once(`entry ${n}`, true, () => this.#enter(n));
  }

  async #once(what, isDue, action) {
    if (!isDue || this.#doneActions.has(what)) return;
    this.#doneActions.add(what);
    await action();
  }

  /** Lets the next person into the chat: the first one always returns by paying again; the others leave when their access ends. */
  async #enter(n) {
    if (this.guest === undefined) this.guest = await this.buyers.enterChat();
    else if (n % 2 === 0) await this.buyers.enterChat(this.guest);
    else await this.buyers.enterChat();
  }

  async #promo(day) {
    const stars = await this.buyers.buyWith(this.shop.promo.code);
    const wanted = day === PROMO_DAYS[0] ? 20 : 25;
    if (stars !== wanted) this.#violated(`with the promo code the goods cost ${stars} on day ${day}, not ${wanted}`);
  }

  async #close(month) {
    const [from, to] = [monthAfter(this.start, month - 1), monthAfter(this.start, month)];
    const listed = await this.#charges();
    const isIn = (at) => at >= from && at < to;
    const telegramCharges = listed.filter(({ date }) => isIn(date * SECOND));
    const sales = this.buyers.paid.filter(({ at }) => isIn(at));
    const found = await checkMonth(this, { from, to, telegramCharges });
    if (listed.length !== this.buyers.paid.length + this.expected)
      found.push(
        `Telegram took ${listed.length} payments: ${this.buyers.paid.length} sales and ${this.expected} renewals are known`,
      );
    const rows = await countRows(this.database);
    const name = new Date(from).toISOString().slice(0, 7);
    for (const sentence of found) this.#violated(`${name}: ${sentence}`);
    const [{ ended }] = await this.database.query(
      `select (select count(*)::int from subscriptions where ended_at is not null) + (select count(*)::int from chat_accesses where ended_at is not null)
         + (select count(*)::int from credit_lots where expires_at <= now()) as ended`,
    );
    const line = {
      month: name,
      sales: sales.length,
      renewals: telegramCharges.length - sales.length,
      stars: telegramCharges.reduce((sum, { amount }) => sum + amount, 0),
      ended,
      rows: Object.values(rows).reduce((sum, n) => sum + n, 0),
      timeouts: this.buyers.timeouts,
      violations: found.length,
    };
    this.months.push({ ...line, tables: Object.fromEntries(BOUNDED.map((table) => [table, rows[table]])) });
    return line;
  }

  /** Reports a violation immediately, because a run may be stopped before its end. */
  #violated(sentence) {
    process.stderr.write(`${sentence}\n`);
    this.violations.push(sentence);
  }

  async #charges() {
    const { transactions } = await this.telegram.transactions(this.shop.telegramId);
    return transactions.filter(({ source }) => source !== undefined);
  }

  async #end() {
    for (const sentence of (await this.rotation) ?? []) this.#violated(sentence);
    if (this.months.length >= 8) for (const sentence of grown(this.months)) this.#violated(sentence);
  }
}

/** Returns the tables that must be bounded but are larger in the last third of the months than ever before. */
function grown(months) {
  const from = Math.ceil((2 * months.length) / 3);
  return BOUNDED.flatMap((table) => {
    const most = (part) => Math.max(...part.map(({ tables }) => tables[table]));
    const [before, after] = [most(months.slice(3, from)), most(months.slice(from))];
    return after > 1.2 * before + 50 ? [`${table} grew from ${before} to ${after} rows`] : [];
  });
}
