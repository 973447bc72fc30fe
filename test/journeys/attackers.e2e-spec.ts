import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newUuid } from '#libs/kernel';
import { ask, complaints } from '../support/asking.js';
import { Api } from '../support/openapi.js';
import { Staff } from '../support/staff.js';
import { Creator, type Starwall, startStarwall } from '../support/starwall.js';

/** The password of all test accounts. */
const PASSWORD = 'correct horse battery';

let starwall: Starwall;
afterEach(() => starwall.stop());

describe('attack 16: SQL in the parameters of a list', () => {
  const SQL = [
    "' or '1'='1",
    "'; select set_config('app.tenant_id', '00000000-0000-0000-0000-000000000000', true); --",
    '1; drop table orders; --',
    'id desc; reset role',
    '") union select * from accounts --',
    '\\x27 or 1=1',
    '$1',
    '${tenant}',
    'created_at desc, (select pg_sleep(10))',
  ];

  it("is treated as a value that is refused or matches nothing, and returns no other workspace's row", async () => {
    starwall = await startStarwall();
    const [creator, other] = [await Creator.signUp(starwall), await Creator.signUp(starwall)];
    const bot = await other.registerBot();
    const product = await other.createProduct(bot.id, { title: 'Not yours' });
    const lists = (await Api.of(starwall)).operations.filter(
      ({ method, path }) => method === 'get' && !path.includes('{'),
    );
    const asked = lists.flatMap(({ path, parameters = [] }) =>
      [...parameters.map(({ name }) => name), 'sort', 'order_by', 'fields'].flatMap((name) =>
        SQL.map((sql) => `${path}?${name}=${encodeURIComponent(sql)}`),
      ),
    );
    const [list] = lists;
    if (list === undefined) throw new Error('there is no list');
    const token = String(creator.session['access_token']);
    const failures = await complaints(asked, async (url) => {
      const { status, text } = await ask(starwall, list, { url }, token);
      return status >= 500 || text.includes(bot.id) || text.includes(product) ? `${url}: ${status}` : undefined;
    });
    expect(asked.length).toBeGreaterThan(300);
    expect(failures).toEqual([]);
    expect((await other.get('/v1/products').expect(200)).body.data).toHaveLength(1);
  }, 300_000);
});

/**
 * Blocks every thread that hashes passwords until released: opening a pipe blocks until there is a writer.
 * @returns the function that releases the threads
 */
async function holdTheThreads(): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'starwall-pipe-'));
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const threads = Number(process.env['UV_THREADPOOL_SIZE'] ?? 4);
  const readers = Array.from({ length: threads }, () => open(pipe, 'r'));
  return async () => {
    const writer = openSync(pipe, 'w');
    for (const reader of await Promise.all(readers)) await reader.close();
    closeSync(writer);
    rmSync(folder, { recursive: true });
  };
}

describe('attack 20: password guessing', () => {
  const from = (address: string) => ({ 'x-forwarded-for': address });
  const logIn = (address: string, form: object) =>
    starwall
      .http()
      .post('/v1/auth/login')
      .set(from(address))
      .send(form)
      .then(
        ({ status, body, headers }) => `${status} ${body.code}${headers['retry-after'] === undefined ? '' : ', later'}`,
      );
  const behindProxy = () => startStarwall({ TRUSTED_PROXIES: '127.0.0.1,::1,::ffff:127.0.0.1' });

  it("uses the memory of four hashes beyond the queue's limit, while other requests are answered", async () => {
    starwall = await behindProxy();
    const creator = await Creator.signUp(starwall);
    const before = process.resourceUsage().maxRSS;
    const releaseThreads = await holdTheThreads();
    const answers: string[] = [];
    const logins: Promise<void>[] = [];
    let look = () => {};
    const answered = (count: number) =>
      new Promise<void>((resolve) => {
        look = () => answers.length >= count && resolve();
        look();
      });
    try {
      // Four are hashed, a hundred wait, and the others are told at once when to retry.
      for (let n = 0; n < 200; n += 20) {
        for (let i = n; i < n + 20; i += 1) {
          const form = { email: `${newUuid()}@starwall.example`, password: 'not the password' };
          const login = logIn(`203.0.${i >> 8}.${i & 255}`, form);
          logins.push(login.then((answer) => void answers.push(answer)).then(() => look()));
        }
        await answered(n + 20 - 104);
      }
      // New database connections need those threads as well, so a few requests may be refused for that reason.
      expect(answers.filter((answer) => !/^503 (?:too_busy|database_unavailable), later$/.test(answer))).toEqual([]);
      expect(answers).toContain('503 too_busy, later');
      await creator.get('/v1/me').expect(200);
      expect(answers).toHaveLength(96);
    } finally {
      await releaseThreads();
    }
    await Promise.all(logins);
    expect(answers.filter((answer) => answer === '401 wrong_credentials')).toHaveLength(104);
    // 104 hashes of 46 MiB at once would be almost 5 GiB.
    expect((process.resourceUsage().maxRSS - before) / 1_024).toBeLessThan(1_000);
  }, 180_000);

  it('from one network is stopped after five attempts, and does not lock the owner out of other networks', async () => {
    starwall = await behindProxy();
    const [{ email }, password] = [await Creator.signUp(starwall), PASSWORD];
    const guess = () => logIn('203.0.113.1', { email, password: 'a guess of many' });
    const answers = await Promise.all(Array.from({ length: 15 }, guess));
    expect(answers.filter((answer) => answer === '401 wrong_credentials')).toHaveLength(5);
    expect(answers.filter((answer) => answer === '429 too_many_attempts, later')).toHaveLength(10);
    expect(await logIn('203.0.113.1', { email, password })).toBe('429 too_many_attempts, later');
    const elsewhere = starwall.http().post('/v1/auth/login').set(from('198.51.100.1')).send({ email, password });
    await elsewhere.expect(200);
  });

  it('from the same network does not lock out a device that the owner has used before', async () => {
    starwall = await behindProxy();
    const [{ email, session }, password] = [await Creator.signUp(starwall), PASSWORD];
    for (let n = 0; n < 5; n += 1) await logIn('203.0.113.1', { email, password: 'a guess of many' });
    const enter = (deviceToken: unknown) => logIn('203.0.113.1', { email, password, device_token: deviceToken });
    expect(await enter('made up')).toBe('429 too_many_attempts, later');
    expect(await enter((await Creator.signUp(starwall)).session['refresh_token'])).toBe('429 too_many_attempts, later');
    expect(await enter(session['refresh_token'])).toBe('200 undefined');
  });

  it('does not lock out staff, either', async () => {
    starwall = await behindProxy();
    const staff = await Staff.with('admin', starwall);
    const form = { email: staff.email, password: staff.password };
    const enter = (address: string, sent: object) =>
      starwall.http().post('/v1/staff/auth/login').set(from(address)).send(sent);
    for (let n = 0; n < 5; n += 1) await enter('203.0.113.1', { ...form, password: 'a guess of many' }).expect(401);
    await enter('203.0.113.1', form).expect(429);
    await enter('198.51.100.1', form).expect(200);
  });
});
