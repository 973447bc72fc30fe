import { once } from 'node:events';
import { type ClientRequest, request } from 'node:http';
import type { Socket } from 'node:net';
import type { DataSource, QueryRunner } from 'typeorm';
import { openAsOwner } from '../support/database.js';
import { Creator, eventually, type Starwall, startStarwall } from '../support/starwall.js';

let starwall: Starwall;
let owner: DataSource;
let lock: QueryRunner;
beforeAll(async () => {
  [starwall, owner] = [await startStarwall(), await openAsOwner()];
  lock = owner.createQueryRunner();
});
afterAll(async () => {
  await lock.release();
  await owner.destroy();
  await starwall.stop();
});

/** Blocks reads of the table while `work` runs. */
async function whileSlow<T>(table: 'orders' | 'ledger_entries', work: () => Promise<T>): Promise<T> {
  await lock.query('begin');
  await lock.query(`lock table ${table} in access exclusive mode`);
  try {
    return await work();
  } finally {
    await lock.query('rollback');
  }
}

describe('attack 27: a noisy neighbour', () => {
  it('takes no slots from others by slow requests with many keys', async () => {
    const [loud, quiet] = [await Creator.signUp(starwall), await Creator.signUp(starwall)];
    const keys: string[] = [];
    for (let n = 0; n < 5; n += 1)
      keys.push((await loud.post('/v1/api-keys', { name: 'Key', scopes: ['orders:read'] }).expect(201)).body.key);
    let answered = 0;
    const { flood, meanwhile } = await whileSlow('orders', async () => {
      const asked = Array.from({ length: 110 }, (_, n) =>
        starwall
          .http()
          .get('/v1/orders')
          .set('authorization', `Bearer ${keys[n % keys.length]}`)
          .then(({ status, body }) => {
            if (status === 200) answered += 1;
            return status === 200 ? 200 : `${status} ${body.code}`;
          }),
      );
      await quiet.get('/v1/bots').expect(200);
      await quiet.get('/v1/endpoints').expect(200);
      return { flood: asked, meanwhile: answered };
    });
    expect(meanwhile).toBe(0);
    const statuses = await Promise.all(flood);
    expect(statuses.filter((status) => status === 200)).toHaveLength(104);
    expect(statuses.filter((status) => status === '429 too_many_at_once')).toHaveLength(6);
    await loud.get('/v1/orders').expect(200);
  });

  it('gets two downloads at a time, and takes no slots from others', async () => {
    const [loud, quiet] = [await Creator.signUp(starwall), await Creator.signUp(starwall)];
    const bot = await loud.registerBot();
    const statement = `/v1/bots/${bot.id}/statement.csv?from=2026-01-01&to=2026-02-01`;
    const seen: string[] = [];
    const flood = await whileSlow('ledger_entries', async () => {
      const asked = Array.from({ length: 60 }, () =>
        loud.get(statement).then(({ status, body }) => seen.push(status === 200 ? 'whole' : `${status} ${body.code}`)),
      );
      await eventually('all but two answers', async () => seen.length === 58);
      await quiet.get('/v1/bots').expect(200);
      await loud.get('/v1/bots').expect(200);
      return asked;
    });
    expect(new Set(seen.slice(0, 58))).toEqual(new Set(['429 too_many_downloads']));
    await Promise.all(flood);
    expect(seen.slice(58)).toEqual(['whole', 'whole']);
    await loud.get(statement).expect(200);
  });

  it('is disconnected after a minute when it does not read its downloads', async () => {
    const loud = await Creator.signUp(starwall);
    // Exceeds the buffers of the operating system.
    const file = await loud.uploadFile('long.txt', 'x'.repeat(40 * 1024 * 1024));
    const path = `/v1/files/${file}/content`;
    const server = starwall.app.getHttpServer();
    const sockets: Socket[] = [];
    const keep = (socket: Socket) => sockets.push(socket);
    server.on('connection', keep);
    const readers = await Promise.all([0, 1].map(() => beginsToRead(loud, path)));
    server.off('connection', keep);
    await loud.get(path).expect(429).expect('Retry-After', '5');
    expect(sockets.map(({ timeout }) => timeout)).toEqual([60_000, 60_000]);
    for (const socket of sockets) socket.emit('timeout');
    await eventually('a place', async () => (await loud.get(path)).status === 200);
    for (const reader of readers) reader.destroy();
  });

  it('gets two endless uploads at a time, and its other requests are answered', async () => {
    const slow = await Creator.signUp(starwall);
    const uploads = [0, 1].map(() => beginsToSend(slow, '/v1/files'));
    const further = () =>
      starwall
        .http()
        .post('/v1/files')
        .set('authorization', `Bearer ${String(slow.session['access_token'])}`)
        .attach('file', Buffer.from('a guide'), 'guide.txt');
    await eventually('a refusal', async () => (await further()).body.code === 'too_many_uploads');
    await further().expect(429).expect('Retry-After', '5');
    for (let n = 0; n < 5; n += 1) await slow.get('/v1/bots').expect(200);
    for (const upload of uploads) upload.destroy();
    await eventually('a place', async () => (await further()).status === 201);
  });

  it('gets its slots back when it aborts its downloads', async () => {
    const loud = await Creator.signUp(starwall);
    const file = await loud.uploadFile('long.txt', 'x'.repeat(40 * 1024 * 1024));
    const path = `/v1/files/${file}/content`;
    const readers = await Promise.all([0, 1].map(() => beginsToRead(loud, path)));
    await loud.get(path).expect(429);
    for (const reader of readers) reader.destroy();
    await eventually('a place', async () => (await loud.get(path)).status === 200);
  });
});

/** Starts to upload a file on a separate connection, and stops there. */
function beginsToSend(creator: Creator, path: string): ClientRequest {
  const upload = request(`${starwall.url}${path}`, {
    method: 'POST',
    agent: false,
    headers: {
      authorization: `Bearer ${String(creator.session['access_token'])}`,
      'content-type': 'multipart/form-data; boundary=b',
    },
  });
  upload.on('error', () => undefined);
  upload.write('--b\r\ncontent-disposition: form-data; name="file"; filename="guide.txt"\r\n\r\nThe first words');
  return upload;
}

/** Sends a request on a separate connection, and does not read the answer. */
async function beginsToRead(creator: Creator, path: string): Promise<ClientRequest> {
  const headers = { authorization: `Bearer ${String(creator.session['access_token'])}` };
  const asked = request(`${starwall.url}${path}`, { agent: false, headers }).end();
  asked.on('error', () => undefined);
  await once(asked, 'response');
  return asked;
}
