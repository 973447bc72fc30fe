import { Logger } from '@nestjs/common';
import Bull, { type Queue } from 'bull';
import { BullDoorbell, redisOptions } from '#libs/process';
import { freePort } from '../../scripts/free-port.mjs';
import { RedisServer } from '../support/processes.js';
import { eventually } from '../support/starwall.js';

let redis: RedisServer;
const open = new Set<Queue>();
const warn = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);

/** Opens the doorbell of another process. */
const bellAt = (url: string) => {
  const queue = new Bull('bells', {
    prefix: '{starwall}',
    redis: redisOptions(url),
    defaultJobOptions: { removeOnComplete: true },
  });
  open.add(queue);
  return new BullDoorbell(queue);
};
const close = (queue: Queue) =>
  (queue as unknown as { onApplicationShutdown(): Promise<void> }).onApplicationShutdown();

beforeAll(async () => {
  redis = await RedisServer.start();
});
beforeEach(() => warn.mockClear());
afterEach(async () => {
  await Promise.all([...open].map(close));
  open.clear();
});
afterAll(async () => {
  await redis.remove();
  warn.mockRestore();
});

describe('a ring', () => {
  it('wakes one listener in another process, and the listeners in its own process at once', async () => {
    const [here, there] = [bellAt(redis.url), bellAt(redis.url)];
    const heard: string[] = [];
    there.listen('inbox', () => heard.push('inbox'));
    there.listen('relay', () => heard.push('relay'));
    here.ring('inbox');
    await eventually('the ring', async () => heard.includes('inbox'));
    expect(heard).not.toContain('relay');
    there.ring('relay');
    expect(heard).toContain('relay');
  });

  it('is heard after a burst, which is reduced to a few jobs', async () => {
    const [here, there] = [bellAt(redis.url), bellAt(redis.url)];
    for (let i = 0; i < 1_000; i += 1) here.ring('webhooks');
    await eventually('the flood to be sent', async () => /:1\r/.test(await redis.ask('LLEN {starwall}:bells:wait')));
    let heard = 0;
    there.listen('webhooks', () => (heard += 1));
    await eventually('the ring', async () => heard > 0);
    here.ring('webhooks');
    await eventually('silence', async () => /:0\r/.test(await redis.ask('LLEN {starwall}:bells:wait')));
    expect(heard).toBeLessThan(20);
  });

  it('does not block without Redis, warns once, and does not delay a shutdown', async () => {
    const bell = bellAt(`redis://127.0.0.1:${await freePort()}`);
    let heard = 0;
    bell.listen('inbox', () => (heard += 1));
    for (let i = 0; i < 1_000; i += 1) bell.ring('inbox');
    // Checked without a turn of the event loop in between.
    expect(heard).toBe(1_000);
    await eventually('a complaint', async () => warn.mock.calls.length > 0);
    expect(warn.mock.calls).toEqual([[expect.stringContaining('Nothing is lost')]]);

    // Bull itself would wait for Redis forever.
    await Promise.all([...open].map(close));
  });
});

it('a Redis that may evict rings is reported in the log, with a remedy', async () => {
  await redis.ask('CONFIG SET maxmemory-policy allkeys-lru');
  bellAt(redis.url);
  await eventually('the warning', async () => warn.mock.calls.some(([text]) => String(text).includes('allkeys-lru')));
  expect(String(warn.mock.calls[0]?.[0])).toContain('Set maxmemory-policy to noeviction');
});

it.each([
  ['redis://example.com', { host: 'example.com', port: 6379, db: 0 }],
  ['redis://:p%40ss@example.com:7000/3', { host: 'example.com', port: 7000, db: 3, password: 'p@ss' }],
  ['rediss://me:secret@[::1]:6380', { host: '::1', port: 6380, username: 'me', password: 'secret', tls: {} }],
])('the URL %s is parsed', (url, options) => {
  expect(redisOptions(url)).toMatchObject(options);
});
