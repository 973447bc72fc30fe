import { newUuid, NotFound } from '#libs/kernel';
import { Telegram } from '#libs/telegram';
import { MENU_COMMANDS } from '#libs/texts';
import { botWorks, names } from '../../../../test/support/bot-works.js';
import {
  BotAlreadyRegistered,
  BotTaken,
  ForeignWebhook,
  RegistrationInProgress,
  TelegramSaidNo,
  TelegramUnavailable,
  TokenMalformed,
  TokenRefused,
} from './bot-refusals.js';
import { ALLOWED_UPDATES, CLAIM_LIFETIME } from './bot.js';
import { TenantRestricted } from '../workspace/tenant.js';
import { sha256 } from '../secret.js';

const on = botWorks();
const { later, startProcess, newTenant, newBot, register, traces, lastCall, shownBy, pathOf } = on;

describe('registering a bot', () => {
  it('generates the path and the secret at random, not from the token', async () => {
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
    expect(webhook).toMatchObject({ url: `${on.publicUrl}/telegram/${pathKey}`, max_connections: '40' });
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

  it('stores the token nowhere in plain text', async () => {
    const tenantId = await newTenant();
    const { id, token } = await newBot();
    const bot = await register(tenantId, token);
    const [row] = await on.owner.query(
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

  it('is refused for a malformed or unknown token', async () => {
    const tenantId = await newTenant();
    const { id, token } = await newBot();
    await on.world.revokeToken(id);
    await expect(register(tenantId, 'my bot')).rejects.toThrow(TokenMalformed);
    await expect(register(tenantId, token)).rejects.toThrow(TokenRefused);
    expect(await traces(id)).toEqual({ bots: [], routes: 0 });
  });

  it('is refused the second time', async () => {
    const tenantId = await newTenant();
    const { id, token } = await newBot();
    await register(tenantId, token);
    await expect(register(tenantId, token)).rejects.toThrow(BotAlreadyRegistered);
    expect(await traces(id)).toEqual({ bots: ['active:true'], routes: 1 });
  });

  it('creates one bot for concurrent requests of one tenant', async () => {
    const tenantId = await newTenant();
    const { id, token } = await newBot();
    const results = await Promise.allSettled([1, 2, 3, 4].map(() => register(tenantId, token)));
    expect(names(results).filter((name) => name === 'ok')).toHaveLength(1);
    expect(names(results).filter((name) => !/^(ok|BotAlreadyRegistered|RegistrationInProgress)$/.test(name))).toEqual(
      [],
    );
    expect(await traces(id)).toEqual({ bots: ['active:true'], routes: 1 });
  });

  it('is refused if another tenant has the bot, and leaves no trace', async () => {
    const [holder, other] = [await newTenant(), await newTenant()];
    const { id, token } = await newBot();
    await register(holder, token);
    const refused = register(other, token, true);
    await expect(refused).rejects.toThrow(BotTaken);
    await expect(refused).rejects.not.toThrow(holder);
    expect(await traces(id)).toEqual({ bots: ['active:true'], routes: 1 });
  });

  it('is won by exactly one of several concurrent tenants; the others leave no rows', async () => {
    const tenants = await Promise.all(Array.from({ length: 4 }, () => newTenant()));
    const { id, token } = await newBot();
    const results = await Promise.allSettled(tenants.map((tenantId) => register(tenantId, token)));
    expect(names(results)).toEqual(['BotTaken', 'BotTaken', 'BotTaken', 'ok']);
    expect(await traces(id)).toEqual({ bots: ['active:true'], routes: 1 });
  });

  it('reports a webhook of another tool and leaves it alone, unless asked to take over', async () => {
    const tenantId = await newTenant();
    const { id, token } = await newBot();
    await new Telegram({ telegramApiRoot: on.simulator.url }).api(token).setWebhook('https://tool.example/hook/s3cret');
    const refused = register(tenantId, token);
    await expect(refused).rejects.toThrow(ForeignWebhook);
    await expect(refused).rejects.toMatchObject({
      host: 'tool.example',
      message: expect.not.stringContaining('s3cret'),
    });
    expect(await on.world.webhook(id)).toMatchObject({ url: 'https://tool.example/hook/s3cret' });
    expect(await traces(id)).toEqual({ bots: [], routes: 0 });

    await register(tenantId, token, true);
    expect(await on.world.webhook(id)).toMatchObject({ url: `${on.publicUrl}/telegram/${await pathOf(id)}` });
  });

  it.each([
    ['webhook', 'setWebhook', 'error500'],
    ['webhook, whose answer is lost', 'setWebhook', 'drop_answer'],
    ['menu', 'setMyCommands', 'error500'],
  ] as const)('releases its claim when Telegram fails at the %s, and can be repeated', async (_, name, action) => {
    const tenantId = await newTenant();
    const { id, token } = await newBot();
    await on.world.setFaults({ rules: [{ at: 'call', action, name, botId: id, times: 1 }] });
    await expect(register(tenantId, token)).rejects.toThrow(TelegramUnavailable);
    expect(await traces(id)).toEqual({ bots: ['removed:false'], routes: 0 });
    expect(await startProcess().service.list(tenantId, 10)).toEqual([]);
    await expect(register(tenantId, token)).resolves.toMatchObject({ state: 'active' });
  });

  it('leaves no webhook behind when only the menu fails', async () => {
    const { id, token } = await newBot();
    await on.world.setFaults({
      rules: [{ at: 'call', action: 'error500', name: 'setMyCommands', botId: id, times: 1 }],
    });
    await expect(register(await newTenant(), token)).rejects.toThrow(TelegramUnavailable);
    expect(await on.world.webhook(id)).toMatchObject({ url: '' });
  });

  it('keeps the webhook of another tool when Telegram refuses our address', async () => {
    const { id, token } = await newBot();
    await new Telegram({ telegramApiRoot: on.simulator.url }).api(token).setWebhook('https://tool.example/hook');
    const misplaced = startProcess('ftp://pay.example').service;
    const taken = misplaced.register(await newTenant(), { token, environment: 'production', takeOver: true });
    await expect(taken).rejects.toThrow(TelegramSaidNo);
    expect(await on.world.webhook(id)).toMatchObject({ url: 'https://tool.example/hook' });
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

  it('distinguishes bots with the same id in the two environments, and allows only one per environment', async () => {
    const tenantId = await newTenant();
    const { id, token } = await on.world.createBot({ username: 'twin_bot', name: 'Twin', environment: 'test' });
    const { service, remove } = startProcess();
    const twin = await service.register(tenantId, { token, environment: 'test', takeOver: false });
    expect(twin).toMatchObject({ telegramId: id, environment: 'test', tokenLast4: token.slice(-4) });
    const insert = (environment: string) =>
      on.owner.query(
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

  it('waits briefly when Telegram asks for it', async () => {
    const tenantId = await newTenant();
    const { id, token } = await newBot();
    const rule = { at: 'call', action: 'error429', name: 'setWebhook', botId: id, times: 1, seconds: 1 } as const;
    await on.world.setFaults({ rules: [rule] });
    await expect(register(tenantId, token)).resolves.toMatchObject({ state: 'active' });
  });

  it('interrupted by a crash is respected for two minutes, and harmless afterwards', async () => {
    const [crashed, other] = [await newTenant(), await newTenant()];
    const { id, token } = await newBot();
    const bot = await register(crashed, token);
    await on.owner.query("update bots set state = 'registering', updated_at = $2 where id = $1", [bot.id, on.now]);

    await expect(register(other, token)).rejects.toThrow(BotTaken);
    await expect(register(crashed, token)).rejects.toThrow(RegistrationInProgress);
    await expect(startProcess().service.get(crashed, bot.id)).rejects.toThrow(NotFound);
    later(CLAIM_LIFETIME);
    await register(other, token);
    expect((await traces(id)).bots.sort()).toEqual(['active:true', 'removed:false']);
  });

  it('interrupted by a crash can be repeated by the same tenant, under the same id', async () => {
    const tenantId = await newTenant();
    const { token } = await newBot();
    const bot = await register(tenantId, token);
    await on.owner.query("update bots set state = 'registering', updated_at = $2 where id = $1", [bot.id, on.now]);
    later(CLAIM_LIFETIME);
    expect(await register(tenantId, token)).toMatchObject({ id: bot.id, state: 'active' });
  });

  it('repeated after a crash is visible at once in its own process', async () => {
    const [tenantId, { token }, { service, directory }] = [await newTenant(), await newBot(), startProcess()];
    const bot = await register(tenantId, token);
    await on.owner.query("update bots set state = 'registering', updated_at = $2 where id = $1", [bot.id, on.now]);
    later(CLAIM_LIFETIME);
    expect(await directory.open(tenantId, bot.id)).toMatchObject({ state: 'registering' });
    await service.register(tenantId, { token, environment: 'production', takeOver: false });
    expect(await directory.open(tenantId, bot.id)).toMatchObject({ state: 'active' });
  });

  it('is refused in a locked workspace', async () => {
    const { token } = await newBot();
    await expect(register(await newTenant('locked'), token)).rejects.toThrow(TenantRestricted);
  });
});
