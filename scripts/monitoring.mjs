// Checks alerts and dashboards with the real Prometheus: rules parse and fire in their tests; a Starwall with sales, refunds, refusals and a
// failing endpoint is scraped; every panel's query returns something, and every rule can be evaluated. About 20 seconds.
//
//   npm run monitoring
//   npm run monitoring -- faults    injects faults instead: scripts/monitoring-faults.mjs
import 'reflect-metadata';
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { freePort } from './free-port.mjs';
import { CreatorApi } from '../dist/apps/standalone/src/api.js';
import { DEMO_BUYER, DEMO_EMAIL } from '../dist/apps/standalone/src/demo-tenant.js';
import { runDemo } from '../dist/apps/standalone/src/demo.js';
import { startStandalone } from '../dist/apps/standalone/src/standalone.js';
import { SimulatorClient } from '../dist/apps/simulator/src/index.js';
import { queriesOf, staleDashboards } from './dashboards.mjs';

if (process.argv[2] === 'faults') {
  await import('./monitoring-faults.mjs');
}

const RULES = 'deploy/monitoring/alerts.yml';
const PATIENCE_MS = 60_000;
/** Takes the place of Grafana's variable: long enough for three scrapes. */
const RATE_INTERVAL = '15s';

const wrong = staleDashboards().map((file) => `${file} is not what scripts/dashboards.mjs makes: run it`);

function promtool(...args) {
  const done = spawnSync('promtool', args, { encoding: 'utf8' });
  if (done.error) throw new Error('Prometheus is not installed: npm run setup:tests');
  if (done.status !== 0) wrong.push(`promtool ${args.join(' ')}:\n${done.stdout}${done.stderr}`);
}

const pause = (ms) => new Promise((over) => setTimeout(over, ms));

/** @returns the first answer of `look` that is not false */
async function until(what, look) {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const found = await look().catch(() => false);
    if (found !== false) return found;
    if (Date.now() > deadline) throw new Error(`Waited ${PATIENCE_MS / 1_000} s for ${what}.`);
    await pause(200);
  }
}

promtool('check', 'config', 'deploy/monitoring/prometheus.yml');
promtool('check', 'rules', RULES);
promtool('test', 'rules', 'deploy/monitoring/alerts.test.yml');
// Prometheus does not start with such files.
if (wrong.length > 0) {
  console.error(wrong.join('\n'));
  process.exit(1);
}

const folder = mkdtempSync(join(tmpdir(), 'starwall-monitoring-'));
chmodSync(folder, 0o755);
const [metricsPort, port] = [30_000 + 3 * Math.floor(Math.random() * 900), await freePort()];
const config = {
  global: { scrape_interval: '1s', evaluation_interval: '1s' },
  rule_files: [resolve(RULES)],
  scrape_configs: [
    { job_name: 'starwall-platform', static_configs: [{ targets: [`127.0.0.1:${metricsPort}`] }] },
    { job_name: 'starwall-ingress', static_configs: [{ targets: [`127.0.0.1:${metricsPort + 1}`] }] },
  ],
};
// YAML contains JSON.
writeFileSync(join(folder, 'prometheus.yml'), JSON.stringify(config));
const prometheus = spawn(
  'prometheus',
  [
    `--config.file=${join(folder, 'prometheus.yml')}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--log.level=error',
  ],
  { stdio: ['ignore', 'inherit', 'inherit'] },
);
const ask = async (path) => {
  const answer = await fetch(`http://127.0.0.1:${port}/api/v1/${path}`);
  return (await answer.json()).data;
};
const query = async (expr) =>
  (await ask(`query?query=${encodeURIComponent(expr.replaceAll('$__rate_interval', RATE_INTERVAL))}`)).result;
const isEmpty = (series) => series.every(({ value: [, value] }) => value === 'NaN');

const env = { ...process.env, METRICS_PORT: String(metricsPort), LOG_LEVEL: 'silent' };
const standalone = await startStandalone(
  { host: '127.0.0.1', port: 0, ingressPort: 0, simulatorPort: 0, dataDir: join(folder, 'starwall'), env },
  () => undefined,
);

/** Sells in two more ways than well: a payment that is refused, and an endpoint that does not answer. */
async function trade() {
  await runDemo(standalone, () => undefined);
  const [telegram, api] = [new SimulatorClient(standalone.simulator.url), new CreatorApi(standalone.apiUrl)];
  await api.enter({ email: DEMO_EMAIL, password: 'a demo password', workspace: 'Demo' });
  await api.post('/v1/endpoints', { url: `http://127.0.0.1:${await freePort()}` });
  const [bot] = (await api.get('/v1/bots')).data;
  const chat = { botId: bot.telegram_id, userId: DEMO_BUYER.id };
  await telegram.setFaults({
    rules: [{ at: 'call', name: 'sendMessage', action: 'error429', seconds: 1, probability: 0.2 }],
  });
  for (const { message_id } of (await telegram.chat(chat)).messages) paid.add(message_id);
  for (;;) {
    const { id } = await api.post('/v1/products', {
      bot_id: bot.id,
      kind: 'text',
      title: 'A',
      description: 'A',
      stars: 1,
      content: 'A',
    });
    for (const isSold of [true, false]) {
      await telegram.start(chat, `buy_${id}`);
      const invoice = await until('an invoice', async () => {
        const { messages } = await telegram.chat(chat);
        return messages.findLast((it) => it.invoice !== undefined && !paid.has(it.message_id)) ?? false;
      });
      paid.add(invoice.message_id);
      if (!isSold) await api.post(`/v1/products/${id}/archive`);
      const { status } = await telegram.payMessage(chat, invoice.message_id);
      if ((status === 'paid') !== isSold) throw new Error(`The payment ended as ${status}.`);
    }
    const [order] = (await api.get('/v1/orders?limit=2')).data.filter((it) => it.status !== 'placed');
    await api.post(`/v1/orders/${order.id}/refunds`, { reason: 'For the check.' }).catch(() => undefined);
    await pause(500);
  }
}
const paid = new Set();
const trading = trade();

try {
  const sold = until('sales to be scraped', async () => {
    const [sales] = await query('sum(increase(starwall_events_total{type="refund.succeeded"}[15s]))');
    return Number(sales?.value[1] ?? 0) > 0 && sales;
  });
  await Promise.race([sold, trading]);
  // Each query is asked again for a while: some of its series come with the next scrape.
  for (const { panel, expr } of queriesOf()) {
    const asked = Date.now();
    while (isEmpty(await query(expr)) && Date.now() - asked < 3_000) await pause(500);
    if (isEmpty(await query(expr))) wrong.push(`The panel "${panel}" is empty: ${expr}`);
  }
  const { groups } = await ask('rules');
  const rules = groups.flatMap((group) => group.rules);
  for (const { name, health, lastError } of rules) if (health !== 'ok') wrong.push(`${name}: ${lastError}`);
  console.log(`${rules.length} alerts and ${queriesOf().length} queries of panels work with a Starwall that sells.`);
} finally {
  trading.catch(() => undefined);
  await standalone.stop();
  prometheus.kill('SIGTERM');
  if (prometheus.exitCode === null) await new Promise((ended) => prometheus.once('exit', ended));
  rmSync(folder, { recursive: true, force: true });
}
if (wrong.length > 0) {
  console.error(wrong.join('\n'));
}
// The town still trades.
process.exit(wrong.length > 0 ? 1 : 0);
