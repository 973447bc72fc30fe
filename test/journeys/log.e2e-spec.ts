import { Buyer, Creator, eventually, type Starwall, startStarwall } from '../support/starwall.js';
import { purchasedPaidMedia, telegramPosts, webhookOf } from '../support/updates.js';

const TELEGRAM = '149.154.160.0/20,91.108.4.0/22';

let starwall: Starwall;
let lines: string[];
let restore: () => void;

beforeEach(() => {
  lines = [];
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    lines.push(String(text));
    return true;
  });
  restore = () => write.mockRestore();
});
afterEach(async () => {
  restore();
  await starwall.stop();
});

// Logs outside of requests go to the first logger of a process (nestjs-pino), so all starts use the same level.
const start = (settings: Readonly<Record<string, string>> = {}) => startStarwall({ LOG_LEVEL: 'info', ...settings });
const warningsWith = (word: string) =>
  lines
    .flatMap((text) => text.split('\n'))
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { level: number; msg?: string })
    .filter(({ level, msg }) => level === 40 && msg?.includes(word))
    .map(({ msg }) => msg);

describe('log injection', () => {
  it('cannot add lines or control characters to the log', async () => {
    starwall = await start();
    const evil = '%0a{"level":60,"msg":"forged"}%0d%0a%1b[31mred%00';
    await starwall.http().get(`/v1/${evil}?a=${evil}`);
    await starwall.http().post('/v1/auth/login').set('user-agent', 'x\u009b31m').send({ email: 'a\n{"level":60}' });
    const creator = await Creator.signUp(starwall);
    await creator.post('/v1/endpoints', { url: 'http://127.0.0.1:9/\n{"level":60}', description: 'a\nb' });
    restore();
    const logged = lines.join('');
    expect(logged).not.toMatch(/[^\P{Cc}\n]/u);
    const entries = logged.split('\n').filter((line) => line !== '');
    expect(entries.length).toBeGreaterThan(3);
    for (const line of entries) expect(JSON.parse(line)).toMatchObject({ level: expect.any(Number) });
    expect(entries.map((line) => (JSON.parse(line) as { msg?: string }).msg)).not.toContain('forged');
  });
});

describe('a proxy that is missing from the settings', () => {
  const passes = () => starwall.http().get('/v1/me').set('x-forwarded-for', '203.0.113.7').expect(401);

  it('is reported once, with a remedy', async () => {
    starwall = await start({ TRUSTED_PROXIES: '10.0.0.0/8' });
    await starwall.http().get('/v1/me').expect(401);
    expect(warningsWith('X-Forwarded-For')).toEqual([]);
    for (let n = 0; n < 3; n += 1) await passes();
    expect(warningsWith('X-Forwarded-For')).toEqual([
      expect.stringMatching(/set TRUSTED_PROXIES=(::ffff:)?127\.0\.0\.1/),
    ]);
  });

  it('is not reported once the settings contain it', async () => {
    starwall = await start({ TRUSTED_PROXIES: '127.0.0.1' });
    await passes();
    expect(warningsWith('X-Forwarded-For')).toEqual([]);
  });
});

describe('a process that starts and sells', () => {
  it('logs its sales and deliveries, but not its routes, webhook paths or buyers', async () => {
    starwall = await start();
    const creator = await Creator.signUp(starwall);
    const bot = await creator.registerBot();
    const product = await creator.createProduct(bot.id);
    const buyer = await Buyer.meets(starwall, bot.telegramId, 1_000, { first_name: 'Rosalind' });
    await buyer.pays(await buyer.wants(product));
    const order = await eventually('the delivery', async () => {
      const [newest] = (await creator.get('/v1/orders').expect(200)).body.data;
      return newest.status === 'delivered' && newest;
    });
    const told = () => lines.join('').match(/"msg":"(sold|delivered) [^"]+"/g) ?? [];
    await eventually('two lines', async () => told().length === 2);
    const where = `${order.id} ${bot.id} ${(creator.session['tenant'] as { id: string }).id}`;
    expect(told()).toEqual([`"msg":"sold ${where}"`, `"msg":"delivered ${where}"`]);
    const logged = lines.join('');
    expect(logged).not.toMatch(/RouterExplorer|RoutesResolver|InstanceLoader/);
    expect(logged).not.toContain(new URL(webhookOf(starwall, bot).url).pathname);
    for (const personal of ['Rosalind', String(buyer.id)]) expect(logged).not.toContain(personal);
  });
});

describe('a proxy that forwards updates to the platform', () => {
  it('is reported once, with a remedy, and its updates are refused', async () => {
    starwall = await start();
    const bot = await (await Creator.signUp(starwall)).registerBot();
    const { url, secret } = webhookOf(starwall, bot);
    const { pathname } = new URL(url);
    for (let n = 0; n < 2; n += 1) {
      const stray = starwall.http().post(pathname).set('x-telegram-bot-api-secret-token', secret);
      await stray.send(purchasedPaidMedia(7)).expect(404);
    }
    expect(warningsWith("does not accept Telegram's updates")).toEqual([expect.stringContaining('INGRESS_PORT')]);
    expect(lines.join('')).not.toContain(pathname);
  });
});

describe("the list of Telegram's networks", () => {
  it('reports clients that it refused despite the right secret, but not those without it', async () => {
    starwall = await start({ TELEGRAM_NETWORKS: TELEGRAM });
    const bot = await (await Creator.signUp(starwall)).registerBot();
    const stranger = { 'x-telegram-bot-api-secret-token': 'A'.repeat(43) };
    expect((await telegramPosts(starwall, bot, purchasedPaidMedia(7), stranger)).status).toBe(401);
    expect(warningsWith('TELEGRAM_NETWORKS')).toEqual([]);
    for (let n = 0; n < 2; n += 1) expect((await telegramPosts(starwall, bot, purchasedPaidMedia(7))).status).toBe(401);
    expect(warningsWith('TELEGRAM_NETWORKS')).toEqual([
      expect.stringMatching(new RegExp(`${bot.id} was refused: it came from (::ffff:)?127\\.0\\.0\\.1`)),
    ]);
  });
});
