import { cpuSince, limitOf, noteCpu } from '../support/cpu.mjs';
import { sellAlone, sellAtRate, sellMany } from '../support/driver.mjs';
import { median, percentile, short } from '../support/figures.mjs';

const ALONE_WITHIN_MS = 20_000;

/** Computes each figure from all runs; only requested figures are measured. */
const RESULTS = {
  sales: (runs, { buyers, bots }) => ({
    row: `sales per second, ${buyers} buyers, ${bots} bots`,
    ...both(runs, 'perSecond'),
    limit: `${runs.at(-1).ours.limit}; rival: ${runs.at(-1).theirs.limit}`,
  }),
  cpu: (runs) => ({
    row: 'CPU per sale, ms',
    ...both(runs, 'cpuMs'),
    limit: `${parts(runs, 'ours')}; rival: ${parts(runs, 'theirs')}`,
  }),
  precheckout: (runs) => ({
    row: 'pre-checkout p99 at half of our maximum, ms',
    ...both(runs, 'preCheckoutP99'),
    limit: `${short(median(runs.map(({ ours }) => ours.rate)))} sales per second`,
  }),
  alone: (runs) => ({ row: 'one buyer at a time, ms per sale', ...both(runs, 'alone') }),
  'alone-without-redis': (runs) => ({
    row: 'one buyer at a time without Redis, ms per sale',
    ...both(runs, 'alone'),
    ours: runs.map(({ ours }) => ours.withoutRedis),
  }),
};

/** Whole sales on both systems in turn, each restarted for every run. */
export const sales = {
  names: Object.keys(RESULTS),

  async run(bench, wanted) {
    const { starwall, rival, settings, tell } = bench;
    const runs = [];
    for (let run = 1; run <= settings.runs; run += 1) {
      const ours = await visit(bench, starwall, wanted);
      if (wanted.has('alone-without-redis')) ours.withoutRedis = await aloneWithoutRedis(bench);
      const theirs = await visit(bench, rival, wanted, ours.rate);
      runs.push({ ours, theirs });
      tell(`run ${run} of ${settings.runs}: ${JSON.stringify({ ours, theirs })}`);
    }
    return [...wanted].map((name) => ({ name, ...RESULTS[name](runs, settings) }));
  },
};

/** @param rate of sales per second for the pre-checkouts; half of the system's own maximum if omitted */
async function visit(bench, system, wanted, rate) {
  const { settings } = bench;
  const figures = {};
  const has = (...names) => names.some((name) => wanted.has(name));
  await system.start();
  try {
    await warmUp(bench, system);
    if (has('sales', 'cpu', 'precheckout')) Object.assign(figures, await many(bench, system));
    if (has('precheckout')) {
      figures.rate = rate ?? figures.perSecond / 2;
      const { approvals } = await sell(bench, system, sellAtRate, { sales: settings.sales, rate: figures.rate });
      figures.preCheckoutP99 = percentile(approvals, 0.99);
    }
    if (has('alone', 'alone-without-redis')) figures.alone = await alone(bench, system);
    await system.verify(bench.sold(system));
    return figures;
  } finally {
    await system.stop();
  }
}

async function many(bench, system) {
  const { sales: count, buyers } = bench.settings;
  const before = noteCpu(system.pids);
  const { seconds } = await sell(bench, system, sellMany, { sales: count, buyers });
  const busy = cpuSince(before, system.pids);
  await system.quiet();
  const { sum, processes } = cpuSince(before, system.pids);
  return {
    perSecond: count / seconds,
    limit: limitOf(busy),
    cpuMs: (sum / count) * 1_000,
    cpu: Object.fromEntries(Object.entries(processes).map(([name, spent]) => [name, (spent / count) * 1_000])),
  };
}

async function alone(bench, system) {
  const wish = { sales: bench.settings.alone, withinMs: ALONE_WITHIN_MS };
  return median((await sell(bench, system, sellAlone, wish)).times);
}

async function aloneWithoutRedis(bench) {
  const { starwall } = bench;
  await starwall.start({ redis: false });
  try {
    await sell(bench, starwall, sellAlone, { sales: 3, withinMs: ALONE_WITHIN_MS });
    return await alone(bench, starwall);
  } finally {
    await starwall.stop();
  }
}

/** Compiles the code, fills the pools and caches: the first sales are slower. */
export const warmUp = (bench, system, shops = system.shops) =>
  sell(bench, system, sellMany, { sales: bench.settings.warm, buyers: bench.settings.buyers }, shops);

export async function sell(bench, system, how, wish, shops = system.shops) {
  const measured = await how({ telegram: bench.telegram, shops, ...wish });
  bench.count(system, measured.sales);
  return measured;
}

const both = (runs, field) => ({
  ours: runs.map(({ ours }) => ours[field]),
  theirs: runs.map(({ theirs }) => theirs[field]),
  against: 'rival',
});

const parts = (runs, which) =>
  Object.keys(runs[0][which].cpu)
    .map((name) => `${name} ${short(median(runs.map((run) => run[which].cpu[name])))}`)
    .join(', ');
