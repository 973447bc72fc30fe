import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pause } from '../../test/chaos/random.mjs';
import { registerCrowd } from '../support/crowd.mjs';
import { cpuSince, limitOf, noteCpu } from '../support/cpu.mjs';
import { sellMany } from '../support/driver.mjs';
import { Starwall } from '../support/starwall.mjs';
import { sell, warmUp } from './sales.mjs';

const SELLING = 10;
const PROBE = ['--expose-gc', '--import', './bench/support/heap-probe.mjs'];

const RESULTS = {
  'many-bots': (runs, { registered }) => ({
    row: `sales per second, ${registered} bots registered, ${SELLING} selling`,
    ours: runs.map((run) => run.large.perSecond),
    theirs: runs.map((run) => run.small.perSecond),
    against: `with ${SELLING} registered`,
    limit: runs.at(-1).large.limit,
  }),
  'many-tenants': (runs, { active }) => ({
    row: `sales per second, ${active} bots of ${active} workspaces in turn`,
    ours: runs.map((run) => run.turns.perSecond),
    theirs: runs.map((run) => run.large.perSecond),
    against: `${SELLING} bots`,
    limit: runs.at(-1).turns.limit,
  }),
  'memory-idle': (runs, { registered }) => ({
    row: 'memory per registered idle bot, KiB',
    ours: runs.map((run) => (run.large.heap - run.small.heap) / 1_024 / (registered - SELLING)),
  }),
  'memory-active': (runs, { active }) => ({
    row: 'memory per active bot, KiB',
    ours: runs.map((run) => (run.turns.heap - run.large.heap) / 1_024 / (active - SELLING)),
  }),
};

/** The same sales with few and with many bots, on two installations, and the memory that the processes use per bot. */
export const crowd = {
  names: Object.keys(RESULTS),

  async run(bench, wanted) {
    const { postgres, telegram, settings, tell } = bench;
    const small = await Starwall.prepare({ postgres, telegram, database: 'handful' });
    const large = await Starwall.prepare({ postgres, telegram, database: 'crowd' });
    try {
      small.shops = await registerCrowd(small, SELLING);
      large.shops = await registerCrowd(large, settings.registered);
      tell(`${settings.registered} bots are registered`);
      const runs = [];
      for (let run = 1; run <= settings.runs; run += 1) {
        runs.push({ ...(await visit(bench, small)), ...(await visit(bench, large, true)) });
        tell(`run ${run} of ${settings.runs}: ${JSON.stringify(runs.at(-1))}`);
      }
      return [...wanted].map((name) => ({ name, ...RESULTS[name](runs, settings) }));
    } finally {
      await small.end();
      await large.end();
    }
  },
};

async function visit(bench, system, isLarge = false) {
  const heapDir = mkdtempSync(join(bench.postgres.dir, 'heap-'));
  await system.start({ nodeOptions: PROBE, env: { HEAP_DIR: heapDir } });
  try {
    const few = system.shops.slice(0, SELLING);
    await warmUp(bench, system, few);
    const first = await measure(bench, system, few, heapDir);
    if (!isLarge) return { small: first };
    return { large: first, turns: await measure(bench, system, system.shops.slice(0, bench.settings.active), heapDir) };
  } finally {
    await system.stop();
    rmSync(heapDir, { recursive: true, force: true });
  }
}

async function measure(bench, system, shops, heapDir) {
  const { sales, active, buyers } = bench.settings;
  const count = Math.max(sales, active);
  const before = noteCpu(system.pids);
  const { seconds } = await sell(bench, system, sellMany, { sales: count, buyers }, shops);
  const limit = limitOf(cpuSince(before, system.pids));
  await system.quiet();
  return { perSecond: count / seconds, limit, heap: await heapOf(system, heapDir) };
}

/** Bytes in use in all Starwall processes after garbage collection. */
async function heapOf({ pids }, heapDir) {
  let sum = 0;
  for (const name of ['platform', 'ingress', 'worker']) {
    const file = join(heapDir, String(pids[name]));
    rmSync(file, { force: true });
    process.kill(pids[name], 'SIGCONT');
    sum += Number(await eventually(file));
  }
  return sum;
}

async function eventually(file) {
  for (let tries = 0; tries < 500; tries += 1) {
    try {
      return readFileSync(file, 'utf8');
    } catch {
      await pause(20);
    }
  }
  throw new Error('A process did not report its memory.');
}
