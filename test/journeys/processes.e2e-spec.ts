import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import request from 'supertest';
import type { DataSource } from 'typeorm';
import { freePort } from '../../scripts/free-port.mjs';
import { type Simulator, SimulatorClient, startSimulator } from '../../apps/simulator/src/index.js';
import { databaseSettings, isPooled, openAsOwner, testMasterKey } from '../support/database.js';
import { Program, RedisServer } from '../support/processes.js';
import { Buyer, Creator, eventually, type Reachable, type RegisteredBot } from '../support/starwall.js';

const MAIN = {
  platform: 'dist/apps/platform/src/main.js',
  ingress: 'dist/apps/ingress/src/main.js',
  worker: 'dist/apps/worker/src/main.js',
};
const DOCTOR = 'dist/commands/doctor.js';
const CLEAN_END = ['SIGTERM', '143', '0'];

let simulator: Simulator;
let redis: RedisServer;
let owner: DataSource;
const dataDir = mkdtempSync(join(tmpdir(), 'starwall-processes-'));
const running = new Set<Program>();

interface Platform {
  readonly program: Program;
  readonly url: string;
  readonly reach: Reachable;
}

const common = () => ({
  NODE_ENV: 'test',
  ...databaseSettings(),
  TELEGRAM_API_ROOT: simulator.url,
  STARWALL_MASTER_KEY: testMasterKey,
  STARWALL_DATA_DIR: dataDir,
  STARWALL_RECONCILE: 'off',
  STARWALL_RATE_LIMIT: '100000',
  LOG_LEVEL: 'info',
  METRICS_PORT: '0',
});

function start(kind: keyof typeof MAIN, settings: Record<string, string>): Program {
  const program = Program.run(kind, process.execPath, ['--enable-source-maps', MAIN[kind]], {
    ...common(),
    ...settings,
  });
  running.add(program);
  return program;
}

async function startPlatform(settings: Record<string, string>): Promise<Platform> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const program = start('platform', { PORT: String(port), ...settings });
  await program.until('it is ready', async () => (await fetch(`${url}/health/ready`)).ok);
  return { program, url, reach: { http: () => request(url), telegram: new SimulatorClient(simulator.url) } };
}

/** Starts an ingress. @returns it and the settings by which others register it with Telegram */
async function startIngress(settings: Record<string, string>) {
  const port = String(await freePort());
  const program = start('ingress', { INGRESS_PORT: port, ...settings });
  await program.until('it is ready', async () => (await fetch(`http://127.0.0.1:${port}/health/ready`)).ok);
  return { program, url: `http://127.0.0.1:${port}` };
}

async function startWorker(settings: Record<string, string>): Promise<Program> {
  const program = start('worker', settings);
  await program.until('it has started', async () => program.printed('The worker is running'));
  return program;
}

/** Reads the metrics of a process, by name and labels. */
async function metricsOf(program: Program): Promise<(name: string) => number | undefined> {
  const text = await (await fetch(await program.prints(/Metrics are at (\S+\/metrics)/))).text();
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const values = new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]));
  return (name) => values.get(name);
}

async function stop(program: Program): Promise<string> {
  const how = await program.stop();
  running.delete(program);
  return how;
}

/** Runs `npm run doctor`. @returns its exit status and output */
async function doctor(settings: Record<string, string>) {
  const program = Program.run('doctor', process.execPath, [DOCTOR], { ...common(), ...settings });
  const status = await program.end();
  return { status, says: await program.prints(/^([\s\S]*)$/) };
}

/** A shop that can sell any number of times, each time to a new buyer. */
class Shop {
  private constructor(
    private readonly reach: Reachable,
    private readonly creator: Creator,
    readonly bot: RegisteredBot,
    private readonly product: string,
  ) {}

  static async open({ reach }: Platform): Promise<Shop> {
    const creator = await Creator.signUp(reach);
    const bot = await creator.registerBot();
    return new Shop(reach, creator, bot, await creator.createProduct(bot.id));
  }

  buyer(): Promise<Buyer> {
    return Buyer.meets(this.reach, this.bot.telegramId);
  }

  /** @throws Error when the pre-checkout is not answered in time */
  async sells(): Promise<void> {
    const buyer = await this.buyer();
    const invoice = await buyer.wants(this.product);
    const { status } = await buyer.pays(invoice);
    if (status !== 'paid') throw new Error(`the payment ended as ${status}`);
    await buyer.sees((message) => message.text?.includes('the goods') === true, 'the goods');
  }

  /** Waits until all orders are delivered. @returns their number */
  delivered(): Promise<number> {
    return eventually('all deliveries', async () => {
      const { body } = await this.creator.get('/v1/orders?limit=100').expect(200);
      const seen = (body.data as readonly { status: string }[]).map((order) => order.status);
      return seen.every((status) => status === 'delivered') && seen.length;
    });
  }
}

beforeAll(async () => {
  if (!existsSync(MAIN.worker)) throw new Error('this test runs what is built: npm run build');
  [simulator, redis, owner] = await Promise.all([
    startSimulator({ retryScale: 0.05 }),
    RedisServer.start(),
    openAsOwner(),
  ]);
});
afterAll(async () => {
  await Promise.all([...running].map((program) => program.stop('SIGKILL')));
  await Promise.all([simulator.close(), redis.remove(), owner.destroy()]);
  rmSync(dataDir, { recursive: true, force: true });
});

it('two platforms, two ingresses and two workers sell while Redis fails, and shut down cleanly', async () => {
  const settings = { REDIS_URL: redis.url };
  const ingresses = await Promise.all([startIngress(settings), startIngress(settings)]);
  const [one, two, first, second] = await Promise.all([
    startPlatform({ ...settings, INGRESS_PUBLIC_URL: ingresses[0].url }),
    startPlatform({ ...settings, INGRESS_PUBLIC_URL: ingresses[1].url }),
    startWorker(settings),
    startWorker(settings),
  ]);
  const shops = [await Shop.open(one), await Shop.open(two)] as const;
  const sellInBoth = () => Promise.all(shops.flatMap((shop) => [shop.sells(), shop.sells()]));

  await sellInBoth();
  // All rings went through Redis.
  expect(await redis.ask('INFO commandstats')).toMatch(/cmdstat_evalsha:calls=\d\d/);
  await eventually('silence', async () => (await redis.ask('LLEN {starwall}:bells:wait')).startsWith(':0'));

  const flushed = sellInBoth();
  for (let i = 0; i < 10; i += 1) expect(await redis.ask('FLUSHALL')).toMatch(/OK/);
  await flushed;

  // No sale waits for Redis: the sales of each step are complete before Redis continues.
  redis.hang();
  await sellInBoth();
  redis.resume();
  const killed = sellInBoth();
  await redis.kill();
  await killed;
  await sellInBoth();
  for (const { program } of ingresses) expect(program.printed('Bells do not reach Redis')).toBe(true);
  for (const { reach } of [one, two]) await reach.http().get('/health/ready').expect(200);

  await redis.startAgain();
  await sellInBoth();
  await eventually('bells in the new Redis', async () => /evalsha/.test(await redis.ask('INFO commandstats')));
  for (const shop of shops) expect(await shop.delivered()).toBe(12);

  const ends = await Promise.all(
    [...ingresses.map(({ program }) => program), one.program, two.program, first, second].map(stop),
  );
  for (const how of ends) expect(CLEAN_END).toContain(how);
}, 240_000);

it('ingress and worker communicate through the database without Redis, and a shutdown completes work in progress', async () => {
  const ingress = await startIngress({});
  const [platform, worker] = await Promise.all([startPlatform({ INGRESS_PUBLIC_URL: ingress.url }), startWorker({})]);
  const shop = await Shop.open(platform);
  // The processes of the previous test ended before all of its events were relayed.
  await eventually('the rest of the former test', async () => {
    const [{ rest }] = await owner.query(`select count(*)::int as rest from events where relayed_at is null`);
    return rest === 0;
  });
  const before = await metricsOf(worker);
  type Metrics = typeof before;
  const added = (now: Metrics, metric: string) => (now(metric) ?? 0) - (before(metric) ?? 0);
  await shop.sells();

  for (const metric of ['events_total{type="order.paid"}', 'job_attempts_total{kind="order.deliver",outcome="done"}'])
    await eventually(`one more in ${metric}`, async () => added(await metricsOf(worker), `starwall_${metric}`) === 1);
  const [ofIngress, ofPlatform, ofWorker] = await Promise.all(
    [ingress.program, platform.program, worker].map(metricsOf),
  );
  expect(ofIngress?.('starwall_pre_checkout_seconds_count{outcome="approved"}')).toBe(1);
  expect(ofIngress?.('starwall_ingress_seconds_count{status="200"}')).toBeGreaterThan(2);
  expect(ofPlatform?.('starwall_api_seconds_count{status="2xx"}')).toBeGreaterThan(2);
  for (const what of ['inbox', 'outbox']) expect(ofPlatform?.(`starwall_waiting{what="${what}"}`)).toBeLessThan(5);
  expect(ofPlatform?.('starwall_trouble{kind="stuck_orders"}')).toBe(0);
  expect(ofPlatform?.('starwall_jobs{kind="bot.reconcile",state="parked"}')).toBe(0);
  expect(ofWorker && added(ofWorker, 'starwall_stars_sold_total')).toBe(50);
  expect(ofWorker && added(ofWorker, 'starwall_telegram_calls_total{method="sendInvoice",outcome="ok"}')).toBe(1);
  for (const of of [ofIngress, ofPlatform, ofWorker]) {
    expect(of?.('starwall_ready')).toBe(1);
    expect(Math.abs(of?.('starwall_clock_ahead_seconds') ?? Number.NaN)).toBeLessThan(5);
    expect(of?.('nodejs_eventloop_lag_p99_seconds')).toBeGreaterThanOrEqual(0);
  }

  const urls = { PUBLIC_URL: platform.url, INGRESS_PUBLIC_URL: ingress.url };
  const [healthy, sick] = await Promise.all([
    doctor(urls),
    doctor({
      PUBLIC_URL: ingress.url,
      INGRESS_PUBLIC_URL: platform.url,
      SMTP_URL: 'smtp://127.0.0.1:1',
      MAIL_FROM: 'a@b.example',
    }),
  ]);
  expect(healthy).toMatchObject({ status: '0', says: expect.stringMatching(/ok +webhook/) });
  // A pooler hides the connections of the other processes.
  expect(healthy.says).toMatch(isPooled() ? /Behind a pooler they may be connected anyway/ : /Everything is fine/);
  expect(sick.status).toBe('1');
  for (const about of ['webhook', 'mail']) expect(sick.says).toMatch(new RegExp(`WRONG +${about}.*\\n +\\S`));

  const buyer = await shop.buyer();
  const rule = {
    at: 'call',
    name: 'sendMessage',
    action: 'delay',
    seconds: 1,
    times: 1,
    botId: shop.bot.telegramId,
  } as const;
  await platform.reach.telegram.setFaults({ rules: [rule] });
  await buyer.says('/help');
  await eventually(
    'the answer to be on its way',
    async () => (await platform.reach.telegram.faults())[0]?.struck === 1,
  );
  expect(CLEAN_END).toContain(await stop(worker));
  await buyer.sees((message) => message.text?.includes('/shop') === true, 'the answer');
  const left = await owner.query(
    `select count(*)::int as n from inbox i join bots b on b.id = i.bot_id
     where b.telegram_id = $1 and (i.state <> 'done' or i.attempts > 1 or i.lease is not null)`,
    [shop.bot.telegramId],
  );
  expect(left).toEqual([{ n: 0 }]);
  expect(CLEAN_END).toContain(await stop(platform.program));
  expect(CLEAN_END).toContain(await stop(ingress.program));
}, 240_000);
