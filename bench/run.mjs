// Compares Starwall with a bot that one creator would write by hand (bench/rival), on one durable PostgreSQL of its own, over one driver and
// one stand-in for Telegram, each system in turn. Prints a table and one line of JSON; a wrong or lost sale ends the run with 1.
//
//   npm run bench                                    every row but desk-million, which needs Chromium; three runs each
//   npm run bench -- --only sales,alone --runs 1 --sales 300
//
// Absolute figures depend on the machine and its other load: the ratios are what counts.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { counts } from './rows/counts.mjs';
import { crowd } from './rows/crowd.mjs';
import { deskMillion } from './rows/desk-million.mjs';
import { ingress } from './rows/ingress.mjs';
import { manyOrders } from './rows/many-orders.mjs';
import { outgoing } from './rows/outgoing.mjs';
import { sales } from './rows/sales.mjs';
import { COUNTING, Counters } from './support/counters.mjs';
import { asJson, table } from './support/figures.mjs';
import { scratchPostgres } from './support/postgres.mjs';
import { Rival } from './support/rival.mjs';
import { Starwall } from './support/starwall.mjs';
import { FastTelegram } from './support/telegram.mjs';

const GROUPS = [sales, counts, ingress, outgoing, crowd, manyOrders, deskMillion];
const NAMES = GROUPS.flatMap(({ names }) => names);
const USUAL = GROUPS.filter(({ onlyByName }) => onlyByName !== true).flatMap(({ names }) => names);

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: USUAL.join(',') },
    runs: { type: 'string', default: '3' },
    sales: { type: 'string', default: '1000' },
    buyers: { type: 'string', default: '32' },
    bots: { type: 'string', default: '10' },
    tenants: { type: 'string' },
    alone: { type: 'string', default: '100' },
    warm: { type: 'string', default: '200' },
    updates: { type: 'string', default: '5000' },
    registered: { type: 'string', default: '10000' },
    active: { type: 'string', default: '1000' },
    orders: { type: 'string', default: '1000000' },
    list: { type: 'boolean', default: false },
    json: { type: 'string' },
  },
});
const wanted = new Set(values.only.split(','));
const unknown = [...wanted].filter((name) => !NAMES.includes(name));
if (unknown.length > 0) {
  console.error(`No such row: ${unknown.join(', ')}. Rows: ${NAMES.join(', ')}.`);
  process.exit(2);
}
const number = (name) => Number(values[name]);
const settings = {
  runs: number('runs'),
  sales: number('sales'),
  buyers: number('buyers'),
  bots: number('bots'),
  tenants: Number(values.tenants ?? values.bots),
  alone: number('alone'),
  warm: number('warm'),
  updates: number('updates'),
  registered: number('registered'),
  active: number('active'),
  orders: number('orders'),
  list: values.list,
};

const began = performance.now();
const tell = (sentence) =>
  console.error(`${((performance.now() - began) / 1_000).toFixed(0).padStart(5)} s  ${sentence}`);
const stops = [];
const logs = [];
let stopped;
/** Also called by a signal while the work that it cuts off fails. */
const stop = () => (stopped ??= stopAll());
async function stopAll() {
  for (const each of stops.toReversed()) await each();
}
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void stop().finally(() => process.exit(1)));
try {
  const results = await measure();
  console.log(table(results));
  const json = JSON.stringify({ bench: 'sale', cores: availableParallelism(), settings, rows: asJson(results) });
  console.log(json);
  if (values.json !== undefined) writeFileSync(values.json, `${json}\n`);
} catch (error) {
  for (const log of logs.filter(existsSync)) console.error(`${log}:\n${readFileSync(log, 'utf8').slice(-4_000)}`);
  console.error(error);
  process.exitCode = 1;
} finally {
  await stop();
}
process.exit();

async function measure() {
  const postgres = await scratchPostgres([...COUNTING, 'max_connections=300']);
  stops.push(postgres.remove);
  logs.push(...['starwall.log', 'rival.log'].map((name) => join(postgres.dir, name)));
  const telegram = new FastTelegram();
  await telegram.start();
  stops.push(() => telegram.stop());
  const counters = await Counters.connect(postgres.ownerUrl);
  stops.push(counters.end);
  const starwall = await Starwall.prepare({ postgres, telegram });
  stops.push(() => starwall.end());
  const rival = await Rival.prepare({ postgres, telegram });
  stops.push(() => rival.end());
  await starwall.start();
  starwall.shops = await starwall.openShops(settings.bots, settings.tenants);
  await starwall.quiet();
  await starwall.stop();
  tell(`${settings.bots} shops of ${settings.tenants} workspaces are open`);

  const sold = new Map();
  const bench = {
    settings,
    tell,
    postgres,
    telegram,
    counters,
    starwall,
    rival,
    count: (system, number) => sold.set(system, (sold.get(system) ?? 0) + number),
    sold: (system) => sold.get(system) ?? 0,
  };
  const results = [];
  for (const group of GROUPS) {
    const chosen = new Set(group.names.filter((name) => wanted.has(name)));
    if (chosen.size > 0) results.push(...(await group.run(bench, chosen)));
  }
  return results;
}
