// Starts the built product as a new user would, waits until it reports that it is ready, uses the link that it prints, checks how long a
// visitor waits for the dashboard, stops it, and checks that nothing is left behind. Most tests run the sources; this one runs the build.
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { firstLoads } from './first-load.mjs';
import { freePort } from './free-port.mjs';

const MAIN = 'dist/apps/standalone/src/main.js';
const READY_WITHIN_MS = 60_000;
const STOPPED_WITHIN_MS = 20_000;

if (!existsSync(MAIN)) {
  console.error(`${MAIN} does not exist. Run \`npm run build\` first.`);
  process.exit(1);
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const dataDir = mkdtempSync(join(tmpdir(), 'starwall-smoke-'));
chmodSync(dataDir, 0o755);
const port = await freePort();
const simulatorPort = await freePort();

const began = performance.now();
const child = spawn(process.execPath, ['--enable-source-maps', MAIN], {
  env: {
    ...process.env,
    STARWALL_DATA_DIR: dataDir,
    PORT: String(port),
    SIMULATOR_PORT: String(simulatorPort),
    METRICS_PORT: '0',
    DATABASE_URL: '',
    REDIS_URL: '',
  },
  stdio: ['ignore', 'pipe', 'pipe'],
});
let output = '';
child.stdout.on('data', (chunk) => (output += chunk));
child.stderr.on('data', (chunk) => (output += chunk));
let ended;
const end = new Promise((resolve) => child.on('exit', (code, signal) => resolve((ended = { code, signal }))));

/** True once the process reports that it is ready and its health endpoint confirms it. */
async function isReady() {
  if (!output.includes('Starwall is ready')) return false;
  const answer = await fetch(`http://127.0.0.1:${port}/health/ready`, { signal: AbortSignal.timeout(2_000) }).catch(
    () => undefined,
  );
  return answer?.ok ?? false;
}

async function fail(why) {
  console.error(`${why}\n--- its output ---\n${output}`);
  if (ended === undefined) child.kill('SIGTERM');
  await Promise.race([end, pause(STOPPED_WITHIN_MS)]);
  if (ended === undefined) child.kill('SIGKILL');
  rmSync(dataDir, { recursive: true, force: true });
  process.exit(1);
}

while (!(await isReady())) {
  if (ended !== undefined)
    await fail(`The process exited before it was ready (code ${ended.code}, signal ${ended.signal}).`);
  if (performance.now() - began > READY_WITHIN_MS)
    await fail(`The process was not ready within ${READY_WITHIN_MS / 1_000} s.`);
  await pause(50);
}
const readyMs = Math.round(performance.now() - began);

/** Uses the printed link as the dashboard does. @returns the status of the answer */
async function useLink(address, code) {
  const headers = { 'content-type': 'application/json', origin: address, 'starwall-browser': '1' };
  const body = JSON.stringify({ code });
  return (await fetch(`${address}/v1/auth/browser/link`, { method: 'POST', headers, body })).status;
}

const address = `http://127.0.0.1:${port}`;
const code = /#link=([\w-]+)/.exec(output)?.[1] ?? '';
const loads = await firstLoads(address, code).catch((error) => fail(`The dashboard cannot be used: ${error.message}`));
for (const { name, ms, isInTime } of loads)
  if (!isInTime) await fail(`A visitor with a slow computer waits ${ms} ms for: ${name}.`);
const status = await useLink(address, code);
if (status !== 401) await fail(`The printed link answered ${status} the second time; it must work once.`);

const stopBegan = performance.now();
child.kill('SIGTERM');
await Promise.race([end, pause(STOPPED_WITHIN_MS)]);
if (ended === undefined) await fail(`The process did not stop within ${STOPPED_WITHIN_MS / 1_000} s of SIGTERM.`);
// After closing everything, Nest sends itself the signal again.
if (ended.code !== 0 && ended.signal !== 'SIGTERM' && ended.code !== 143) {
  await fail(`The process stopped with an error (code ${ended.code}, signal ${ended.signal}).`);
}
if (existsSync(join(dataDir, 'postgres/data/postmaster.pid'))) await fail('The process left its PostgreSQL running.');
const stopMs = Math.round(performance.now() - stopBegan);
rmSync(dataDir, { recursive: true, force: true });
console.log(`Ready after ${readyMs} ms (first start, empty data directory), stopped after ${stopMs} ms.`);
console.log(`On a slow computer: ${loads.map(({ name, ms }) => `${name} ${ms} ms`).join(', ')}.`);
// The timer of the race above would keep this process alive.
process.exit(0);
