// A backup and restore drill: a Starwall sells on a PostgreSQL that archives its WAL; the server is lost between two sales; the base backup and the
// WAL are restored to that moment on another port; the books are checked, and Telegram's list gives back what was sold afterwards. Fails when a
// sale is lost. Everything is thrown away at the end; no other installation is touched. About a minute. Run after `npm run build`.
//
//   npm run drill [-- --sales 10]
import 'reflect-metadata';
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { cp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { freePort } from './free-port.mjs';
import { CreatorApi } from '../dist/apps/standalone/src/api.js';
import { startPostgres } from '../dist/apps/standalone/src/postgres.js';
import { SimulatorClient, startSimulator } from '../dist/apps/simulator/src/index.js';
import { ensureLogin, migrate } from '../dist/libs/database/src/index.js';
import { checkBooks, report } from './books.mjs';

const { values } = parseArgs({ options: { sales: { type: 'string', default: '10' } } });
const SALES = Number(values.sales);
const PATIENCE_MS = 60_000;
const pause = (ms) => new Promise((over) => setTimeout(over, ms));
const tell = (line) => console.log(line);

async function until(what, look) {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const found = await look().catch(() => false);
    if (found) return found;
    if (Date.now() > deadline) throw new Error(`Waited ${PATIENCE_MS / 1_000} s for ${what}.`);
    await pause(100);
  }
}

/** Runs `work` and prints its duration. */
async function timed(what, work) {
  const began = performance.now();
  const result = await work();
  tell(`${what.padEnd(58)} ${((performance.now() - began) / 1_000).toFixed(1).padStart(6)} s`);
  return result;
}

const folder = mkdtempSync(join(tmpdir(), 'starwall-drill-'));
chmodSync(folder, 0o755);
const [first, second, archive, copy] = ['first', 'second', 'archive', 'copy'].map((name) => join(folder, name));
for (const each of [first, second, archive]) mkdirSync(each, { mode: 0o755 });
const masterKey = randomBytes(32).toString('base64');
const [port, ingressPort] = [await freePort(), await freePort()];
const stops = [];

const archiving = [
  'wal_level=replica',
  'archive_mode=on',
  `archive_command=test ! -f ${archive}/%f && cp %p ${archive}/%f`,
];

async function ask(url, sql, parameters = []) {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query(sql, parameters)).rows;
  } finally {
    await client.end();
  }
}

const environment = ({ applicationUrl }, telegramUrl, key = masterKey) => ({
  PATH: process.env.PATH,
  NODE_ENV: 'development',
  LOG_LEVEL: 'error',
  DATABASE_URL: applicationUrl,
  PORT: String(port),
  INGRESS_PORT: String(ingressPort),
  METRICS_PORT: '0',
  TELEGRAM_API_ROOT: telegramUrl,
  STARWALL_MASTER_KEY: key,
  STARWALL_DATA_DIR: join(folder, 'files'),
  STARWALL_RECONCILE: 'off',
});

/** Runs a command of an operator. @returns its exit status and output */
function command(name, args, env, input = '') {
  const main = `dist/commands/${name}.js`;
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], { env, input, encoding: 'utf8' });
  return { status, says: `${stdout}${stderr}` };
}

/** Platform, ingress and worker on a database. @returns a function that stops them */
async function startProcesses(postgres, telegramUrl, signal = 'SIGTERM') {
  const env = environment(postgres, telegramUrl);
  const children = ['platform', 'ingress', 'worker'].map((name) =>
    spawn(process.execPath, [`dist/apps/${name}/src/main.js`], { env, stdio: ['ignore', 'ignore', 'inherit'] }),
  );
  const ended = children.map((child) => new Promise((resolve) => child.once('exit', resolve)));
  const stop = async () => {
    for (const child of children) child.kill(signal);
    await Promise.all(ended);
  };
  stops.push(stop);
  for (const each of [port, ingressPort])
    await until('the processes', async () => (await fetch(`http://127.0.0.1:${each}/health/ready`)).ok);
  return stop;
}

class Shop {
  static async open(simulator) {
    const shop = new Shop();
    shop.telegram = new SimulatorClient(simulator.url);
    shop.api = new CreatorApi(`http://127.0.0.1:${port}`);
    await shop.enter();
    const bot = await shop.telegram.createBot({ username: 'drill_shop_bot', name: 'Drill' });
    const registered = await shop.api.post('/v1/bots', { token: bot.token });
    const product = {
      bot_id: registered.id,
      kind: 'text',
      title: 'A',
      description: 'A',
      stars: 5,
      content: 'the goods',
    };
    const { id } = await shop.api.post('/v1/products', product);
    const { url } = await shop.api.post(`/v1/products/${id}/invoice-links`);
    Object.assign(shop, { bot, botId: registered.id, product: id, link: url });
    return shop;
  }

  enter() {
    return this.api.enter({ email: 'drill@starwall.example', password: 'a drill password', workspace: 'Drill' });
  }

  async buyer() {
    const user = await this.telegram.createUser({ first_name: 'Buyer' });
    await this.telegram.topUp(user.id, 5);
    return user;
  }

  /** One sale by an invoice that anyone can pay. */
  async sellByLink() {
    const { status } = await this.telegram.payLink((await this.buyer()).id, this.link);
    if (status !== 'paid') throw new Error(`A payment ended as ${status}.`);
  }

  /** One sale to a new buyer, until the goods are in the chat. */
  async sell() {
    const user = await this.buyer();
    const chat = { botId: this.bot.id, userId: user.id };
    const message = (wanted) => async () =>
      (await this.telegram.chat(chat)).messages.find((it) => it.outgoing && wanted(it));
    await this.telegram.start(chat, `buy_${this.product}`);
    const invoice = await until(
      'an invoice',
      message((it) => it.invoice !== undefined),
    );
    const { status } = await this.telegram.payMessage(chat, invoice.message_id);
    if (status !== 'paid') throw new Error(`A payment ended as ${status}.`);
    await until(
      'the goods',
      message((it) => it.text?.includes('the goods')),
    );
    return user.id;
  }

  /** Erases a buyer. Refused while something of theirs is pending. */
  async erase(buyerId) {
    await until('the erasure', () => this.api.post(`/v1/buyers/${buyerId}/erase`));
  }

  async sellMany(count) {
    for (let i = 0; i < count; i += 1) await this.sell();
  }
}

/** PostgreSQL's own protocol for a copy of its files: whatever changes meanwhile is in the WAL. */
async function baseBackup({ ownerUrl }) {
  const client = new pg.Client(ownerUrl);
  await client.connect();
  try {
    await client.query(`select pg_backup_start('drill', true)`);
    await cp(join(first, 'postgres'), copy, {
      recursive: true,
      filter: (path) => !/\/(postmaster\.(pid|opts)|pg_wal\/.+|lock|postgres\.log)$/.test(path),
    });
    const { rows } = await client.query('select labelfile from pg_backup_stop()');
    writeFileSync(join(copy, 'data/backup_label'), rows[0].labelfile);
  } finally {
    await client.end();
  }
}

/** The files belong to the user that runs PostgreSQL. */
function give(path, like) {
  const { uid, gid } = statSync(like);
  chownSync(path, uid, gid);
}

async function restore(moment) {
  const place = join(second, 'postgres');
  cpSync(copy, place, { recursive: true, preserveTimestamps: true });
  const data = join(place, 'data');
  writeFileSync(join(data, 'recovery.signal'), '');
  const owner = join(first, 'postgres/data');
  for (const entry of ['', ...readdirSync(place, { recursive: true, encoding: 'utf8' })])
    give(join(place, entry), owner);
  chmodSync(data, 0o700);
  const settings = [
    `restore_command=cp ${archive}/%f %p`,
    `recovery_target_time=${moment}`,
    'recovery_target_action=promote',
  ];
  const postgres = await startPostgres({ dataDir: second, settings, onProgress() {} });
  stops.push(postgres.stop);
  await until(
    'the end of recovery',
    async () => (await ask(postgres.ownerUrl, 'select pg_is_in_recovery() as busy'))[0].busy === false,
  );
  return postgres;
}

async function mustBeInOrder(url) {
  const violated = await checkBooks(url, { olderThan: '10 minutes' });
  if (violated.length > 0) throw new Error(report(violated));
}

async function drill() {
  const simulator = await startSimulator({ retryScale: 0.05 });
  stops.push(() => simulator.close());
  const postgres = await timed('A PostgreSQL that archives its WAL', () =>
    startPostgres({ dataDir: first, settings: archiving, onProgress() {} }),
  );
  stops.push(postgres.stop);
  give(archive, join(first, 'postgres/data'));
  await migrate(postgres.ownerUrl);
  await ensureLogin(postgres.ownerUrl, postgres.applicationUrl);
  const stop = await startProcesses(postgres, simulator.url, 'SIGKILL');
  const shop = await Shop.open(simulator);

  const erased = await shop.sell();
  await timed(`${SALES} sales`, () => shop.sellMany(SALES - 1));
  const selling = shop.sellMany(SALES);
  await timed('A base backup meanwhile', () => baseBackup(postgres));
  await selling;
  const [{ moment }] = await ask(postgres.ownerUrl, 'select clock_timestamp()::text as moment');
  await pause(50);
  await timed(`${SALES} more sales after the moment to restore to, one by link`, async () => {
    await shop.sellMany(SALES);
    await shop.sellByLink();
  });
  await shop.erase(erased);
  const erasures = command('erasures', ['list'], environment(postgres, simulator.url)).says;
  await ask(postgres.ownerUrl, 'select pg_switch_wal()');
  await until('the last WAL in the archive', async () => {
    const [it] = await ask(
      postgres.ownerUrl,
      `select last_archived_wal >= pg_walfile_name(pg_current_wal_lsn() - 1) or pg_current_wal_lsn()::text like '%/%000000' as done from pg_stat_archiver`,
    );
    return it.done;
  });
  await stop();
  await postgres.stop();
  tell('The processes were killed, and the server is gone.');

  const restored = await timed(`Restored to ${moment}`, () => restore(moment));
  const [before] = await ask(restored.ownerUrl, 'select count(*)::int as charges from charges');
  await timed('The books are in order', () => mustBeInOrder(restored.ownerUrl));
  const there = () => ask(restored.ownerUrl, 'select 1 from orders where buyer_id = $1', [erased]);
  if ((await there()).length === 0) throw new Error('The backup should contain the erased buyer.');
  const again = command('erasures', ['apply'], environment(restored, simulator.url), erasures);
  if (again.status !== 0 || (await there()).length > 0) throw new Error(`The buyer is not erased: ${again.says}`);
  tell(`A buyer who was erased since then is erased again: ${again.says.trim()}`);
  const wrongKey = environment(restored, simulator.url, randomBytes(32).toString('base64'));
  const keys = command('keys', ['status'], wrongKey);
  if (keys.status !== 1) throw new Error(`A wrong master key was not noticed: ${keys.says}`);
  tell(
    `With another master key \`npm run keys -- status\` refuses: ${
      keys.says
        .trim()
        .split('\n')
        .find((line) => /not set/.test(line))
        ?.trim() ?? ''
    }`,
  );
  await timed('Starwall runs on it', () => startProcesses(restored, simulator.url));
  await shop.enter();
  const list = `/v1/bots/${shop.botId}/reconciliations`;
  await timed("Telegram's list is compared", async () => {
    const run = await shop.api.post(list);
    await until('the reconciliation', async () => (await shop.api.get(`${list}/${run.id}`)).state === 'succeeded');
  });
  await shop.sell();
  await mustBeInOrder(restored.ownerUrl);

  const { transactions } = await shop.telegram.transactions(shop.bot.id);
  const [after] = await ask(
    restored.ownerUrl,
    `select count(*)::int as charges, count(*) filter (where match = 'unmatched')::int as held,
       count(*) filter (where match = 'order' and source = 'reconciliation')::int as matched from charges`,
  );
  const lost = transactions.length - after.charges;
  tell(`\nTelegram lists ${transactions.length} payments. The restored database had ${before.charges} of them.`);
  tell(
    `From the list came ${after.matched} as an order and ${after.held} without theirs, which wait for the creator (\`held_charges\`).`,
  );
  tell(`Payments lost: ${lost}.`);
  if (lost !== 0 || before.charges !== 2 * SALES || after.held !== SALES || after.matched !== 1)
    throw new Error('These are not the expected numbers.');
}

try {
  await drill();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  for (const stop of stops.reverse()) await stop().catch(() => undefined);
  rmSync(folder, { recursive: true, force: true });
}
process.exit();
