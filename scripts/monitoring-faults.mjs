// Injects faults into a running Starwall and waits until the real Prometheus fires the alert of each, within a minute, and shows it on a panel.
// Rules are those of deploy/monitoring/alerts.yml; only their `for:` is shortened to three seconds, so that no alert waits for longer than its
// expression. About ten minutes, so it is no part of `npm run check`.
//
//   npm run monitoring -- faults
//   npm run monitoring -- faults clock telegram_slow
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { Buyers } from '../test/chaos/buyers.mjs';
import { Machines, openDirectory } from '../test/chaos/machines.mjs';
import { freePort } from './free-port.mjs';
import { pause } from '../test/chaos/random.mjs';
import { makeClock } from '../test/chaos/switches.mjs';
import { buildTown } from '../test/chaos/town.mjs';
import { ALERT_FAULTS } from '../test/chaos/alert-faults.mjs';
import { queriesOf } from './dashboards.mjs';

const WITHIN_MS = 60_000;
const ENDLESS = 1_000_000;
const KINDS = ['platform', 'ingress', 'worker'];
const METRICS = 32_000;
/** The platform's, ingress' and worker's port of the first and the second of each. */
const portsOf = (n) => ({ platform: METRICS + 10 * n, ingress: METRICS + 10 * n + 1, worker: METRICS + 10 * n + 2 });

const asked = process.argv.slice(3);
const unknown = asked.filter((name) => ALERT_FAULTS[name] === undefined);
if (unknown.length > 0) {
  console.error(`Faults are ${Object.keys(ALERT_FAULTS).join(', ')}.`);
  process.exit(2);
}
const chosen = asked.length === 0 ? Object.keys(ALERT_FAULTS) : asked;
const dir = mkdtempSync(join(tmpdir(), 'starwall-alerts-'));
openDirectory(dir);
const clock = makeClock(dir, 'worker');
const files = join(dir, 'files');
mkdirSync(files);
const disk = join(dir, 'disk');
mkdirSync(disk);
const mount = (place, options) => spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', place]).status === 0;
const isMounted = mount(files, 'size=600m') && mount(disk, 'size=768m,mode=0755');
const machines = new Machines();
let prometheus;
let failed = 0;
try {
  await run();
} catch (error) {
  console.error(error);
  failed += 1;
} finally {
  prometheus?.kill('SIGTERM');
  await machines.stop();
  spawnSync('umount', ['-l', files, disk]);
  if (failed === 0) rmSync(dir, { recursive: true, force: true });
  else console.error(`The logs of all processes are in ${join(dir, 'logs')}.`);
}
process.exit(failed === 0 ? 0 : 1);

async function run() {
  const envOf = (name) => ({
    METRICS_PORT: String(METRICS + 10 * Number(name.slice(-1))),
    ...(name === 'worker-2' ? clock.env : {}),
  });
  // Little of the log is kept for reuse, so that a full disk is noticed soon.
  const small = { dataDir: disk, postgres: ['min_wal_size=32MB', 'max_wal_size=48MB', 'wal_recycle=off'] };
  const setup = { envOf, ...(isMounted ? small : {}) };
  await machines.start({ dir, seed: 1, fsync: false, reconcile: false, setup });
  const ask = await startPrometheus();
  const { SimulatorClient } = await import(`${process.cwd()}/dist/apps/simulator/src/index.js`);
  const telegram = new SimulatorClient(machines.simulatorUrl);
  const { shops, tenants } = await buildTown({ apiUrl: machines.apiUrl, telegram, seed: 1, hangs: 0 });
  for (const { receiver } of tenants) receiver.misbehaves = false;
  const buyers = new Buyers({ telegram, shops, seed: 1, sales: ENDLESS, places: 3, onPaid: () => undefined });
  buyers.buyEverything().catch(() => undefined);
  const town = { machines, telegram, shops, tenants, clock, files, isMounted, discovery: { forget, announce } };
  const covered = new Set();
  for (const name of chosen) await inject(name, town, ask, covered);
  console.log(`${covered.size} alerts fired for their fault: ${[...covered].join(', ')}.`);
}

async function inject(name, town, ask, covered) {
  const { says, alerts, begin, end } = ALERT_FAULTS[name];
  if (says.needs !== undefined && !town[says.needs]) return console.log(`${name}: cannot be run here.`);
  const before = new Set(await firing(ask));
  for (const alert of alerts.filter((each) => before.has(each)))
    await note(`${name} (${says.what}): ${alert} still fires for an earlier fault`, alert, ask);
  const wanted = alerts.filter((alert) => !before.has(alert));
  const began = performance.now();
  const fault = { over: false };
  const busy = begin(town, fault).catch((error) => console.error(`${name}: ${error.message}`));
  const left = new Set(wanted);
  while (left.size > 0 && performance.now() - began < WITHIN_MS) {
    for (const alert of await firing(ask)) {
      if (!left.delete(alert)) continue;
      covered.add(alert);
      const seconds = Math.round((performance.now() - began) / 1_000);
      await note(`${name} (${says.what}): ${alert} after ${seconds} s`, alert, ask);
    }
    await pause(250);
  }
  fault.over = true;
  await busy;
  await end?.(town);
  for (const alert of left) console.error(`${name} (${says.what}): ${alert} did not fire within a minute`);
  failed += left.size;
}

/** Prints a line with the panels that show the alert; one without a panel is a failure. */
async function note(line, alert, ask) {
  const panels = await panelsOf(ask, alert);
  console.log(`${line}, on ${panels.join(', ') || 'no panel'}`);
  if (panels.length === 0) failed += 1;
}

async function firing(ask) {
  const { alerts = [] } = (await ask('alerts')) ?? {};
  return alerts.filter(({ state }) => state === 'firing').map(({ labels }) => labels.alertname);
}

/** Titles of panels that show a metric of the alert now. */
async function panelsOf(ask, alert) {
  const rules = parse(readFileSync('deploy/monitoring/alerts.yml', 'utf8')).groups.flatMap((group) => group.rules);
  const { expr } = rules.find((rule) => rule.alert === alert);
  const metrics = [...expr.matchAll(/\b(?:starwall|nodejs|process)_\w+?(?=_bucket|_count|\b)|\bup\b/g)].map(
    ([metric]) => metric,
  );
  const shown = [];
  for (const { panel, expr: query } of queriesOf().filter((each) =>
    metrics.some((metric) => new RegExp(`\\b${metric}(?:_bucket|_count)?\\b`).test(each.expr)),
  )) {
    const { result } = await ask(`query?query=${encodeURIComponent(query.replaceAll('$__rate_interval', '15s'))}`);
    if (result.some(({ value: [, value] }) => value !== 'NaN')) shown.push(panel);
  }
  return [...new Set(shown)];
}

/** @returns the file from which Prometheus reads the addresses of these processes */
function targetsOf(kind) {
  return join(dir, `${kind}.targets.json`);
}
function announce(kind) {
  const targets = [1, 2].map((n) => `127.0.0.1:${portsOf(n)[kind]}`);
  tellTargets(kind, [{ targets }]);
}
function forget(kind) {
  tellTargets(kind, []);
}
/** Prometheus may read at any moment, so the file is replaced, not written again. */
function tellTargets(kind, groups) {
  writeFileSync(`${targetsOf(kind)}.new`, JSON.stringify(groups));
  renameSync(`${targetsOf(kind)}.new`, targetsOf(kind));
}

/** @returns asks its API */
async function startPrometheus() {
  const rules = parse(readFileSync('deploy/monitoring/alerts.yml', 'utf8'));
  for (const rule of rules.groups.flatMap((group) => group.rules)) if (rule.for !== undefined) rule.for = '3s';
  writeFileSync(join(dir, 'alerts.yml'), stringify(rules));
  const job = (kind) => ({
    job_name: `starwall-${kind}`,
    file_sd_configs: [{ files: [targetsOf(kind)], refresh_interval: '1s' }],
  });
  for (const kind of KINDS) announce(kind);
  const config = {
    global: { scrape_interval: '1s', evaluation_interval: '1s' },
    rule_files: [join(dir, 'alerts.yml')],
    scrape_configs: KINDS.map(job),
  };
  writeFileSync(join(dir, 'prometheus.yml'), JSON.stringify(config));
  const port = await freePort();
  const paths = [`--config.file=${join(dir, 'prometheus.yml')}`, `--storage.tsdb.path=${join(dir, 'prometheus')}`];
  const flags = [...paths, `--web.listen-address=127.0.0.1:${port}`, '--log.level=error'];
  prometheus = spawn('prometheus', flags, { stdio: ['ignore', 'inherit', 'inherit'] });
  return async (path) => {
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1/${path}`).catch(() => undefined);
    return (await answer?.json())?.data;
  };
}
