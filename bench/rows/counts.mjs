import { sellMany } from '../support/driver.mjs';
import { sell, warmUp } from './sales.mjs';

const SHOWN = 25;

/** Statements, transactions and plans of a sale, counted once, including delivery, events, relay and jobs. */
export const counts = {
  names: ['statements', 'transactions', 'plans'],

  async run(bench, wanted) {
    const ours = await countSales(bench, bench.starwall);
    const theirs = await countSales(bench, bench.rival);
    if (bench.settings.list) console.table(ours.most.slice(0, SHOWN));
    const result = (name, row, field, limit) => ({
      name,
      row,
      ours: [ours[field]],
      theirs: [theirs[field]],
      against: 'rival',
      limit,
    });
    const control = `begin, commit and set: ${ours.control.toFixed(1)}, rival ${theirs.control.toFixed(1)}`;
    return [
      result('statements', 'statements per sale', 'statements', `of which ${control}`),
      result('transactions', 'transactions per sale', 'transactions', `idle: ${ours.idle.toFixed(1)} per second`),
      result('plans', 'plans per call', 'plans', ''),
    ].filter(({ name }) => wanted.has(name));
  },
};

async function countSales(bench, system) {
  const { counters, settings } = bench;
  const { sales, buyers } = settings;
  await system.start();
  try {
    await warmUp(bench, system);
    await system.quiet();
    await counters.on();
    const counted = await counters.count(system.database, async () => {
      await sell(bench, system, sellMany, { sales, buyers });
      await system.quiet();
    });
    return {
      statements: counted.statements / sales,
      control: counted.control / sales,
      transactions: counted.transactions / sales,
      plans: counted.plans,
      idle: counted.idle_transactions_per_second,
      most: counted.most,
    };
  } finally {
    await counters.off();
    await system.stop();
  }
}
