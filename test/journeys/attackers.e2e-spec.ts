import { newUuid } from '#libs/kernel';
import { Api } from '../support/openapi.js';
import { Creator, type Starwall, startStarwall } from '../support/starwall.js';

let starwall: Starwall;
afterEach(() => starwall.stop());

describe('attack 16: SQL in whatever a list is asked with', () => {
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

  it("is a value that is refused or found nowhere: never a failure, never another workspace's row", async () => {
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
    const failures: string[] = [];
    for (const path of asked) {
      const { status, text } = await creator.get(path);
      if (status >= 500 || text.includes(bot.id) || text.includes(product)) failures.push(`${path}: ${status}`);
    }
    expect(asked.length).toBeGreaterThan(300);
    expect(failures).toEqual([]);
    expect((await other.get('/v1/products').expect(200)).body.data).toHaveLength(1);
  }, 120_000);
});

describe('attack 20: 500 logins at once', () => {
  const MIB = 1024 * 1024;
  const logIn = (n: number) =>
    starwall
      .http()
      .post('/v1/auth/login')
      .set('x-forwarded-for', `203.0.${n >> 8}.${n & 255}`)
      .send({ email: `${newUuid()}@starwall.example`, password: 'not the password' })
      .then(
        ({ status, body, headers }) => `${status} ${body.code}${headers['retry-after'] === undefined ? '' : ', later'}`,
      );

  it('take the memory of four, and everything else is answered meanwhile', async () => {
    starwall = await startStarwall({ TRUSTED_PROXIES: '127.0.0.1,::1,::ffff:127.0.0.1' });
    const creator = await Creator.signUp(starwall);
    const before = process.memoryUsage.rss();
    let most = before;
    const watch = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 5);
    let answered = 0;
    const logins = Promise.all(Array.from({ length: 500 }, (_, n) => logIn(n).finally(() => (answered += 1))));
    for (let n = 0; n < 3; n += 1) await creator.get('/v1/me').expect(200);
    expect(answered).toBeLessThan(500);
    const answers = await logins.finally(() => clearInterval(watch));
    // Whoever is let in waits for one of four places, a hundred at most; the rest is told when to come back.
    const [wrong, busy] = ['401 wrong_credentials', '503 too_busy, later'];
    expect(answers.filter((answer) => answer !== wrong && answer !== busy)).toEqual([]);
    expect(answers.filter((answer) => answer === wrong).length).toBeGreaterThanOrEqual(104);
    expect(answers).toContain(busy);
    // 500 hashes of 46 MiB at once would be 23 GiB.
    expect((most - before) / MIB).toBeLessThan(1_000);
    await creator.get('/v1/me').expect(200);
  }, 180_000);

  it('on one account end after five tries, from however many addresses they come', async () => {
    starwall = await startStarwall({ TRUSTED_PROXIES: '127.0.0.1,::1,::ffff:127.0.0.1' });
    const { email } = await Creator.signUp(starwall);
    const guess = (n: number) =>
      starwall
        .http()
        .post('/v1/auth/login')
        .set('x-forwarded-for', `203.0.113.${n}`)
        .send({ email, password: `guess number ${n}` })
        .then(({ status }) => status);
    const statuses = await Promise.all(Array.from({ length: 40 }, (_, n) => guess(n)));
    expect(statuses.filter((status) => status === 401)).toHaveLength(5);
    expect(statuses.filter((status) => status === 429)).toHaveLength(35);
  });
});
