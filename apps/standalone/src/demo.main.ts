import 'reflect-metadata';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runDemo } from './demo.js';
import { startStandalone } from './standalone.js';

/** `npm run demo`: one sale and its refund on a fresh installation, step by step. Exit code 1 on any difference. */
const dataDir = mkdtempSync(join(tmpdir(), 'starwall-demo-'));
const env = { ...process.env, METRICS_PORT: '0' };
const settings = { host: '127.0.0.1', port: 0, ingressPort: 0, simulatorPort: 0, dataDir, env };
// When started by root, PostgreSQL runs as another user, who needs access.
chmodSync(dataDir, 0o755);
const standalone = await startStandalone(settings, () => undefined);
try {
  await runDemo(standalone, (line) => console.log(line));
} catch (error) {
  console.error(`\nThe demo stopped: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
} finally {
  await standalone.stop();
  rmSync(dataDir, { recursive: true, force: true });
}
