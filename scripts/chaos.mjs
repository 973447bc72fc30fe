// Chaos run: the built processes sell while being killed, and at the end nothing may be lost or doubled.
//
//   npm run chaos -- --sales 300 --kills 10 --seed 1 --reconcile off
//
// --reconcile on   updates also get lost, and reconciliation with Telegram's list must find them
// --reconcile off  no updates get lost, and reconciliation cannot hide faults of the inbox
// --fsync on       makes PostgreSQL wait for the disk; it matters only if the whole machine crashes
// --keep           keeps the logs of all processes
// --fault <name>   one fault of the whole installation instead of kills, once half of the sales are made: see test/chaos/faults.mjs
//
// The seed fixes the decisions, but not the machine's timing. The last line is JSON.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Buyers } from '../test/chaos/buyers.mjs';
import { FAULTS } from '../test/chaos/faults.mjs';
import { Machines, openDirectory } from '../test/chaos/machines.mjs';
import { pause } from '../test/chaos/random.mjs';
import { Refunds } from '../test/chaos/refunds.mjs';
import { Saboteur, telegramFaults } from '../test/chaos/saboteur.mjs';
import { reconcileAll, settle } from '../test/chaos/settle.mjs';
import { buildTown } from '../test/chaos/town.mjs';
import { verify } from '../test/chaos/verify.mjs';

const PLACES = 24;
const SHOWN = 10;

const { values } = parseArgs({
  options: {
    sales: { type: 'string' },
    kills: { type: 'string' },
    fault: { type: 'string' },
    seed: { type: 'string', default: '1' },
    reconcile: { type: 'string', default: 'on' },
    fsync: { type: 'string', default: 'off' },
    keep: { type: 'boolean', default: false },
  },
});
const fault = values.fault === undefined ? undefined : FAULTS[values.fault];
values.sales ??= values.fault === undefined ? '300' : String(fault?.sales ?? 60);
values.kills ??= values.fault === undefined ? '10' : '0';
const wanted = {
  sales: whole('sales'),
  kills: whole('kills'),
  seed: whole('seed'),
  reconcile: values.reconcile === 'on',
  fsync: values.fsync === 'on',
};
refuseWithout();

const began = performance.now();
const seconds = () => Math.round((performance.now() - began) / 1_000);
const say = (line) => console.log(`${String(seconds()).padStart(5)} s  ${line}`);
const dir = mkdtempSync(join(tmpdir(), 'starwall-chaos-'));
openDirectory(dir);
const machines = new Machines();
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void giveUp());
try {
  const result = await run();
  console.log(JSON.stringify(result));
  process.exitCode = result.lost + result.doubled + result.wrong === 0 ? 0 : 1;
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  await machines.stop();
  fault?.end?.();
  if (values.keep || process.exitCode !== 0) console.error(`The logs of all processes are in ${join(dir, 'logs')}.`);
  else rmSync(dir, { recursive: true, force: true });
}
process.exit();

async function giveUp() {
  await machines.stop();
  fault?.end?.();
  rmSync(dir, { recursive: true, force: true });
  process.exit(130);
}

function whole(name) {
  const n = Number(values[name]);
  if (Number.isSafeInteger(n) && n >= 0) return n;
  console.error(`--${name} is a whole number.`);
  process.exit(2);
}

function refuseWithout() {
  const problems = [
    ...(existsSync('dist/apps/worker/src/main.js') ? [] : ['There is no build: run `npm run build` first.']),
    ...(spawnSync('redis-server', ['--version']).status === 0
      ? []
      : ['There is no redis-server. On Debian: apt-get install redis-server.']),
    ...(['on', 'off'].includes(values.reconcile) ? [] : ['--reconcile is on or off.']),
    ...(values.fault === undefined || fault !== undefined
      ? []
      : [`--fault is one of ${Object.keys(FAULTS).join(', ')}.`]),
  ];
  if (problems.length === 0) return;
  console.error(problems.join('\n'));
  process.exit(2);
}

async function run() {
  const { sales, kills, seed, reconcile } = wanted;
  say(
    `starting PostgreSQL, Redis, the simulator, two platforms, two ingresses, two workers (seed ${seed}, reconcile ${values.reconcile})`,
  );
  await machines.start({ dir, ...wanted, setup: fault?.prepare?.({ dir }) });
  const { SimulatorClient } = await import(`${process.cwd()}/dist/apps/simulator/src/index.js`);
  const { publicId } = await import(`${process.cwd()}/dist/libs/kernel/src/index.js`);
  const telegram = new SimulatorClient(machines.simulatorUrl);
  const hangs = Math.max(1, Math.floor(sales / 150));
  const { shops, tenants } = await buildTown({ apiUrl: machines.apiUrl, telegram, seed, hangs });
  const refunds = new Refunds({ database: machines.database, telegramUrl: machines.simulatorUrl, publicId });
  const onPaid = (payment, drawn) => refunds.consider(payment, drawn);
  const buyers = new Buyers({ telegram, shops, seed, sales, places: Math.min(PLACES, sales), onPaid });
  const tell = (deed) => say(`${buyers.sold} sold; ${deed.replace('_', ' ')}`);
  const saboteur = new Saboteur({ machines, seed, kills, sales, sold: () => buyers.sold, tell });

  const telegramRules = telegramFaults(seed, reconcile);
  await telegram.setFaults(telegramRules);
  say(`${shops.length} bots of ${tenants.length} tenants are open`);
  const selling = { over: false };
  const buying = buyers.buyEverything().finally(() => (selling.over = true));
  const striking = strike({ machines, telegram, telegramRules, shops, tenants, seed }, () => buyers.sold >= sales / 2);
  const sabotage = saboteur.work(() => selling.over);
  const [, , , { figuresAtEnd, ...figures }] = await Promise.all([
    buying,
    sabotage,
    giveUpAfter(sales, selling),
    striking,
  ]);

  say(`${buyers.sold} sold; faults end, everything settles`);
  const struck = await telegram.faults();
  await telegram.setFaults({ rules: [] });
  for (const { receiver } of tenants) receiver.misbehaves = false;
  await saboteur.bothWorkers(120);
  const town = { database: machines.database, telegram, shops, refunds };
  const patience = { withinMs: 60_000 + sales * 40, tell: say };
  // A refund of a lost payment can be requested only after the payment has been found.
  await settle(town, {
    ...patience,
    until: ({ updates, events, pending }) => reconcile && updates + events + pending === 0,
  });
  if (reconcile) await reconcileAll(shops);
  const settled = await settle(town, patience);
  if (reconcile && settled) await reconcileAll(shops);

  const found = await verify({ machines, telegram, shops, tenants, buyers, publicId, except: fault?.excuses });
  found.wrong.push(...refunds.failures, ...(settled ? [] : ['not everything settled in time']));
  const most = explainable(struck, saboteur.done);
  if (found.copies > most)
    found.doubled.push(`${found.copies} messages came twice, of which faults explain ${most} at most`);
  const crashes = machines.crashes(fault?.mayEnd);
  if (crashes > 0) found.wrong.push(`processes ended by themselves ${crashes} times`);
  for (const kind of ['lost', 'doubled', 'wrong']) show(kind, found[kind]);
  return {
    sales: buyers.sold,
    kills: saboteur.kills,
    seed,
    reconcile: values.reconcile,
    ...(fault && { fault: values.fault, ...figures, ...(await figuresAtEnd?.()) }),
    faults: { ...saboteur.done, ...ofTelegram(struck), ...ofCreators(tenants) },
    refunds: { asked: refunds.asked, outside: refunds.outside },
    lost: found.lost.length,
    doubled: found.doubled.length,
    wrong: found.wrong.length,
    healed: found.healed,
    second_copies: found.copies,
    left_without_invoice: buyers.gaveUp,
    not_paid: buyers.refused,
    seconds: seconds(),
  };
}

/** Runs the fault, if there is one, when half of the sales are made. @returns its figures */
async function strike(town, isTime) {
  if (fault === undefined) return {};
  while (!isTime()) await pause(50);
  say(`the fault begins: ${values.fault}`);
  const { verdict, ...figures } = (await fault.strike(town)) ?? {};
  say('the fault is over');
  return { ...figures, figuresAtEnd: verdict };
}

/** Fails a run that makes no progress instead of waiting for it. */
async function giveUpAfter(sales, selling) {
  const deadline = Date.now() + 120_000 + sales * 400;
  while (!selling.over) {
    if (Date.now() > deadline) throw new Error('The buyers did not finish in time.');
    await pause(200);
  }
}

function show(kind, sentences) {
  for (const sentence of sentences.slice(0, SHOWN)) console.error(`${kind}: ${sentence}`);
  if (sentences.length > SHOWN) console.error(`${kind}: and ${sentences.length - SHOWN} more`);
}

/**
 * @returns the highest acceptable number of repeated messages. A message is sent again if its outcome is unknown: its answer got lost,
 * or the sender died or could not record it. A process works on at most eight orders at a time, with two messages each.
 */
function explainable(struck, done) {
  const lostAnswers = ofTelegram(struck).call_drop_answer;
  const { worker = 0, both_workers: both = 0, postgres = 0 } = done;
  return 2 * (lostAnswers + 8 * (worker + 2 * both + 2 * postgres + 2));
}

function ofTelegram(struck) {
  return Object.fromEntries(struck.map(({ rule, struck: times }) => [`${rule.at}_${rule.action}`, times]));
}

function ofCreators(tenants) {
  const sum = (kind) => tenants.reduce((total, { receiver }) => total + receiver.struck[kind], 0);
  return { endpoint_fail: sum('fail'), endpoint_lose_answer: sum('lose_answer'), endpoint_hang: sum('hang') };
}
