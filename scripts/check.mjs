// Runs every check required before a merge, as named steps. A failing step prints its whole output, and the remaining steps still
// run, so that one run shows all failures. `--without <step>` skips a step and reports it.
import { spawnSync } from 'node:child_process';

const npm = (script) => ['npm', ['run', '--silent', script]];

// `on`: updates get lost and reconciliation must find them. `off`: the inbox alone must suffice.
const chaos = (reconcile) => [
  'node',
  ['scripts/chaos.mjs', '--sales', '40', '--kills', '2', '--seed', '1', '--reconcile', reconcile],
];

// `npm test` only samples the inputs of these suites.
const WHOLE_LISTS = [
  'npx',
  ['--no-install', 'vitest', 'run', 'journeys/hostile', 'journeys/costs', 'guards/patterns'],
  { STARWALL_TESTS: 'all' },
];

const STEPS = [
  { name: 'lock file', run: ['npm', ['ci', '--dry-run', '--engine-strict', '--no-audit', '--no-fund']] },
  { name: 'format', run: npm('format:check') },
  { name: 'lint', run: npm('lint') },
  { name: 'types', run: npm('typecheck') },
  { name: 'boundaries', run: npm('boundaries') },
  { name: 'dead code', run: npm('deadcode') },
  { name: 'containers', run: npm('containers') },
  { name: 'build', run: npm('build') },
  { name: 'api page', run: npm('openapi:check') },
  { name: 'api lint', run: npm('openapi:lint') },
  { name: 'tests', run: ['npx', ['--no-install', 'vitest', 'run']], lastLines: 5 },
  { name: 'whole lists', run: WHOLE_LISTS, lastLines: 5 },
  { name: 'smoke', run: npm('smoke'), lastLines: 3 },
  { name: 'monitoring', run: npm('monitoring'), lastLines: 1 },
  { name: 'demo', run: ['node', ['--enable-source-maps', 'dist/apps/standalone/src/demo.main.js']], lastLines: 2 },
  { name: 'chaos off', run: chaos('off'), lastLines: 1 },
  { name: 'chaos on', run: chaos('on'), lastLines: 1 },
];

const leftOut = process.argv.flatMap((argument, i, all) => (argument === '--without' ? [all[i + 1]] : []));
const unknown = leftOut.filter((name) => !STEPS.some((step) => step.name === name));
if (unknown.length > 0) {
  console.error(`No such step: ${unknown.join(', ')}. Steps: ${STEPS.map((step) => step.name).join(', ')}.`);
  process.exit(2);
}

/** @returns {{ ok: boolean, output: string, seconds: string }} */
function take([command, args, env = {}]) {
  const began = performance.now();
  const done = spawnSync(command, args, {
    encoding: 'utf8',
    env: { ...process.env, FORCE_COLOR: '0', NO_COLOR: '1', ...env },
    maxBuffer: 1 << 28,
    shell: process.platform === 'win32',
  });
  const output = `${done.stdout ?? ''}${done.stderr ?? ''}${done.error ? `${done.error.message}\n` : ''}`.trimEnd();
  return { ok: done.status === 0, output, seconds: ((performance.now() - began) / 1_000).toFixed(1) };
}

const failed = [];
for (const { name, run, lastLines = 0 } of STEPS) {
  if (leftOut.includes(name)) {
    console.log(`skipped   ${name} (--without)`);
    continue;
  }
  const { ok, output, seconds } = take(run);
  console.log(`${ok ? 'ok      ' : 'FAILED  '}  ${name.padEnd(10)} ${seconds.padStart(6)} s`);
  if (!ok) {
    failed.push(name);
    console.log(`${output}\n`);
  } else if (lastLines > 0) {
    console.log(output.split('\n').slice(-lastLines).join('\n').replace(/^/gm, '            '));
  }
}

if (failed.length > 0) {
  console.error(`\n${failed.length} of ${STEPS.length} failed: ${failed.join(', ')}.`);
  process.exit(1);
}
console.log('\nAll checks passed.');
