import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DataSource } from 'typeorm';
import { Database } from '#libs/database';
import { EventStore, JobStore } from '#libs/journal';
import { newUuid, NotFound } from '#libs/kernel';
import { Telegram } from '#libs/telegram';
import { MENU_COMMANDS } from '#libs/texts';
import { type Simulator, SimulatorClient, startSimulator } from '../../../../apps/simulator/src/index.js';
import { openAsOwner, openTestDatabase, testBox } from '../../../../test/support/database.js';
import { quotasAt } from '../../../../test/support/quotas.js';
import { BotDirectory } from './bot-directory.service.js';
import { BotEnding } from './bot-ending.service.js';
import { BotRegistry } from './bot-registry.service.js';
import {
  BotAlreadyRegistered,
  BotNotInState,
  BotTaken,
  ForeignWebhook,
  RegistrationInProgress,
  TelegramSaidNo,
  TelegramUnavailable,
  TokenMalformed,
  TokenOfAnotherBot,
  TokenRefused,
} from './bot-refusals.js';
import { BotService } from './bot.service.js';
import { BotSetup } from './bot-setup.service.js';
import { BotStore } from './bot.store.js';
import { ALLOWED_UPDATES, CLAIM_LIFETIME, SECRET_OVERLAP } from './bot.js';
import { TenantRestricted } from '../workspace/tenant.js';
import { RotationStore } from './rotation.store.js';
import { sha256 } from '../secret.js';
import { TenantStore } from '../workspace/tenant.store.js';

let db: Database;
let source: DataSource;
let owner: DataSource;
let simulator: Simulator;
let world: SimulatorClient;
let now: Date;
/** A server in the place of the ingress; accepts every request. */
const ingress = createServer((request, response) => {
  ingress.emit('update', request);
  response.end();
});
let publicUrl: string;
const box = testBox();

const later = (ms: number) => {
  now = new Date(now.getTime() + ms);
};

/** One process of ours, with its own caches. */
function startProcess(address = publicUrl) {
  const clock = { now: () => now };
  const bots = new BotStore(quotasAt(clock));
  const directory = new BotDirectory(new Database(source), box, clock);
  const setup = new BotSetup(new Telegram({ telegramApiRoot: simulator.url }), { ingressUrl: address });
  const registry = new BotRegistry(
    db,
    bots,
    new RotationStore(bots),
    setup,
    directory,
    new EventStore(),
    new JobStore(),
    box,
    clock,
  );
  const service = new BotService(db, bots, new TenantStore(), registry, setup, directory, new EventStore(), clock);
  const ending = new BotEnding(db, bots, registry, setup, directory, new EventStore(), clock);
  const remove = async (tenantId: string, botId: string): Promise<void> => {
    await db.inTenant(tenantId, async (tx) => {
      const bot = await ending.lock(tx, botId);
      if (!['removing', 'removed'].includes(bot.state)) await ending.begin(tx, bot);
    });
    await ending.leaveTelegram(tenantId, botId);
    await ending.end(tenantId, botId);
  };
  return { service, directory, remove };
}

async function newTenant(state = 'active'): Promise<string> {
  const id = newUuid();
  await owner.query('insert into tenants (id, name, state) values ($1, $2, $3)', [id, 'Ada & Co', state]);
  return id;
}

const newBot = () =>
  world.createBot({ username: `b${randomUUID().replaceAll('-', '').slice(0, 20)}_bot`, name: 'Shop' });
const register = (tenantId: string, token: string, takeOver = false) =>
  startProcess().service.register(tenantId, { token, environment: 'production', takeOver });

/** The database's facts about a Telegram bot: its rows as `state:has token`, and its number of routes. */
async function traces(telegramId: number) {
  const rows = await owner.query('select state, token_sealed is not null as token from bots where telegram_id = $1', [
    telegramId,
  ]);
  const routes = await owner.query('select 1 from bot_routes where telegram_id = $1', [telegramId]);
  return {
    bots: rows.map((row: { state: string; token: boolean }) => `${row.state}:${row.token}`),
    routes: routes.length,
  };
}

/** The arguments of the last call of a method, each as text. */
async function lastCall(botId: number, method: string): Promise<Readonly<Record<string, string>>> {
  const calls = await world.calls(botId);
  return calls.findLast((call) => call.method.toLowerCase() === method.toLowerCase())?.params ?? {};
}

/** The path and secret that Telegram sends with this bot's updates now. */
async function shownBy(botId: number): Promise<{ path: string; secret: string }> {
  const { id: userId } = await world.createUser({ first_name: 'Bea' });
  const update = once(ingress, 'update');
  await world.start({ botId, userId });
  const [request] = (await update) as [IncomingMessage];
  return { path: request.url ?? '', secret: String(request.headers['x-telegram-bot-api-secret-token']) };
}

async function pathOf(telegramId: number): Promise<string> {
  const [row] = await owner.query('select path_key from bot_routes where telegram_id = $1', [telegramId]);
  return row.path_key;
}

const names = (results: ReadonlyArray<PromiseSettledResult<unknown>>) =>
  results.map((result) => (result.status === 'fulfilled' ? 'ok' : (result.reason as Error).constructor.name)).sort();

beforeAll(async () => {
  ({ db, source } = await openTestDatabase());
  await once(ingress.listen(0, '127.0.0.1'), 'listening');
  publicUrl = `http://127.0.0.1:${(ingress.address() as AddressInfo).port}`;
  [owner, simulator] = await Promise.all([openAsOwner(), startSimulator()]);
  world = new SimulatorClient(simulator.url);
});
afterAll(async () => {
  await Promise.all([source.destroy(), owner.destroy(), simulator.close()]);
  ingress.close();
});
beforeEach(async () => {
  now = new Date();
  await world.setFaults({ rules: [] });
});

describe('registering a bot', () => {
  it('generates path and secret at random, not from the token, which the creator knows', async () => {
    const tenantId = await newTenant();
    const { id: telegramId, token } = await newBot();
    const bot = await register(tenantId, token);
    const first = await shownBy(telegramId);
    await startProcess().remove(tenantId, bot.id);
    await register(tenantId, token);
    const second = await shownBy(telegramId);
    const random = [first, second].flatMap(({ path, secret }) => [path.replace('/telegram/', ''), secret]);
    expect(new Set(random).size).toBe(4);
    for (const one of random) expect(Buffer.from(one, 'base64url')).toHaveLength(32);
  });

  it('encrypts the token, sets the webhook with a new secret, and sets the menu', async () => {
    const tenantId = await newTenant();
    const { id: telegramId, token, username } = await newBot();
    const bot = await register(tenantId, token);
    expect(bot).toMatchObject({ telegramId, username, state: 'active', tokenLast4: token.slice(-4) });

    const pathKey = await pathOf(telegramId);
    const webhook = await lastCall(telegramId, 'setWebhook');
    expect(webhook).toMatchObject({ url: `${publicUrl}/telegram/${pathKey}`, max_connections: '40' });
    expect(webhook).not.toHaveProperty('drop_pending_updates');
    expect(JSON.parse(webhook['allowed_updates'] ?? '')).toEqual(ALLOWED_UPDATES);
    const { path, secret } = await shownBy(telegramId);
    expect(path).toBe(`/telegram/${pathKey}`);
    const route = await startProcess().directory.byPath(pathKey);
    expect(route).toMatchObject({ tenantId, botId: bot.id, secretHash: sha256(secret), previousSecretHash: null });
    const menu: Array<{ command: string }> = JSON.parse(
      (await lastCall(telegramId, 'setMyCommands'))['commands'] ?? '',
    );
    expect(menu.map((it) => it.command)).toEqual(MENU_COMMANDS);
  });

  it('leaves the token nowhere in plain text', async () => {
    const tenantId = await newTenant();
    const { id, token } = await newBot();
    const bot = await register(tenantId, token);
    const [row] = await owner.query(
      'select b.*, r.* from bots b join bot_routes r on r.bot_id = b.id where b.id = $1',
      [bot.id],
    );
    const secret = token.slice(token.indexOf(':') + 1);
    expect(
      JSON.stringify(row, (_, v) => (v?.type === 'Buffer' ? Buffer.from(v.data).toString('latin1') : v)),
    ).not.toContain(secret);
    expect(JSON.stringify(bot)).not.toContain(secret);
    const open = await startProcess().directory.open(tenantId, bot.id);
    expect(open).toMatchObject({ telegramId: id, token, tenantState: 'active' });
  });

  it('is refused for a malformed token, and for one that Telegram does not know', async () => {
    const tenantId = await newTenant();
    const { id, token } = await newBot();
    await world.revokeToken(id);
    await expect(register(tenantId, 'my bot')).rejects.toThrow(TokenMalformed);
    await expect(register(tenantId, token)).rejects.toThrow(TokenRefused);
    expect(await traces(id)).toEqual({ bots: [], routes: 0 });
  });

  it('twice is refused the second time', async () => {
    const tenantId = await newTenant();
    const { id, token } = await newBot();
    await register(tenantId, token);
    await expect(register(tenantId, token)).rejects.toThrow(BotAlreadyRegistered);
    expect(await traces(id)).toEqual({ bots: ['active:true'], routes: 1 });
  });

  it('four times at once by one tenant creates one bot', async () => {
    const tenantId = await newTenant();
    const { id, token } = await newBot();
    const results = await Promise.allSettled([1, 2, 3, 4].map(() => register(tenantId, token)));
    expect(names(results).filter((name) => name === 'ok')).toHaveLength(1);
    expect(names(results).filter((name) => !/^(ok|BotAlreadyRegistered|RegistrationInProgress)$/.test(name))).toEqual(
      [],
    );
    expect(await traces(id)).toEqual({ bots: ['active:true'], routes: 1 });
  });

  it('is refused when another tenant has the bot, without a trace', async () => {
    const [holder, other] = [await newTenant(), await newTenant()];
    const { id, token } = await newBot();
    await register(holder, token);
    const refused = register(other, token, true);
    await expect(refused).rejects.toThrow(BotTaken);
    await expect(refused).rejects.not.toThrow(holder);
    expect(await traces(id)).toEqual({ bots: ['active:true'], routes: 1 });
  });

  it('by many tenants at once is won by exactly one; the others leave no rows', async () => {
    const tenants = await Promise.all(Array.from({ length: 4 }, () => newTenant()));
    const { id, token } = await newBot();
    const results = await Promise.allSettled(tenants.map((tenantId) => register(tenantId, token)));
    expect(names(results)).toEqual(['BotTaken', 'BotTaken', 'BotTaken', 'ok']);
    expect(await traces(id)).toEqual({ bots: ['active:true'], routes: 1 });
  });

  it('reports a webhook of another tool and leaves it alone, unless told to take over', async () => {
    const tenantId = await newTenant();
    const { id, token } = await newBot();
    await new Telegram({ telegramApiRoot: simulator.url }).api(token).setWebhook('https://tool.example/hook/s3cret');
    const refused = register(tenantId, token);
    await expect(refused).rejects.toThrow(ForeignWebhook);
    await expect(refused).rejects.toMatchObject({
      host: 'tool.example',
      message: expect.not.stringContaining('s3cret'),
    });
    expect(await world.webhook(id)).toMatchObject({ url: 'https://tool.example/hook/s3cret' });
    expect(await traces(id)).toEqual({ bots: [], routes: 0 });

    await register(tenantId, token, true);
    expect(await world.webhook(id)).toMatchObject({ url: `${publicUrl}/telegram/${await pathOf(id)}` });
  });

  it.each([
    ['webhook', 'setWebhook', 'error500'],
    ['webhook, whose answer is lost', 'setWebhook', 'drop_answer'],
    ['menu', 'setMyCommands', 'error500'],
  ] as const)('releases its claim when Telegram fails at the %s, and may be repeated', async (_, name, action) => {
    const tenantId = await newTenant();
    const { id, token } = await newBot();
    await world.setFaults({ rules: [{ at: 'call', action, name, botId: id, times: 1 }] });
    await expect(register(tenantId, token)).rejects.toThrow(TelegramUnavailable);
    expect(await traces(id)).toEqual({ bots: ['removed:false'], routes: 0 });
    expect(await startProcess().service.list(tenantId, 10)).toEqual([]);
    await expect(register(tenantId, token)).resolves.toMatchObject({ state: 'active' });
  });

  it('releases its claim when Telegram refuses our address', async () => {
    const tenantId = await newTenant();
    const { id, token } = await newBot();
    const misplaced = startProcess('ftp://pay.example').service;
    await expect(misplaced.register(tenantId, { token, environment: 'production', takeOver: false })).rejects.toThrow(
      TelegramSaidNo,
    );
    expect(await traces(id)).toEqual({ bots: ['removed:false'], routes: 0 });
  });

  it('distinguishes two bots with the same id in the two environments, and allows only one per environment', async () => {
    const tenantId = await newTenant();
    const { id, token } = await world.createBot({ username: 'twin_bot', name: 'Twin', environment: 'test' });
    const { service, remove } = startProcess();
    const twin = await service.register(tenantId, { token, environment: 'test', takeOver: false });
    expect(twin).toMatchObject({ telegramId: id, environment: 'test', tokenLast4: token.slice(-4) });
    const insert = (environment: string) =>
      owner.query(
        `insert into bots (tenant_id, id, environment, telegram_id, username, name, info, token_last4, state)
         values ($1, $2, $3, $4, 'twin_bot', 'Twin', '{}', '', 'removed')`,
        [tenantId, newUuid(), environment, id],
      );
    await insert('production');
    await expect(insert('test')).rejects.toThrow('bots_telegram_key');
    await remove(tenantId, twin.id);
    const again = await service.register(tenantId, { token, environment: 'test', takeOver: false });
    expect(again.id).toBe(twin.id);
  });

  it('waits a moment when Telegram asks for it', async () => {
    const tenantId = await newTenant();
    const { id, token } = await newBot();
    const rule = { at: 'call', action: 'error429', name: 'setWebhook', botId: id, times: 1, seconds: 1 } as const;
    await world.setFaults({ rules: [rule] });
    await expect(register(tenantId, token)).resolves.toMatchObject({ state: 'active' });
  });

  it('that a crash interrupted is respected for two minutes and harmless afterwards', async () => {
    const [crashed, other] = [await newTenant(), await newTenant()];
    const { id, token } = await newBot();
    const bot = await register(crashed, token);
    await owner.query("update bots set state = 'registering', updated_at = $2 where id = $1", [bot.id, now]);

    await expect(register(other, token)).rejects.toThrow(BotTaken);
    await expect(register(crashed, token)).rejects.toThrow(RegistrationInProgress);
    await expect(startProcess().service.get(crashed, bot.id)).rejects.toThrow(NotFound);
    later(CLAIM_LIFETIME);
    await register(other, token);
    expect((await traces(id)).bots.sort()).toEqual(['active:true', 'removed:false']);
  });

  it('that a crash interrupted can be repeated by the same tenant, under the same id', async () => {
    const tenantId = await newTenant();
    const { token } = await newBot();
    const bot = await register(tenantId, token);
    await owner.query("update bots set state = 'registering', updated_at = $2 where id = $1", [bot.id, now]);
    later(CLAIM_LIFETIME);
    expect(await register(tenantId, token)).toMatchObject({ id: bot.id, state: 'active' });
  });

  it('is closed to a locked workspace', async () => {
    const { token } = await newBot();
    await expect(register(await newTenant('locked'), token)).rejects.toThrow(TenantRestricted);
  });
});

describe('running a bot', () => {
  it('can be paused and resumed, each repeatedly', async () => {
    const tenantId = await newTenant();
    const { service, directory } = startProcess();
    const { id } = await service.register(tenantId, {
      token: (await newBot()).token,
      environment: 'production',
      takeOver: false,
    });
    expect(await directory.open(tenantId, id)).toMatchObject({ state: 'active' });
    await service.pause(tenantId, id);
    expect(await service.pause(tenantId, id)).toMatchObject({ state: 'paused' });
    expect(await directory.open(tenantId, id)).toMatchObject({ state: 'paused' });
    await service.resume(tenantId, id);
    expect(await service.resume(tenantId, id)).toMatchObject({ state: 'active' });
  });

  it('has texts that change one by one', async () => {
    const tenantId = await newTenant();
    const { service } = startProcess();
    const { id } = await register(tenantId, (await newBot()).token);
    await service.update(tenantId, id, { supportText: 'Write to Ada', termsText: 'No returns' });
    const bot = await service.update(tenantId, id, { termsText: null });
    expect(bot).toMatchObject({ supportText: 'Write to Ada', termsText: null });
  });

  it("reports Telegram's view of its webhook", async () => {
    const tenantId = await newTenant();
    const { service } = startProcess();
    const { token } = await newBot();
    const { id } = await register(tenantId, token);
    expect(await service.webhook(tenantId, id)).toMatchObject({
      ours: true,
      host: new URL(publicUrl).host,
      pendingUpdates: 0,
    });
    await new Telegram({ telegramApiRoot: simulator.url }).api(token).setWebhook(`${publicUrl}/telegram/old`);
    expect(await service.webhook(tenantId, id)).toMatchObject({ ours: false });
  });

  it('lists newest first, page by page', async () => {
    const tenantId = await newTenant();
    const { service } = startProcess();
    const ids: string[] = [];
    for (let i = 0; i < 3; i += 1) ids.unshift((await register(tenantId, (await newBot()).token)).id);
    const first = await service.list(tenantId, 2);
    const rest = await service.list(tenantId, 2, { after: first.at(-1)?.id });
    expect([...first, ...rest].map((bot) => bot.id)).toEqual(ids);
  });

  it('is seen by another process within five seconds', async () => {
    const tenantId = await newTenant();
    const { id } = await register(tenantId, (await newBot()).token);
    const elsewhere = startProcess();
    await elsewhere.directory.open(tenantId, id);
    await startProcess().service.pause(tenantId, id);
    expect(await elsewhere.directory.open(tenantId, id)).toMatchObject({ state: 'active' });
    later(5_000);
    expect(await elsewhere.directory.open(tenantId, id)).toMatchObject({ state: 'paused' });
  });
});

describe('rotating a token', () => {
  async function registered() {
    const tenantId = await newTenant();
    const { id: telegramId, token } = await newBot();
    const bot = await register(tenantId, token);
    const { secret: oldSecret } = await shownBy(telegramId);
    return { tenantId, telegramId, token, bot, oldSecret, ...startProcess() };
  }

  it('accepts the new token and a new secret; the old secret is valid for five more minutes', async () => {
    const { tenantId, telegramId, bot, oldSecret, service, directory } = await registered();
    const newToken = await world.revokeToken(telegramId);
    const rotated = await service.rotateToken(tenantId, bot.id, newToken);
    expect(rotated).toMatchObject({ id: bot.id, state: 'active', tokenLast4: newToken.slice(-4) });

    const { secret: newSecret } = await shownBy(telegramId);
    expect(newSecret).not.toBe(oldSecret);
    expect(await directory.byPath(await pathOf(telegramId))).toMatchObject({
      secretHash: sha256(newSecret),
      previousSecretHash: sha256(oldSecret),
      previousSecretUntil: new Date(now.getTime() + SECRET_OVERLAP),
    });
    expect(await directory.open(tenantId, bot.id)).toMatchObject({ token: newToken });
  });

  it('refuses the token of another bot, and one that is revoked', async () => {
    const { tenantId, token, telegramId, bot, service } = await registered();
    await expect(service.rotateToken(tenantId, bot.id, (await newBot()).token)).rejects.toThrow(TokenOfAnotherBot);
    await world.revokeToken(telegramId);
    await expect(service.rotateToken(tenantId, bot.id, token)).rejects.toThrow(TokenRefused);
    expect(await service.get(tenantId, bot.id)).toEqual(bot);
  });

  it('keeps both secrets when the outcome at Telegram is unknown, and may be repeated at once', async () => {
    const { tenantId, telegramId, bot, oldSecret, service, directory } = await registered();
    const newToken = await world.revokeToken(telegramId);
    const rule = { at: 'call', action: 'drop_answer', name: 'setWebhook', botId: telegramId, times: 1 } as const;
    await world.setFaults({ rules: [rule] });
    await expect(service.rotateToken(tenantId, bot.id, newToken)).rejects.toThrow(TelegramUnavailable);
    const { secret: between } = await shownBy(telegramId);
    later(30 * 24 * 3_600_000);
    const route = await directory.byPath(await pathOf(telegramId));
    expect(route).toMatchObject({ secretHash: sha256(between), previousSecretHash: sha256(oldSecret) });
    expect(route?.previousSecretUntil?.getTime()).toBeGreaterThan(now.getTime());
    await expect(service.rotateToken(tenantId, bot.id, newToken)).resolves.toMatchObject({ state: 'active' });
  });

  it('changes nothing when Telegram refuses', async () => {
    const { tenantId, telegramId, token, bot, oldSecret } = await registered();
    const before = await owner.query('select * from bot_routes where telegram_id = $1', [telegramId]);
    const misplaced = startProcess('ftp://pay.example');
    await expect(misplaced.service.rotateToken(tenantId, bot.id, token)).rejects.toThrow(TelegramSaidNo);
    expect(await owner.query('select * from bot_routes where telegram_id = $1', [telegramId])).toEqual(before);
    expect(before[0].secret_hash).toEqual(sha256(oldSecret));
    expect(await misplaced.directory.open(tenantId, bot.id)).toMatchObject({ token });
  });

  it('by two concurrent requests leaves the secret that Telegram was given last', async () => {
    const { tenantId, telegramId, token, bot, directory } = await registered();
    const results = await Promise.allSettled(
      [1, 2, 3].map(() => startProcess().service.rotateToken(tenantId, bot.id, token)),
    );
    expect(names(results)).toContain('ok');
    const { secret } = await shownBy(telegramId);
    expect(await directory.byPath(await pathOf(telegramId))).toMatchObject({ secretHash: sha256(secret) });
  });

  it('reactivates a bot with an invalid token, and leaves a paused one paused', async () => {
    const { tenantId, telegramId, bot, token, service } = await registered();
    await service.pause(tenantId, bot.id);
    expect(await service.rotateToken(tenantId, bot.id, token)).toMatchObject({ state: 'paused' });
    await db.inTenant(tenantId, (tx) => service.markTokenInvalid(tx, bot.id, token));
    const newToken = await world.revokeToken(telegramId);
    expect(await service.rotateToken(tenantId, bot.id, newToken)).toMatchObject({ state: 'active' });
  });

  it('makes jobs that waited for a token due, and other processes see within a second that the bot works again', async () => {
    const { tenantId, telegramId, bot, token, service } = await registered();
    const worker = startProcess().directory;
    await db.inTenant(tenantId, (tx) => service.markTokenInvalid(tx, bot.id, token));
    expect(await worker.open(tenantId, bot.id)).toMatchObject({ state: 'token_invalid' });
    const lateJob = `insert into jobs (tenant_id, kind, subject, queue, waits_for, due_at) values ($1, $2, $3, 'delivery', $4, now() + '1 hour')`;
    await owner.query(lateJob, [tenantId, 'order.deliver', newUuid(), 'token']);
    await owner.query(lateJob, [tenantId, 'refund.notify', newUuid(), 'lifting']);
    await service.rotateToken(tenantId, bot.id, await world.revokeToken(telegramId));
    const due = `select kind from jobs where tenant_id = $1 and kind <> 'bot.menu' and due_at <= now()`;
    expect(await owner.query(due, [tenantId])).toEqual([{ kind: 'order.deliver' }]);
    later(1_000);
    expect(await worker.open(tenantId, bot.id)).toMatchObject({ state: 'active' });
  });
});

describe('a token that Telegram refuses', () => {
  it('is recorded once, with one event, however many processes notice', async () => {
    const tenantId = await newTenant();
    const { token } = await newBot();
    const { id } = await register(tenantId, token);
    const { service } = startProcess();
    await Promise.all([1, 2, 3, 4].map(() => db.inTenant(tenantId, (tx) => service.markTokenInvalid(tx, id, token))));
    expect(await service.get(tenantId, id)).toMatchObject({ state: 'token_invalid' });
    const sql = `select type, data, previous from events where tenant_id = $1 and type <> 'bot.registered'`;
    expect(await owner.query(sql, [tenantId])).toMatchObject([
      { type: 'bot.token_invalid', data: { object: 'bot', state: 'token_invalid' }, previous: { state: 'active' } },
    ]);
    await expect(service.resume(tenantId, id)).rejects.toThrow(BotNotInState);
  });

  it('is ignored when it was replaced meanwhile', async () => {
    const tenantId = await newTenant();
    const { id: telegramId, token } = await newBot();
    const { id } = await register(tenantId, token);
    const { service } = startProcess();
    await service.rotateToken(tenantId, id, await world.revokeToken(telegramId));
    await db.inTenant(tenantId, (tx) => service.markTokenInvalid(tx, id, token));
    expect(await service.get(tenantId, id)).toMatchObject({ state: 'active' });
  });
});

describe('removing a bot', () => {
  it('deletes token, route and webhook, and may be repeated', async () => {
    const tenantId = await newTenant();
    const { id: telegramId, token } = await newBot();
    const { service, directory, remove } = startProcess();
    const { id } = await service.register(tenantId, { token, environment: 'production', takeOver: false });
    const pathKey = await pathOf(telegramId);
    await directory.byPath(pathKey);
    await remove(tenantId, id);
    await remove(tenantId, id);
    expect(await traces(telegramId)).toEqual({ bots: ['removed:false'], routes: 0 });
    expect(await world.webhook(telegramId)).toMatchObject({ url: '' });
    expect(await directory.byPath(pathKey)).toBeUndefined();
    expect(await directory.open(tenantId, id)).toBeUndefined();
    expect(await service.list(tenantId, 10)).toEqual([]);
    expect(await service.get(tenantId, id)).toMatchObject({ state: 'removed' });
    await expect(service.pause(tenantId, id)).rejects.toThrow(BotNotInState);
    await expect(service.rotateToken(tenantId, id, token)).rejects.toThrow(BotNotInState);
    await expect(service.webhook(tenantId, id)).rejects.toThrow(BotNotInState);
    await expect(service.renewWebhook(tenantId, id)).rejects.toThrow(BotNotInState);
  });

  it('deletes nothing before Telegram has released the bot, and continues after a failure', async () => {
    const tenantId = await newTenant();
    const { id: telegramId, token } = await newBot();
    const { id } = await register(tenantId, token);
    await world.setFaults({ rules: [{ at: 'call', action: 'error500', name: 'deleteWebhook', botId: telegramId }] });
    await expect(startProcess().remove(tenantId, id)).rejects.toThrow(TelegramUnavailable);
    expect(await traces(telegramId)).toEqual({ bots: ['removing:true'], routes: 1 });
    await world.setFaults({ rules: [] });
    await startProcess().remove(tenantId, id);
    expect(await traces(telegramId)).toEqual({ bots: ['removed:false'], routes: 0 });
  });

  it('does not touch the webhook of another tool, or anything when the token is refused', async () => {
    const [tenantId, other] = [await newTenant(), await newBot()];
    const moved = await newBot();
    const { id } = await register(tenantId, moved.token);
    await new Telegram({ telegramApiRoot: simulator.url }).api(moved.token).setWebhook('https://tool.example/hook');
    await startProcess().remove(tenantId, id);
    expect(await world.webhook(moved.id)).toMatchObject({ url: 'https://tool.example/hook' });
    const revoked = await register(tenantId, other.token);
    await world.revokeToken(other.id);
    await startProcess().remove(tenantId, revoked.id);
    expect(await traces(other.id)).toEqual({ bots: ['removed:false'], routes: 0 });
  });

  it('sells nothing from its first step on, and accepts a new token until its last', async () => {
    const tenantId = await newTenant();
    const { id: telegramId, token } = await newBot();
    const { service, directory, remove } = startProcess();
    const { id } = await service.register(tenantId, { token, environment: 'production', takeOver: false });
    await owner.query(
      `update bots set state = 'removing', removing_since = now(), token_refused_at = now() where id = $1`,
      [id],
    );
    expect(await directory.open(tenantId, id)).toMatchObject({ state: 'token_invalid' });
    await expect(service.resume(tenantId, id)).rejects.toThrow(BotNotInState);
    await expect(service.register(tenantId, { token, environment: 'production', takeOver: false })).rejects.toThrow(
      BotNotInState,
    );
    expect(await service.rotateToken(tenantId, id, await world.revokeToken(telegramId))).toMatchObject({
      state: 'removing',
      tokenRefusedAt: null,
    });
    expect(
      await owner.query('select kind from jobs where subject = $1 and kind = $2', [id, 'bot.remove']),
    ).toHaveLength(1);
    await remove(tenantId, id);
  });

  it('frees it for another tenant, and revives it under its old id for the same one', async () => {
    const [ada, bob] = [await newTenant(), await newTenant()];
    const { token } = await newBot();
    const { remove } = startProcess();
    const first = await register(ada, token);
    await remove(ada, first.id);
    const theirs = await register(bob, token);
    await expect(register(ada, token)).rejects.toThrow(BotTaken);
    await remove(bob, theirs.id);
    expect(await register(ada, token)).toMatchObject({ id: first.id, state: 'active' });
  });
});

describe('another tenant', () => {
  it('cannot see, change, pause, rotate, inspect or remove a bot', async () => {
    const [holder, other] = [await newTenant(), await newTenant()];
    const { id: telegramId, token } = await newBot();
    const bot = await register(holder, token);
    const { service, directory, remove } = startProcess();
    const tries = [
      service.get(other, bot.id),
      service.update(other, bot.id, { supportText: 'Pay me instead' }),
      service.pause(other, bot.id),
      service.resume(other, bot.id),
      service.rotateToken(other, bot.id, token),
      service.webhook(other, bot.id),
      remove(other, bot.id),
    ];
    expect(names(await Promise.allSettled(tries))).toEqual(tries.map(() => 'NotFound'));
    await db.inTenant(other, (tx) => service.markTokenInvalid(tx, bot.id, token));
    expect(await service.list(other, 10)).toEqual([]);
    expect(await directory.open(other, bot.id)).toBeUndefined();
    expect(await service.get(holder, bot.id)).toEqual(bot);
    expect(await traces(telegramId)).toEqual({ bots: ['active:true'], routes: 1 });
  });
});

describe('the history of a bot', () => {
  it('is reported by events, each once and with the former values, never with its token', async () => {
    const tenantId = await newTenant();
    const { id: telegramId, token } = await newBot();
    const { service, remove } = startProcess();
    const { id } = await register(tenantId, token);
    for (let times = 0; times < 2; times += 1) await service.pause(tenantId, id);
    await service.resume(tenantId, id);
    await service.update(tenantId, id, { termsText: 'Be kind.' });
    const newToken = await world.revokeToken(telegramId);
    await service.rotateToken(tenantId, id, newToken);
    for (let times = 0; times < 2; times += 1) await remove(tenantId, id);
    const told = await db.inTenant(tenantId, (tx) => new EventStore().list(tx, { limit: 20 }));
    expect(told.map((event) => [event.type, event.previous]).toReversed()).toEqual([
      ['bot.registered', null],
      ['bot.paused', { state: 'active' }],
      ['bot.resumed', { state: 'paused' }],
      ['bot.updated', { terms_text: null }],
      ['bot.token_rotated', { token_last4: token.slice(-4) }],
      ['bot.removing', { state: 'active' }],
      ['bot.removed', { state: 'removing' }],
    ]);
    for (const secret of [token, newToken]) expect(JSON.stringify(told)).not.toContain(secret);
  });

  it('of one that could not be connected is empty', async () => {
    const tenantId = await newTenant();
    await expect(register(tenantId, '123456789:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA')).rejects.toThrow(TokenRefused);
    expect(await db.inTenant(tenantId, (tx) => new EventStore().list(tx, { limit: 20 }))).toEqual([]);
  });
});
