// A year of a shop in one run of minutes. PostgreSQL, a platform, an ingress, a worker and the simulator run with a time of day that jumps
// from day to day, from 2027-06-01 on: the year contains 29 February and both changes of the clocks. The processes live in Europe/Berlin, the
// database in UTC. At every month's end the books, Telegram's list, credits, access, webhooks and retention are compared.
//
//   npm run year                  twelve months
//   npm run year -- --months 2    a short run
//   npm run year -- --every 7     fewer sales: one a week, besides those around each month's end
//   npm run year -- --keep        keeps the logs of all processes
//
// It needs Linux and a C compiler: test/year/clock.c moves the time of day of every process. Prints a line per month and JSON as the last
// line, and exits with 1 on any violation.
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runInMovableTime } from '../test/year/time.mjs';

const START = Date.UTC(2027, 5, 1);
const LONGEST = 17;

const { values } = parseArgs({
  options: {
    months: { type: 'string', default: '12' },
    every: { type: 'string', default: '1' },
    seed: { type: 'string', default: '1' },
    keep: { type: 'boolean', default: false },
  },
});
const [months, every, seed] = [values.months, values.every, values.seed].map(Number);
refuse();
process.exitCode = await (process.env.YEAR_DIR === undefined ? start() : run(process.env.YEAR_DIR));
process.exit();

function refuse() {
  const problems = [
    ...(Number.isSafeInteger(months) && months >= 1 && months <= LONGEST ? [] : [`--months is 1 to ${LONGEST}.`]),
    ...(Number.isSafeInteger(every) && every >= 1 && every <= 28 ? [] : ['--every is 1 to 28 days.']),
    ...(Number.isSafeInteger(seed) ? [] : ['--seed is a whole number.']),
    ...(existsSync('dist/apps/worker/src/main.js') ? [] : ['There is no build: run `npm run build` first.']),
  ];
  if (problems.length === 0) return;
  console.error(problems.join('\n'));
  process.exit(2);
}

async function start() {
  const dir = mkdtempSync(join(tmpdir(), 'starwall-year-'));
  // PostgreSQL may run as another user, which must be able to enter the directory.
  chmodSync(dir, 0o755);
  const code = await runInMovableTime(dir, new Date(START)).catch((error) => {
    console.error(error.message);
    return 2;
  });
  if (code === 0 && !values.keep) rmSync(dir, { recursive: true, force: true });
  else console.error(`The log of all processes is ${join(dir, 'processes.log')}.`);
  return code;
}

async function run(dir) {
  const { Year } = await import('../test/year/year.mjs');
  const began = performance.now();
  const seconds = () => Math.round((performance.now() - began) / 1_000);
  let year;
  try {
    year = await Year.open({ dir, start: START, months, every, seed });
    await year.live(({ month, ...figures }) => {
      const words = Object.entries(figures).map(([what, n]) => `${n} ${what}`);
      console.log(`${String(seconds()).padStart(5)} s  ${month}: ${words.join(', ')}`);
    });
  } catch (error) {
    console.error(error);
    year?.violations.push(`the run ended early: ${error.message}`);
    if (year === undefined) return 1;
  } finally {
    await year?.stop();
  }
  console.log(JSON.stringify({ months: year.months, violations: year.violations.length, seconds: seconds() }));
  return year.violations.length === 0 ? 0 : 1;
}
