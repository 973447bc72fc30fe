import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { freePort } from '../../scripts/free-port.mjs';
import { Buyer, eventually, type Starwall, startStarwall } from '../support/starwall.js';

/** Ample time for a slow machine: the script starts a hundred programs. */
const LONGEST_MS = 240_000;

let starwall: Starwall;
let folder: string;

beforeAll(async () => {
  starwall = await startStarwall();
  folder = mkdtempSync(join(tmpdir(), 'starwall-walk-'));
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
});
afterAll(async () => {
  await starwall.stop();
  rmSync(folder, { recursive: true, force: true });
});

const blocksOf = (page: string) =>
  [...readFileSync(page, 'utf8').matchAll(/^```bash\n([\s\S]*?)^```$/gm)].map(([, block]) => String(block));

/** Runs a script in a shell, and collects its output. */
class Shell {
  readonly child: ChildProcess;
  output = '';
  code: number | null | undefined;

  constructor(script: string) {
    const { PATH = '' } = process.env;
    // Uses a separate process group, so that background processes can be ended with it.
    this.child = spawn('bash', ['-c', script], { cwd: folder, detached: true, env: { PATH } });
    this.child.stdout?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    this.child.stderr?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    this.child.once('exit', (code) => (this.code = code));
  }

  /** Polls for a result while the script runs. */
  async meanwhile<T>(what: string, look: () => Promise<T | undefined | false>): Promise<T> {
    while (this.code === undefined) {
      const found = await look();
      if (found !== undefined && found !== false) return found;
      await new Promise((done) => setTimeout(done, 50));
    }
    throw new Error(`the script ended before ${what}:\n${this.output}`);
  }

  end(): void {
    try {
      if (this.child.pid !== undefined) process.kill(-this.child.pid, 'SIGKILL');
    } catch (error) {
      // No process of the group was left.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}

it(
  'the blocks of the README and the page about selling can be pasted into a shell, one after the other',
  async () => {
    const [port, slowPort, chartsPort] = [await freePort(), await freePort(), await freePort()];
    const blocks = [...blocksOf('README.md'), ...blocksOf('docs/selling.md')];
    expect(blocks.length).toBeGreaterThan(20);
    const script = ['set -eo pipefail', ...blocks]
      .join('\n')
      .replaceAll('http://127.0.0.1:3000', starwall.url)
      .replaceAll('http://127.0.0.1:8081', starwall.simulator.url)
      .replaceAll('4000', String(port))
      .replaceAll('4001', String(slowPort))
      .replaceAll('4002', String(chartsPort));
    const shell = new Shell(script);
    let token = '';
    try {
      /** Buys a product of the script as a new buyer, as soon as the server that makes it runs. */
      const buys = async (title: string, server: number): Promise<Buyer> => {
        await shell.meanwhile('the server', () => answers(server));
        token ||= await logIn();
        const product = await shell.meanwhile(title, async () => (await productsOf(token)).find(isCalled(title)));
        const bot = (await starwall.telegram.bots()).find(({ username }) => username === 'my_shop_bot');
        const buyer = await Buyer.meets(starwall, bot?.id ?? 0, 1_000, { language_code: 'en' });
        await buyer.pays(await buyer.wants(String(product['id'])));
        return buyer;
      };
      const first = await buys('A horoscope', port);
      const second = await buys('A report', slowPort);
      const third = await buys('10 scans', chartsPort);
      await third.hears(/scan/);
      await third.says('/chart BTC');
      await shell.meanwhile('the end', async () => false).catch(() => undefined);

      expect(shell.code === 0 ? 'done' : shell.output.slice(-2_000)).toBe('done');
      await first.hears(new RegExp(`^Made for ${first.id}: all is well\\.$`));
      await first.hears(/have been returned/);
      await second.hears(/^Your report: all is well\.$/);
      await third.hears(/^Chart for BTC: rising\.$/);
      await eventually('the webhooks', async () => /^order\.paid ord_\w+$/m.test(shell.output));
    } finally {
      shell.end();
    }
  },
  LONGEST_MS,
);

it('the commands of the simulator page work', async () => {
  const blocks = blocksOf('docs/simulator.md');
  expect(blocks.length).toBeGreaterThan(1);
  const script = ['set -eo pipefail', ...blocks].join('\n').replaceAll('http://127.0.0.1:8081', starwall.simulator.url);
  const shell = new Shell(script);
  try {
    await shell.meanwhile('the end', async () => false).catch(() => undefined);
    expect(shell.code === 0 ? 'done' : shell.output.slice(-2_000)).toBe('done');
  } finally {
    shell.end();
  }
});

type Body = Readonly<Record<string, unknown>>;

const isCalled = (title: string) => (product: Body) => product['title'] === title;

const answers = (port: number) =>
  fetch(`http://127.0.0.1:${port}/`).then(
    () => true,
    () => false,
  );

/** Returns the products of the script's workspace, requested with a session of its owner. */
async function productsOf(token: string): Promise<readonly Body[]> {
  const answer = await starwall
    .http()
    .get('/v1/products?limit=100')
    .set('authorization', `Bearer ${token}`)
    .expect(200);
  return answer.body.data;
}

async function logIn(): Promise<string> {
  const who = { email: 'me@example.com', password: 'correct horse battery' };
  return String((await starwall.http().post('/v1/auth/login').send(who).expect(200)).body.access_token);
}
