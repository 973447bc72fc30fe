// Puts bugs into a copy of the committed sources, one at a time, and runs the suites that have to notice them. A suite that
// fails without a bug, a bug that no longer applies, and one that prevents the program from running count as broken.
//
//   npm run mutants                       the bugs of test/planted, and a sample of small changes of rules, services and SQL
//   npm run mutants -- planted refund     the bugs of test/planted whose name, file or sentence contains one of the words
//   npm run mutants -- sample 40 7        40 small changes, drawn with seed 7
//
// It fails when a planted bug passes, when fewer than 85 % of the sample are noticed, and when a change of the sample passes
// without a reason in test/planted/survivors.json.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import setUp from '../test/global-setup.mjs';
import { Copy, root } from './mutants/copy.mjs';
import { readPlanted } from './mutants/planted.mjs';
import { prove } from './mutants/proof.mjs';
import { readSample } from './mutants/sample.mjs';

const WANTED = 0.85;
const [part = 'all', ...words] = process.argv.slice(2);
if (!['all', 'planted', 'sample'].includes(part)) {
  console.error(`There is no part ${part}: planted, sample.`);
  process.exit(2);
}
const reasons = JSON.parse(readFileSync(join(root, 'test/planted/survivors.json'), 'utf8'));
const planted = part === 'sample' ? [] : await readPlanted(part === 'planted' ? words : []);
const [size = '40', seed = '1'] = part === 'sample' ? words : [];
const sample = part === 'planted' ? { of: 0, bugs: [] } : readSample(Number(size), Number(seed));
if (planted.length + sample.bugs.length === 0) {
  console.error('No bug has such a name.');
  process.exit(2);
}

const copy = new Copy();
let stop;
const leave = async () => {
  copy.remove();
  await stop?.();
};
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void leave().then(() => process.exit(130)));

let done = 0;
/** @returns `noticed`, `passed`, or `broken` without a verdict */
async function verdictOn(bug, shared) {
  const began = performance.now();
  let outcome;
  try {
    await bug.plant(copy);
    if (bug.needsBuild) await copy.build();
    outcome = await prove(copy, bug.proof, bug.needsBuild ? { TEST_PG: '', TEST_PG_OWNER: '' } : shared);
  } catch (error) {
    outcome = { verdict: 'broken', said: error.message };
  }
  await copy.clean();
  if (bug.needsBuild) await copy.build();
  done += 1;
  const shown = { noticed: 'noticed', passed: 'PASSED ', broken: 'BROKEN ' }[outcome.verdict];
  const seconds = Math.round((performance.now() - began) / 1_000);
  console.log(
    `${`${done}`.padStart(3)} of ${planted.length + sample.bugs.length}  ${shown} ${`${seconds}`.padStart(4)} s  ${bug.name}: ${bug.bug}`,
  );
  if (outcome.verdict === 'broken') console.error(outcome.said.slice(-2_000));
  return outcome.verdict;
}

/** A suite that fails without a bug proves nothing. */
async function withoutBugs(bugs, shared) {
  const args = (bug) =>
    bug.proof
      .slice('vitest '.length)
      .replaceAll(/ -t "[^"]*"/g, '')
      .split(' ');
  const suites = new Set(bugs.filter(({ proof }) => proof.startsWith('vitest ')).flatMap(args));
  if (suites.size === 0) return;
  console.log(`First ${suites.size} suites without a bug.`);
  const { verdict, said } = await prove(copy, `vitest ${[...suites].join(' ')}`, shared, 1_800_000);
  if (verdict !== 'passed') throw new Error(`A suite fails without a bug.\n${said.slice(-6_000)}`);
}

const problems = [];
try {
  await copy.make();
  stop = await setUp();
  const shared = { TEST_PG: process.env.TEST_PG, TEST_PG_OWNER: process.env.TEST_PG_OWNER };
  await withoutBugs([...planted, ...sample.bugs], shared);
  for (const bug of planted)
    if ((await verdictOn(bug, shared)) !== 'noticed') problems.push(`${bug.name} was not noticed.`);
  let noticed = 0;
  for (const bug of sample.bugs) {
    const verdict = await verdictOn(bug, shared);
    if (verdict === 'noticed') noticed += 1;
    else if (!(bug.key in reasons)) problems.push(`Without a reason in test/planted/survivors.json: ${bug.key}`);
  }
  if (planted.length > 0)
    console.log(
      `${planted.length - problems.filter((each) => each.endsWith('noticed.')).length} of ${planted.length} planted bugs noticed.`,
    );
  if (sample.bugs.length > 0) {
    const share = noticed / sample.bugs.length;
    console.log(
      `${noticed} of ${sample.bugs.length} noticed (${Math.round(100 * share)} %), drawn from ${sample.of} with seed ${seed}.`,
    );
    if (share < WANTED) problems.push(`Fewer than ${100 * WANTED} % of the sample were noticed.`);
  }
} catch (error) {
  problems.push(error.message);
} finally {
  await leave();
}
for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;
