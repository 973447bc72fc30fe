import { PostgresPair } from '../support/postgres-pair.js';
import { testMasterKey } from '../support/database.js';
import { Program } from '../support/processes.js';
import { Buyer, Creator, type RegisteredBot, type Starwall, startStarwall } from '../support/starwall.js';

let pair: PostgresPair;
let starwall: Starwall;
let creator: Creator;
let bot: RegisteredBot;

const settings = () => ({ DATABASE_URL: pair.url, DATABASE_REPLICA_URL: pair.replicaUrl });

beforeAll(async () => {
  pair = await PostgresPair.start();
  starwall = await startStarwall(settings());
  creator = await Creator.signUp(starwall);
  bot = await creator.registerBot();
}, 120_000);
afterAll(async () => {
  await starwall.stop();
  await pair.remove();
});

const days = () => {
  const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);
  return `from=${day(-1)}&to=${day(1)}`;
};
/** The paths of all reports. */
const reports = () => [
  `/v1/metrics/sales?${days()}`,
  `/v1/metrics/subscriptions?${days()}`,
  `/v1/metrics/funnel?${days()}`,
  `/v1/bots/${bot.id}/statement?${days()}`,
  `/v1/bots/${bot.id}/statement.csv?${days()}`,
  '/v1/orders.csv',
  '/v1/audit-entries.ndjson',
];

/** Reads all reports. @returns the times up to which they are complete */
async function asOfAll(): Promise<number[]> {
  const times: number[] = [];
  for (const path of reports()) {
    const { body, headers } = await creator.get(path).expect(200);
    times.push(Date.parse(headers['as-of'] ?? body.as_of));
  }
  expect(times.filter(Number.isNaN)).toEqual([]);
  return times;
}

const earned = async () => (await creator.get(`/v1/metrics/sales?${days()}`).expect(200)).body.totals.stars_earned;

async function sell(): Promise<void> {
  const product = await creator.createProduct(bot.id);
  const buyer = await Buyer.meets(starwall, bot.telegramId);
  const { status } = await buyer.pays(await buyer.wants(product));
  expect(status).toBe('paid');
  await buyer.sees((message) => message.text?.includes('the goods') === true, 'the goods');
}

/** Runs `npm run doctor`. @returns its line about the replica */
async function doctor(more: Readonly<Record<string, string>> = {}): Promise<string> {
  const program = Program.run('doctor', process.execPath, ['dist/commands/doctor.js'], {
    NODE_ENV: 'test',
    ...settings(),
    TELEGRAM_API_ROOT: starwall.simulator.url,
    STARWALL_MASTER_KEY: testMasterKey,
    ...more,
  });
  await program.end();
  return program.prints(/^(.* replica .*)$/m);
}

it('a sale is in every report once the replica has it, and each report states up to when it is complete', async () => {
  const began = Date.now();
  await sell();
  await pair.catchUp();
  for (const time of await asOfAll()) expect(time).toBeGreaterThanOrEqual(began);
  expect(await earned()).toBe(50);
  const { text } = await creator.get(`/v1/bots/${bot.id}/statement.csv?${days()}`).expect(200);
  expect(text.split('\r\n').filter((line) => line.includes(',50,'))).toHaveLength(1);
  expect(await doctor()).toMatch(/^ok +replica +It applied a transaction of the primary within \d+ ms\.$/);
});

it('reports lag behind a sale while the replica is paused, but lists that follow a write do not', async () => {
  await pair.catchUp();
  await pair.pause();
  try {
    const before = await earned();
    const began = Date.now();
    await sell();
    expect(await earned()).toBe(before);
    for (const time of await asOfAll()) expect(time).toBeLessThan(began);
    const { body } = await creator.get('/v1/orders?limit=100').expect(200);
    expect(body.data).toHaveLength(before / 50 + 1);
    expect(await doctor({ DATABASE_REPLICA_LAG_SECONDS: '1' })).toMatch(
      /^WARNING +replica +It did not apply .* 1 s\.$/,
    );
  } finally {
    await pair.resume();
  }
  await pair.catchUp();
  expect(await earned()).toBe(100);
});

it('without the replica the shop sells, and reports are current', async () => {
  await pair.killReplica();
  const began = Date.now();
  await sell();
  for (const time of await asOfAll()) expect(time).toBeGreaterThanOrEqual(began);
  expect(await earned()).toBe(150);
  expect(await doctor()).toMatch(/^WARNING +replica +It cannot be used: .*ECONNREFUSED/);
  expect(await doctor({ DATABASE_REPLICA_URL: pair.url })).toMatch(
    /^WRONG +replica +DATABASE_REPLICA_URL names no replica/,
  );
});
