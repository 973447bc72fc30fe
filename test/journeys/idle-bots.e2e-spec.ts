import type { DataSource } from 'typeorm';
import { ChatWatch } from '#libs/chats';
import { Database, DatabaseTrouble } from '#libs/database';
import { MINUTE, newUuid } from '#libs/kernel';
import { ReconciliationService } from '#libs/sales';
import { WebhookWatch } from '#libs/tenants';
import { ActivityNotes } from '../../apps/worker/src/watch/activity.notes.js';
import { openAsOwner } from '../support/database.js';
import { Buyer, Creator, eventually, type RegisteredBot, type Starwall, startStarwall } from '../support/starwall.js';
import { Trouble } from '../support/trouble.js';
import { callTelegram } from '../support/updates.js';

let starwall: Starwall;
let owner: DataSource;
let creator: Creator;

beforeAll(async () => {
  [starwall, owner] = await Promise.all([startStarwall(), openAsOwner()]);
  creator = await Creator.signUp(starwall);
});
afterAll(() => Promise.all([starwall.stop(), owner.destroy()]));

const get = <T>(type: abstract new (...args: never[]) => T): T => starwall.app.get<T>(type, { strict: false });

interface Facts {
  readonly tenantId: string;
  readonly botId: string;
  /** Times are in minutes from now. */
  readonly webhook: number;
  readonly chat: number | null;
  readonly books: number | null;
}

const factsOf = async ({ telegramId }: RegisteredBot): Promise<Facts> => {
  const minutes = (moment: string) => `round(extract(epoch from ${moment} - now()) / 60)::int`;
  const [row] = await owner.query<Facts[]>(
    `select b.tenant_id as "tenantId", b.id as "botId", ${minutes('w.due_at')} as webhook, ${minutes('c.look_due_at')} as chat,
       ${minutes('j.due_at')} as books
     from bots b join webhook_looks w on w.tenant_id = b.tenant_id and w.bot_id = b.id
     left join chats c on c.tenant_id = b.tenant_id and c.bot_id = b.id
     left join jobs j on j.tenant_id = b.tenant_id and j.kind = 'bot.reconcile' and j.subject = b.id
     where b.telegram_id = $1`,
    [telegramId],
  );
  if (row === undefined) throw new Error('the bot has no check');
  return row;
};

/** Registers a bot and completes its first check. */
async function newBot(): Promise<RegisteredBot> {
  const bot = await creator.registerBot();
  await get(WebhookWatch).round();
  return bot;
}

async function hasNoTraffic(bot: RegisteredBot): Promise<void> {
  await owner.query(
    `update webhook_looks set active_at = now() - interval '25 hours', due_at = now() - interval '1 second'
     where bot_id = (select id from bots where telegram_id = $1)`,
    [bot.telegramId],
  );
}

it('a new bot is checked within minutes, and every ten minutes while it is active', async () => {
  expect((await factsOf(await newBot())).webhook).toBe(10);
});

it('a bot without traffic for a day is checked once a day, at its own time of day', async () => {
  const bot = await newBot();
  await hasNoTraffic(bot);
  await get(WebhookWatch).round();
  const { tenantId, botId, webhook } = await factsOf(bot);
  expect(webhook).toBeGreaterThan(20 * 60);
  expect(webhook).toBeLessThan(28 * 60);
  await get(Database).inTenant(tenantId, (tx) =>
    get(ReconciliationService).fail(tx, botId, 'Telegram is away', true, new Date()),
  );
  expect((await factsOf(bot)).books).toBeGreaterThan(18 * 60);
});

it('traffic of one bot brings forward its own check, but not that of an idle bot in the same workspace', async () => {
  const [busy, idle] = [await newBot(), await newBot()];
  for (const bot of [busy, idle]) await hasNoTraffic(bot);
  await get(WebhookWatch).round();
  const [active, silent] = [await factsOf(busy), await factsOf(idle)];
  await get(Database).inPlatform('a test', (tx) => get(WebhookWatch).noteActive(tx, [active], new Date()));
  expect((await factsOf(busy)).webhook).toBe(10);
  expect((await factsOf(idle)).webhook).toBe(silent.webhook);
});

it('a chat that has two rows is checked by the surviving row', async () => {
  const { tenantId, botId } = await factsOf(await newBot());
  const [kept, merged] = [newUuid(), newUuid()];
  await owner.query(
    `insert into chats (tenant_id, id, bot_id, telegram_id, type, title, standing, can_invite, can_remove, looked_at, look_due_at, merged_into)
     select $1, id, $2, number, 'supergroup', 'A group', 'administrator', true, true, now() - interval '1 hour', now() - interval '1 second', into_id
     from unnest($3::uuid[], $4::bigint[], $5::uuid[]) as rows (id, number, into_id)`,
    [tenantId, botId, [kept, merged], [-1000000000002, -1000000000003], [null, kept]],
  );
  await get(ChatWatch).round();
  const rows = await owner.query('select id, look_due_at > now() as done from chats where id = any($1) order by id', [
    [kept, merged],
  ]);
  expect(rows).toEqual([kept, merged].toSorted().map((id) => ({ id, done: id === kept })));
});

it('a check that the database interrupts is not a finding about the bot, and is repeated later', async () => {
  const bot = await newBot();
  const { tenantId, botId } = await factsOf(bot);
  const [connected] = (await starwall.telegram.calls(bot.telegramId)).filter((it) => it.method === 'setWebhook');
  await callTelegram(starwall, bot, 'setWebhook', { url: connected?.params['url'], allowed_updates: ['message'] });
  const away = await Trouble.on(owner, 'bot_routes', '57P01', 1);
  await expect(get(WebhookWatch).look(tenantId, botId)).rejects.toThrow(DatabaseTrouble);
  await away.end();
  const problem = async () =>
    (await owner.query('select problem from webhook_looks where bot_id = $1', [botId]))[0].problem;
  expect(await problem()).toBeNull();
  await get(WebhookWatch).look(tenantId, botId);
  expect(await problem()).toBeNull();
  const sets = (await starwall.telegram.calls(bot.telegramId)).filter((it) => it.method === 'setWebhook');
  expect(sets.at(-1)?.params['allowed_updates']).toContain('pre_checkout_query');
});

it('the first update brings forward the checks of webhook, chats and books', async () => {
  const bot = await newBot();
  await hasNoTraffic(bot);
  await get(WebhookWatch).round();
  const { tenantId, botId } = await factsOf(bot);
  await owner.query(
    `insert into chats (tenant_id, id, bot_id, telegram_id, type, title, standing, can_invite, can_remove, looked_at, look_due_at)
     values ($1, gen_random_uuid(), $2, -1000000000001, 'channel', 'A channel', 'administrator', true, true, now(), now() + interval '1 day')`,
    [tenantId, botId],
  );
  await owner.query(
    `insert into jobs (tenant_id, kind, subject, queue, due_at) values ($1, 'bot.reconcile', $2, 'books', now() + interval '1 day')`,
    [tenantId, botId],
  );
  const buyer = await Buyer.meets(starwall, bot.telegramId);
  await buyer.says('/start');
  await eventually('the bot counts as active', async () => {
    await get(ActivityNotes).write();
    return (await factsOf(bot)).webhook <= 10;
  });
  const facts = await factsOf(bot);
  expect(facts.chat).toBe(60);
  expect(facts.books).toBeGreaterThanOrEqual(15);
  expect(facts.books).toBeLessThanOrEqual(16);
});

it('bots without traffic cause no call to Telegram and no check', async () => {
  const { tenantId } = await factsOf(await newBot());
  await owner.query(
    `with idle as (
       insert into bots (tenant_id, id, telegram_id, username, name, info, token_sealed, token_last4, state)
       select $1, gen_random_uuid(), 900000000 + n, 'idle', 'idle', '{}', '\\x00', 'last', 'active' from generate_series(1, 2000) n returning tenant_id, id)
     insert into webhook_looks (tenant_id, bot_id, looked_at, due_at, active_at)
     select tenant_id, id, now(), now() + interval '1 day', now() - interval '2 days' from idle`,
    [tenantId],
  );
  const began = Date.now();
  expect(await get(WebhookWatch).round()).toBe(0);
  expect(Date.now() - began).toBeLessThan(MINUTE);
});
