import type { DataSource } from 'typeorm';
import { type Database, DatabaseBusy } from '#libs/database';
import { EventStore } from '#libs/journal';
import { DAY, HOUR, MINUTE, newUuid } from '#libs/kernel';
import { openAsOwner, openTestDatabase } from '../../../../test/support/database.js';
import { whileHeld } from '../../../../test/support/locks.js';
import { workspaceOf } from '../../../../test/support/people.js';
import type { BotService, WebhookFacts } from './bot.service.js';
import { WebhookWatch } from './webhook-watch.service.js';

let db: Database;
let source: DataSource;
let owner: DataSource;
let tenantId: string;
let now: Date;
const later = (ms: number) => {
  now = new Date(now.getTime() + ms);
};

beforeAll(async () => {
  ({ db, source } = await openTestDatabase());
  owner = await openAsOwner();
});
afterAll(() => Promise.all([source.destroy(), owner.destroy()]));
beforeEach(async () => {
  await owner.query('delete from webhook_looks');
  await owner.query(`update bots set state = 'removed', removing_since = null`);
  ({ tenantId } = await workspaceOf(owner, 'owner'));
  now = new Date('2026-12-01T09:00:00Z');
});

const fine: WebhookFacts = {
  ours: true,
  host: 'pay.example.com',
  pendingUpdates: 0,
  lastErrorAt: null,
  lastError: null,
  missingUpdates: [],
  inlineMode: false,
};

/** Creates a watch with a fake Telegram; by default, all webhooks are fine. */
function newWatch() {
  const telegram = {
    get: vi.fn(async () => ({ username: 'shop_bot' })),
    webhook: vi.fn(async (_tenantId: string, _botId: string) => fine),
    renewWebhook: vi.fn(async () => fine),
  };
  const watch = new WebhookWatch(db, telegram as unknown as BotService, new EventStore(), { now: () => now });
  const seen = () => telegram.webhook.mock.calls.map(([, botId]) => botId);
  return { watch, telegram, seen };
}

async function newBot(state = 'active', updatedAt = now): Promise<string> {
  const id = newUuid();
  await owner.query(
    `insert into bots (tenant_id, id, telegram_id, username, name, info, token_sealed, token_last4, state, updated_at, removing_since)
     values ($1, $2, $3, 'shop_bot', 'Shop', '{}', 'sealed', 'abcd', $4, $5, case when $4 = 'removing' then $5::timestamptz end)`,
    [tenantId, id, Math.floor(Math.random() * 1e12), state, updatedAt],
  );
  return id;
}
const row = async (botId: string) => (await owner.query('select * from webhook_looks where bot_id = $1', [botId]))[0];
const events = () =>
  owner.query('select type, data from events where tenant_id = $1 order by id', [tenantId]) as Promise<
    { type: string; data: object }[]
  >;

describe('a round of checks', () => {
  it.each(['active', 'paused', 'removing'])('includes a bot that is %s', async (state) => {
    const { watch, seen } = newWatch();
    const botId = await newBot(state);
    expect(await watch.round()).toBe(1);
    expect(seen()).toEqual([botId]);
  });

  it.each(['registering', 'token_invalid', 'removed'])('excludes a bot that is %s', async (state) => {
    const { watch } = newWatch();
    await newBot(state);
    expect(await watch.round()).toBe(0);
  });

  it('checks a bot again after exactly ten minutes, or after a day when it is idle', async () => {
    const { watch } = newWatch();
    const botId = await newBot();
    await watch.round();
    later(10 * MINUTE - 1);
    expect(await watch.round()).toBe(0);
    later(1);
    expect(await watch.round()).toBe(1);
    await owner.query('update webhook_looks set active_at = $2 where bot_id = $1', [botId, now]);
    later(DAY);
    expect(await watch.round()).toBe(1);
    expect((await row(botId)).due_at.getTime()).toBeGreaterThan(now.getTime() + HOUR);
  });

  it('leaves bots to the process that has claimed them', async () => {
    const [first, second] = [newWatch(), newWatch()];
    const botId = await newBot();
    await first.watch.round();
    later(DAY);
    const claim = ['select from webhook_looks where bot_id = $1 for update', [botId]] as const;
    expect(await whileHeld(owner, claim, () => second.watch.round())).toBe(0);
    expect(await second.watch.round()).toBe(1);
  });

  it('covers all bots at its start and after exactly an hour, and recently changed ones in between', async () => {
    const { watch, seen } = newWatch();
    const old = new Date(now.getTime() - DAY);
    const begins = await newBot('active', old);
    await watch.round();
    expect(seen()).toEqual([begins]);
    const silent = await newBot('active', new Date(now.getTime() - 10 * MINUTE));
    const changed = await newBot('active', new Date(now.getTime() - 10 * MINUTE + 1));
    await watch.round();
    expect(seen()).toEqual([begins, changed]);
    later(HOUR - 1);
    await watch.round();
    expect(seen()).not.toContain(silent);
    later(1);
    await watch.round();
    expect(seen()).toContain(silent);
  });
});

describe('a check', () => {
  it('keeps the start of a problem, and reports its start and its end once', async () => {
    const { watch, telegram } = newWatch();
    const botId = await newBot();
    const began = now;
    telegram.webhook.mockResolvedValue({ ...fine, ours: false, host: 'other.example.com' });
    await watch.look(tenantId, botId);
    later(HOUR);
    await watch.look(tenantId, botId);
    expect(await row(botId)).toMatchObject({ problem: 'elsewhere', since: began, host: 'other.example.com' });
    telegram.webhook.mockResolvedValue(fine);
    await watch.look(tenantId, botId);
    await watch.look(tenantId, botId);
    expect(await row(botId)).toMatchObject({ problem: null, since: null, told: null });
    expect(await events()).toMatchObject([
      { type: 'bot.webhook_failing', data: { problem: 'elsewhere', since: began.toISOString() } },
      { type: 'bot.webhook_recovered', data: { problem: null } },
    ]);
  });

  it('renews only a webhook that lacks types of updates', async () => {
    const { watch, telegram } = newWatch();
    const botId = await newBot();
    await watch.look(tenantId, botId);
    telegram.webhook.mockResolvedValue({ ...fine, pendingUpdates: 101 });
    await watch.look(tenantId, botId);
    expect(telegram.renewWebhook).not.toHaveBeenCalled();
    telegram.webhook.mockResolvedValue({ ...fine, missingUpdates: ['chat_member'] });
    await watch.look(tenantId, botId);
    expect(telegram.renewWebhook).toHaveBeenCalledTimes(1);
    expect((await row(botId)).problem).toBeNull();
  });

  it('is stored without a report when Telegram does not answer', async () => {
    const { watch, telegram } = newWatch();
    const botId = await newBot();
    telegram.webhook.mockRejectedValue(new Error('x'.repeat(600)));
    await watch.look(tenantId, botId);
    expect(await row(botId)).toMatchObject({ problem: 'unreadable', host: null, pending_updates: null });
    expect((await row(botId)).last_error).toHaveLength(500);
    expect(await events()).toEqual([]);
  });

  it('finds nothing when the database interrupts it', async () => {
    const { watch, telegram } = newWatch();
    const botId = await newBot();
    telegram.webhook.mockRejectedValue(new DatabaseBusy());
    await expect(watch.look(tenantId, botId)).rejects.toThrow(DatabaseBusy);
    expect(await row(botId)).toBeUndefined();
  });
});
