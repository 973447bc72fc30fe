import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { databaseSettings, testMasterKey } from '../support/database.js';
import { Program } from '../support/processes.js';
import { freePort } from '../../scripts/free-port.mjs';

const MAIN = { platform: 'dist/apps/platform/src/main.js', ingress: 'dist/apps/ingress/src/main.js' };
const DRAIN_SECONDS = 3;

const dataDir = mkdtempSync(join(tmpdir(), 'starwall-draining-'));

beforeAll(() => {
  if (!existsSync(MAIN.platform)) throw new Error('this test runs what is built: npm run build');
});
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

describe.each(['platform', 'ingress'] as const)('a stopping %s', (kind) => {
  it('answers 503 on `ready` for some seconds while it still accepts requests, then closes its listener', async () => {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}/health`;
    const program = Program.run(kind, process.execPath, [MAIN[kind]], {
      NODE_ENV: 'test',
      [kind === 'platform' ? 'PORT' : 'INGRESS_PORT']: String(port),
      ...databaseSettings(),
      STARWALL_MASTER_KEY: testMasterKey,
      STARWALL_DATA_DIR: dataDir,
      STARWALL_DRAIN_SECONDS: String(DRAIN_SECONDS),
    });
    await program.until('it is ready', async () => (await fetch(`${url}/ready`)).ok);
    const began = Date.now();
    const ended = program.stop();
    await program.until('it is not ready any more', async () => (await fetch(`${url}/ready`)).status === 503);
    expect((await fetch(`${url}/live`)).status).toBe(200);
    expect(['SIGTERM', '143', '0']).toContain(await ended);
    expect(Date.now() - began).toBeGreaterThanOrEqual(DRAIN_SECONDS * 1_000);
    await expect(fetch(`${url}/live`)).rejects.toThrow('fetch failed');
  });
});
