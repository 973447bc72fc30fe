import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import yauzl from 'yauzl';
import { parseId } from '#libs/kernel';
import { ClosingService, exportPlan } from '#libs/rights';
import { Backstage } from '../support/backstage.js';
import { ALL_ROOMS } from '#libs/rooms';
import { Buyer, Creator, eventually, type Starwall, startStarwall } from '../support/starwall.js';

let starwall: Starwall;
let backstage: Backstage;

beforeAll(async () => {
  starwall = await startStarwall();
  backstage = await Backstage.open(starwall);
});
afterAll(async () => {
  await backstage.close();
  await starwall.stop();
});

const tenantOf = (creator: Creator) =>
  String(parseId('tenant', String((creator.session as { tenant?: { id?: string } }).tenant?.id)));

async function download(creator: Creator): Promise<{ status: number; body: Buffer; type: string | undefined }> {
  const answer = await creator
    .get('/v1/export')
    .buffer(true)
    .parse((response, done) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => done(null, Buffer.concat(chunks)));
    });
  return { status: answer.status, body: answer.body as Buffer, type: answer.headers['content-type'] };
}

async function unzip(archive: Buffer): Promise<Map<string, string>> {
  const zip = await new Promise<yauzl.ZipFile>((resolve, reject) =>
    yauzl.fromBuffer(archive, { lazyEntries: true }, (error, opened) => (error ? reject(error) : resolve(opened))),
  );
  const found = new Map<string, string>();
  zip.on('entry', (entry: yauzl.Entry) => {
    zip.openReadStream(entry, (error, stream) => {
      if (error) return zip.emit('error', error);
      void text(stream).then((content) => {
        found.set(entry.fileName, content);
        zip.readEntry();
      });
    });
  });
  zip.readEntry();
  await once(zip, 'end');
  return found;
}

async function shopWithASale(creator: Creator) {
  const bot = await creator.registerBot();
  const product = await creator.createProduct(bot.id);
  const buyer = await Buyer.meets(starwall, bot.telegramId, 1_000, { first_name: 'Rumpel' });
  await buyer.pays(await buyer.wants(product));
  await buyer.hears(/the goods/);
  await eventually('delivery', async () => {
    const [order] = (await creator.get('/v1/orders').expect(200)).body.data;
    return order?.status === 'delivered';
  });
  return { bot, product, buyer };
}

describe('the export of a workspace', () => {
  it('is an archive of every table and file, with a manifest, and without secrets', async () => {
    const creator = await Creator.signUp(starwall);
    const { bot, buyer } = await shopWithASale(creator);
    const { body: endpoint } = await creator.post('/v1/endpoints', { url: 'http://127.0.0.1:9/hook' }).expect(201);
    const { body: key } = await creator.post('/v1/api-keys', { name: 'K', scopes: ['bots:read'] }).expect(201);
    const file = await creator.uploadFile('guide.txt', 'forty-two');

    const { status, body, type } = await download(creator);
    expect([status, type]).toEqual([200, 'application/zip']);
    const entries = await unzip(body);
    for (const table of exportPlan(ALL_ROOMS).keys()) expect(entries.has(`tables/${table}.ndjson`)).toBe(true);
    expect(entries.get(`files/${file}/guide.txt`)).toBe('forty-two');
    const orders = String(entries.get('tables/orders.ndjson')).trim().split('\n');
    expect(orders.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ state: 'paid', stars: 50, buyer_id: buyer.id }),
    ]);

    const manifest = JSON.parse(String(entries.get('manifest.json')));
    expect(manifest.entries).toHaveLength(entries.size - 1);
    for (const { path, sha256, rows, bytes } of manifest.entries) {
      const content = String(entries.get(path));
      expect([path, createHash('sha256').update(content).digest('hex')]).toEqual([path, sha256]);
      expect(Buffer.byteLength(content)).toBe(bytes);
      if (rows !== undefined) expect([path, content.split('\n').length - 1]).toEqual([path, rows]);
    }

    const all = [...entries.values()].join('\n');
    for (const secret of [bot.token, bot.token.split(':')[1], endpoint.secret, key.key]) {
      expect(all).not.toContain(String(secret));
    }
    expect(all).not.toMatch(/_sealed|token_hash|"hash"/);
  });

  it('does not contain data of another workspace', async () => {
    const [creator, other] = [await Creator.signUp(starwall), await Creator.signUp(starwall)];
    await shopWithASale(other);
    const entries = await unzip((await download(creator)).body);
    expect(entries.get('tables/orders.ndjson')).toBe('');
    expect(entries.get('tables/bots.ndjson')).toBe('');
    expect(String(entries.get('tables/memberships.ndjson'))).toContain(tenantOf(creator));
    expect([...entries.values()].join('\n')).not.toContain(tenantOf(other));
  });

  it('is available to a locked workspace, but to owners only', async () => {
    const creator = await Creator.signUp(starwall);
    await backstage.query(`update tenants set state = 'locked' where id = $1`, [tenantOf(creator)]);
    expect((await download(creator)).status).toBe(200);
    const { body: key } = await creator.post('/v1/api-keys', { name: 'K', scopes: ['orders:read'] }).expect(201);
    await starwall.http().get('/v1/export').set('authorization', `Bearer ${key.key}`).expect(403);
  });
});

describe('the closing of a workspace', () => {
  it('requires its exact name, stops sales at once, and can be cancelled', async () => {
    const creator = await Creator.signUp(starwall);
    const { bot, product, buyer } = await shopWithASale(creator);
    const late = await Buyer.meets(starwall, bot.telegramId);
    const unpaid = await late.wants(product);
    expect((await creator.post('/v1/workspace/close', { confirm: 'a shop' }).expect(409)).body.code).toBe(
      'name_differs',
    );
    const { body } = await creator.post('/v1/workspace/close', { confirm: 'A shop', reason: 'Enough.' }).expect(200);
    expect(body).toMatchObject({ object: 'closure', state: 'pending', reason: 'Enough.' });
    expect((await creator.post('/v1/workspace/close', { confirm: 'A shop' }).expect(200)).body.id).toBe(body.id);

    const refusal = await late.pays(unpaid).catch((error: unknown) => error);
    expect(JSON.stringify(refusal) + String(refusal)).toMatch(/closed for the moment/);
    await buyer.says('/shop');
    await buyer.hears(/The shop is closed for the moment/);

    await creator.post('/v1/workspace/close/cancel').expect(200);
    expect((await creator.get('/v1/workspace/closure').expect(200)).body.state).toBe('cancelled');
    await creator.post('/v1/workspace/close/cancel').expect(404);
    await late.pays(await late.wants(product));
    await late.hears(/the goods/);
  });

  it('allows refunds until the end', async () => {
    const creator = await Creator.signUp(starwall);
    const { buyer } = await shopWithASale(creator);
    await creator.post('/v1/workspace/close', { confirm: 'A shop' }).expect(200);
    const [order] = (await creator.get('/v1/orders').expect(200)).body.data;
    await creator.post(`/v1/orders/${order.id}/refunds`);
    await eventually('the Stars', async () => (await buyer.balance()) === 1_000);
  });

  it('removes bots, keys, sessions, files and personal data when it is due, and keeps the ledger', async () => {
    const creator = await Creator.signUp(starwall);
    const { bot, buyer } = await shopWithASale(creator);
    await creator.post('/v1/endpoints', { url: 'http://127.0.0.1:9/hook' }).expect(201);
    const { body: key } = await creator.post('/v1/api-keys', { name: 'K', scopes: ['bots:read'] }).expect(201);
    await creator.post('/v1/workspace/close', { confirm: 'A shop' }).expect(200);
    const tenantId = tenantOf(creator);
    const closing = starwall.app.get(ClosingService);
    await backstage.query(`update closures set due_at = now() where tenant_id = $1`, [tenantId]);
    await creator.post('/v1/workspace/close/cancel').expect(409);
    await eventually('a quiet workspace that ends', () => closing.close(tenantId));
    expect(await closing.close(tenantId)).toBe(false);

    const [row] = await backstage.query(
      `select t.state, (select count(*)::int from bots b where b.tenant_id = t.id and token_sealed is not null) as tokens,
         (select count(*)::int from bot_routes r where r.owner_tenant = t.id) as routes,
         (select count(*)::int from endpoints e where e.tenant_id = t.id) as endpoints,
         (select count(*)::int from orders o where o.tenant_id = t.id and state = 'paid' and buyer_id < 0) as orders,
         (select sum(stars)::int from ledger_entries l where l.tenant_id = t.id and account = 'telegram') as stars,
         (select count(*)::int from buyers y where y.tenant_id = t.id and (telegram_id > 0 or first_name is not null)) as persons
       from tenants t where t.id = $1`,
      [tenantId],
    );
    expect(row).toEqual({ state: 'closed', tokens: 0, routes: 0, endpoints: 0, orders: 1, stars: 50, persons: 0 });
    const [left] = await backstage.query<{ n: number }>(
      `select count(*)::int as n from events where tenant_id = $1 and data::text like '%' || $2 || '%'`,
      [tenantId, String(buyer.id)],
    );
    expect(left?.n).toBe(0);
    expect((await starwall.telegram.webhook(bot.telegramId)).url).toBe('');
    await eventually('the session to end', async () => (await creator.get('/v1/me')).status === 401);
    await eventually('the key to expire', async () => {
      const answer = await starwall.http().get('/v1/bots').set('authorization', `Bearer ${key.key}`);
      return answer.status === 401;
    });
  });

  it('is done once by concurrent workers, and does not affect another workspace', async () => {
    const [creator, other] = [await Creator.signUp(starwall), await Creator.signUp(starwall)];
    await creator.post('/v1/workspace/close', { confirm: 'A shop' }).expect(200);
    await backstage.query(`update closures set due_at = now() where tenant_id = $1`, [tenantOf(creator)]);
    const closing = starwall.app.get(ClosingService);
    await eventually('quiet', async () => {
      const [row] = await backstage.query<{ n: number }>(
        'select count(*)::int as n from events where tenant_id = $1 and relayed_at is null',
        [tenantOf(creator)],
      );
      return row?.n === 0;
    });
    const ended = await Promise.all([1, 2, 3].map(() => closing.close(tenantOf(creator))));
    expect(ended.filter(Boolean)).toHaveLength(1);
    await other.get('/v1/me').expect(200);
    expect(await closing.close(tenantOf(other))).toBe(false);
    const [row] = await backstage.query<{ state: string }>('select state from tenants where id = $1', [
      tenantOf(other),
    ]);
    expect(row?.state).toBe('active');
  });
});
