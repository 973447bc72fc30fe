import { Database } from '#libs/database';
import { newUuid, systemClock } from '#libs/kernel';
import { NoteTaker } from '#libs/process';
import { openAsOwner } from '../support/database.js';
import { Buyer, Creator, eventually, type Starwall, startStarwall } from '../support/starwall.js';
import { StatusReader } from '../../apps/platform/src/ops/status/status.reader.js';

let starwall: Starwall;
beforeAll(async () => {
  starwall = await startStarwall();
});
afterAll(() => starwall.stop());

/** Writes the process's note, as each process does every 15 seconds. */
const note = () => starwall.app.get(NoteTaker, { strict: false }).note();
const look = () => new StatusReader(starwall.app.get(Database, { strict: false }), systemClock).read();

const facts = (failed: number) => {
  const answers = { buckets: [10, ...Array.from({ length: 11 }, () => 0)], failed };
  return { telegram: answers, checkouts: answers, api: answers };
};

it('the public status shows how fast Telegram and the platform respond, without figures of any workspace', async () => {
  const creator = await Creator.signUp(starwall);
  const bot = await creator.registerBot();
  const buyer = await Buyer.meets(starwall, bot.telegramId);
  await buyer.pays(await buyer.wants(await creator.createProduct(bot.id)));
  // A payment is counted once Telegram has accepted the answer.
  await eventually('notes about every service', async () => {
    await note();
    const { telegram, checkouts, api } = (await look()).parts;
    return [telegram, checkouts, api].every(({ p95_ms: p95 }) => p95 !== null);
  });
  const answer = await starwall.http().get('/v1/status').expect(200);
  expect(answer.headers['cache-control']).toBe('public, max-age=10');
  expect(answer.body).toMatchObject({ object: 'status', status: 'ok', period_seconds: 300 });
  for (const part of ['telegram', 'checkouts', 'api']) {
    expect(answer.body[part]).toMatchObject({ status: 'ok', failed_percent: 0 });
    expect(answer.body[part].p95_ms).toBeGreaterThanOrEqual(answer.body[part].p50_ms);
  }
  expect(answer.body.updates).toEqual({ status: 'ok', delay_seconds: expect.any(Number) });
});

it('the status adds up the processes, and ignores one that has stopped', async () => {
  const owner = await openAsOwner();
  const write = (id: string, age: string, failed: number) =>
    owner.query(`insert into process_notes (id, noted_at, facts) values ($1, now() - $2::interval, $3)`, [
      id,
      age,
      facts(failed),
    ]);
  await owner.query('delete from process_notes');
  await write(newUuid(), '5 seconds', 0);
  const gone = newUuid();
  await write(gone, '70 seconds', 10);
  expect((await look()).parts.telegram).toMatchObject({ status: 'ok', failed_percent: 0 });
  await write(newUuid(), '5 seconds', 10);
  const { status, parts } = await look();
  expect(parts.telegram).toMatchObject({ status: 'down', failed_percent: 50 });
  expect(status).toBe('down');
  await owner.query(`update process_notes set noted_at = now() - interval '1 hour' where id = $1`, [gone]);
  await starwall.http().get('/health/live').expect(200);
  await note();
  expect(await owner.query('select from process_notes where id = $1', [gone])).toEqual([]);
  await owner.query('delete from process_notes');
  await owner.destroy();
});

it('checkouts are down when all ingresses have stopped, even without attempts, until another one runs', async () => {
  const owner = await openAsOwner();
  const write = (age: string) =>
    owner.query(`insert into process_notes (id, noted_at, facts) values ($1, now() - $2::interval, $3)`, [
      newUuid(),
      age,
      { ...facts(0), ingress: true },
    ]);
  await owner.query('delete from process_notes');
  await write('23 hours');
  const { status, parts } = await look();
  expect([status, parts.checkouts.status, parts.api.status]).toEqual(['down', 'down', 'ok']);
  await write('30 seconds');
  expect((await look()).parts.checkouts.status).toBe('ok');
  await owner.query('delete from process_notes');
  await note();
  const kept: { ingress: boolean }[] = await owner.query(`select facts ? 'ingress' as ingress from process_notes`);
  expect(kept).toEqual([{ ingress: true }]);
  await owner.destroy();
});

describe('the status page', () => {
  it("is plain HTML in the reader's language, without scripts", async () => {
    const english = await starwall.http().get('/status').expect(200);
    expect(english.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(english.headers['content-security-policy']).toContain("default-src 'none'");
    expect(english.text).toContain('<html lang="en">');
    expect(english.text).not.toContain('<script');
    const russian = await starwall.http().get('/status').set('Accept-Language', 'ru-RU,ru;q=0.9,en;q=0.8').expect(200);
    expect(russian.text).toContain('<html lang="ru">');
    expect((await starwall.http().get('/status?lang=en').set('Accept-Language', 'ru')).text).toContain(
      '<html lang="en">',
    );
    await starwall.http().get('/status/status.css').expect(200).expect('content-type', 'text/css; charset=utf-8');
  });
});
