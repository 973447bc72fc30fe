import { parseId } from '#libs/kernel';
import { TenantPlans } from '#libs/tenants';
import { Database } from '#libs/database';
import { Backstage } from '../support/backstage.js';
import { Creator, eventually, newBot, type Starwall, startStarwall } from '../support/starwall.js';

let starwall: Starwall;
let backstage: Backstage;

beforeAll(async () => {
  starwall = await startStarwall();
  backstage = await Backstage.open(starwall);
});
afterAll(async () => {
  await starwall.telegram.setFaults({ rules: [] });
  await backstage.close();
  await starwall.stop();
});

const upload = (creator: Creator, list: string, query = '') =>
  creator.signs(starwall.http().post(`/v1/bot-imports${query}`)).attach('file', Buffer.from(list), 'bots.csv');
const read = async (creator: Creator, id: string) => (await creator.get(`/v1/bot-imports/${id}`).expect(200)).body;
const linesOf = async (creator: Creator, id: string, query = '') =>
  (await creator.get(`/v1/bot-imports/${id}/lines${query}`).expect(200)).body.data;
const isOver = (creator: Creator, id: string) =>
  eventually('the end of the import', async () => {
    const now = await read(creator, id);
    return now.state !== 'running' && now;
  });
const freshTokens = async (count: number) =>
  Promise.all(Array.from({ length: count }, async () => (await newBot(starwall)).token));
const secretOf = (token: string) => String(token.split(':')[1]);
/** Delays all imports. */
const holdPace = () =>
  backstage.query(
    `insert into registration_paces (name, next_at) values ('imports', now() + interval '1 hour')
     on conflict (name) do update set next_at = excluded.next_at`,
  );

it('an imported file of bots is registered line by line, with a result for every line', async () => {
  const [creator, other] = [await Creator.signUp(starwall), await Creator.signUp(starwall)];
  const [first, second, third, unknown] = [...(await freshTokens(3)), `999999:${'x'.repeat(35)}`];
  await other.post('/v1/bots', { token: third }).expect(201);
  const list = ['token', first, 'nonsense', unknown, third, JSON.stringify({ token: second }), first].join('\n');
  const { body: made } = await upload(creator, list).expect(201);
  expect(made).toMatchObject({ object: 'bot_import', state: 'running', lines: 6, waiting: 4, failed: 2 });
  const over = await isOver(creator, made.id);
  expect(over).toMatchObject({ state: 'done', waiting: 0, registered: 2, failed: 4, finished_at: expect.any(String) });
  const lines = await linesOf(creator, made.id);
  const { body: canceled } = await creator.post(`/v1/bot-imports/${made.id}/cancel`).expect(200);
  expect([canceled, await linesOf(creator, made.id)]).toEqual([over, lines]);
  expect(lines.map((it: Record<string, unknown>) => [it['line'], it['state'], it['code']])).toEqual([
    [2, 'registered', null],
    [3, 'failed', 'token_malformed'],
    [4, 'failed', 'token_refused'],
    [5, 'failed', 'bot_taken'],
    [6, 'registered', null],
    [7, 'failed', 'token_repeated'],
  ]);
  expect(lines[2]).toMatchObject({ token_last4: 'xxxx', remedy: expect.stringContaining('BotFather') });
  const { data: bots } = (await creator.get('/v1/bots').expect(200)).body;
  expect(bots.map((it: { id: string }) => it.id)).toEqual([lines[4].bot_id, lines[0].bot_id]);
  expect(await linesOf(creator, made.id, '?state=registered&limit=1')).toMatchObject([{ line: 2 }]);
  expect(await linesOf(creator, made.id, `?starting_after=${lines[3].id}`)).toMatchObject([{ line: 6 }, { line: 7 }]);

  const seen = JSON.stringify([made, over, lines, (await creator.get('/v1/audit-entries').expect(200)).body]);
  for (const token of [first, second, third, unknown]) expect(seen).not.toContain(secretOf(String(token)));
  const kept = await backstage.query(
    'select 1 from bot_import_lines where import_id = $1 and token_sealed is not null',
    [parseId('botImport', made.id)],
  );
  expect(kept).toEqual([]);
});

it('an import ends at the limit of the plan, without further calls to Telegram', async () => {
  const creator = await Creator.signUp(starwall);
  const { tenant } = creator.session as { tenant?: { id?: string } };
  const tenantId = String(parseId('tenant', String(tenant?.id)));
  await starwall.app
    .get(Database, { strict: false })
    .inPlatform('a limit for a test', (tx) =>
      starwall.app.get(TenantPlans, { strict: false }).override(tx, tenantId, 'bots', 1, 'For a test.'),
    );
  const { body: made } = await upload(creator, (await freshTokens(4)).join('\n')).expect(201);
  expect(await isOver(creator, made.id)).toMatchObject({ registered: 1, failed: 3 });
  const failed = await linesOf(creator, made.id, '?state=failed');
  expect(failed).toMatchObject([{ code: 'quota_exhausted', attempts: 1 }, { attempts: 0 }, { attempts: 0 }]);
});

it('imports share one pace, can be cancelled, and do not delay bots that are registered individually', async () => {
  const [creator, other] = [await Creator.signUp(starwall), await Creator.signUp(starwall)];
  await holdPace();
  const [mine, theirs] = [
    await upload(creator, (await freshTokens(3)).join('\n')),
    await upload(other, (await freshTokens(1)).join('\n')),
  ];
  await creator.registerBot();
  expect(await read(creator, mine.body.id)).toMatchObject({ state: 'running', waiting: 3, registered: 0 });
  await other.get(`/v1/bot-imports/${mine.body.id}`).expect(404);
  await other.get(`/v1/bot-imports/${mine.body.id}/lines`).expect(404);
  await other.post(`/v1/bot-imports/${mine.body.id}/cancel`).expect(404);
  for (let n = 0; n < 2; n += 1) {
    const { body } = await creator.post(`/v1/bot-imports/${mine.body.id}/cancel`).expect(200);
    expect(body).toMatchObject({ state: 'canceled', canceled: 3, waiting: 0 });
  }
  const over = await eventually('the other import', async () => {
    await backstage.hurryImports();
    const now = await read(other, theirs.body.id);
    return now.state === 'done' && now;
  });
  expect(over).toMatchObject({ registered: 1 });
  expect((await read(creator, mine.body.id)).registered).toBe(0);
});

it("an import continues after an outage of Telegram, and after a worker's crash between registration and result", async () => {
  const creator = await Creator.signUp(starwall);
  const [lost, late] = await freshTokens(2);
  await creator.post('/v1/bots', { token: lost }).expect(201);
  await holdPace();
  const { body: made } = await upload(creator, `${lost}\n${late}`).expect(201);
  // Simulates a first attempt that registered the bot, but did not store the result.
  await backstage.query('update bot_import_lines set attempts = 1 where import_id = $1 and line = 1', [
    parseId('botImport', made.id),
  ]);
  await starwall.telegram.setFaults({ rules: [{ at: 'call', action: 'error500', name: 'getMe', times: 1 }] });
  await eventually('a postponed line', async () => {
    await backstage.hurryImports();
    const lines = await linesOf(creator, made.id);
    return lines.some((it: { code: string }) => it.code === 'telegram_unavailable');
  });
  const over = await eventually('the end of the import', async () => {
    await backstage.hurryImports();
    const now = await read(creator, made.id);
    return now.state === 'done' && now;
  });
  expect(over).toMatchObject({ registered: 2, failed: 0 });
});

it('an unreadable list is refused at once and stores nothing', async () => {
  const creator = await Creator.signUp(starwall);
  await upload(creator, '\n\n')
    .expect(400)
    .expect(/invalid_bot_list/);
  await upload(creator, 'x'.repeat(1_100_000))
    .expect(400)
    .expect(/invalid_bot_list/);
  await creator
    .post('/v1/bot-imports')
    .expect(400)
    .expect(/invalid_upload/);
  expect((await creator.get('/v1/bot-imports').expect(200)).body.data).toEqual([]);
});
