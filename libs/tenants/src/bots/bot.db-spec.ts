import { EventStore } from '#libs/journal';
import { newUuid } from '#libs/kernel';
import { Telegram } from '#libs/telegram';
import { botWorks, names } from '../../../../test/support/bot-works.js';
import { eventually } from '../../../../test/support/eventually.js';
import {
  BotNotInState,
  BotTaken,
  TelegramSaidNo,
  TelegramUnavailable,
  TokenOfAnotherBot,
  TokenRefused,
} from './bot-refusals.js';
import { SECRET_OVERLAP } from './bot.js';
import { sha256 } from '../secret.js';

const on = botWorks();
const { later, startProcess, newTenant, newBot, register, traces, shownBy, pathOf } = on;

describe('a running bot', () => {
  it('can be paused and resumed repeatedly', async () => {
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

  it('has texts that can be changed one by one', async () => {
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
      host: new URL(on.publicUrl).host,
      pendingUpdates: 0,
    });
    await new Telegram({ telegramApiRoot: on.simulator.url }).api(token).setWebhook(`${on.publicUrl}/telegram/old`);
    expect(await service.webhook(tenantId, id)).toMatchObject({ ours: false });
  });

  it('is listed newest first, page by page', async () => {
    const tenantId = await newTenant();
    const { service } = startProcess();
    const ids: string[] = [];
    for (let i = 0; i < 3; i += 1) ids.unshift((await register(tenantId, (await newBot()).token)).id);
    const first = await service.list(tenantId, 2);
    const rest = await service.list(tenantId, 2, { after: first.at(-1)?.id });
    expect([...first, ...rest].map((bot) => bot.id)).toEqual(ids);
  });

  it('is updated in another process within five seconds', async () => {
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

  it('accepts the new token and a new secret, and keeps the old secret valid for five minutes', async () => {
    const { tenantId, telegramId, bot, oldSecret, service, directory } = await registered();
    const newToken = await on.world.revokeToken(telegramId);
    const rotated = await service.rotateToken(tenantId, bot.id, newToken);
    expect(rotated).toMatchObject({ id: bot.id, state: 'active', tokenLast4: newToken.slice(-4) });

    const { secret: newSecret } = await shownBy(telegramId);
    expect(newSecret).not.toBe(oldSecret);
    expect(await directory.byPath(await pathOf(telegramId))).toMatchObject({
      secretHash: sha256(newSecret),
      previousSecretHash: sha256(oldSecret),
      previousSecretUntil: new Date(on.now.getTime() + SECRET_OVERLAP),
    });
    expect(await directory.open(tenantId, bot.id)).toMatchObject({ token: newToken });
  });

  it.each([
    ['succeeds', undefined],
    ['fails', 'ftp://pay.example'],
  ])('is visible at once in its own process while Telegram is called, and when that %s', async (_, address) => {
    const { tenantId, telegramId, token, bot } = await registered();
    const { service, directory } = startProcess(address);
    const rule = { at: 'call', action: 'delay', name: 'setWebhook', botId: telegramId, seconds: 60, times: 1 } as const;
    await on.world.setFaults({ rules: [rule] });
    const path = await pathOf(telegramId);
    const before = await directory.byPath(path);
    const rotation = service.rotateToken(tenantId, bot.id, token).catch((error: unknown) => error);
    await eventually('the call', async () => (await on.world.faults())[0]?.struck === 1);
    const between = await directory.byPath(path);
    expect(between?.secretHash).not.toEqual(before?.secretHash);
    expect(between?.previousSecretHash).toEqual(before?.secretHash);
    await on.world.advance(60);
    const ended = await rotation;
    if (address === undefined)
      expect([ended, await directory.byPath(path)]).toMatchObject([
        { state: 'active' },
        { secretHash: between?.secretHash, previousSecretUntil: new Date(on.now.getTime() + SECRET_OVERLAP) },
      ]);
    else expect([ended, await directory.byPath(path)]).toEqual([expect.any(TelegramSaidNo), before]);
  });

  it('leaves no webhook behind if the bot is removed meanwhile', async () => {
    const { tenantId, telegramId, token, bot, service } = await registered();
    const rule = { at: 'call', action: 'delay', name: 'setWebhook', botId: telegramId, seconds: 60, times: 1 } as const;
    await on.world.setFaults({ rules: [rule] });
    const rotation = service.rotateToken(tenantId, bot.id, token).catch((error: unknown) => error);
    await eventually('the call', async () => (await on.world.faults())[0]?.struck === 1);
    await startProcess().remove(tenantId, bot.id);
    await on.world.advance(60);
    expect(await rotation).toBeInstanceOf(BotNotInState);
    expect(await on.world.webhook(telegramId)).toMatchObject({ url: '' });
  });

  it('refuses the token of another bot and a revoked one', async () => {
    const { tenantId, token, telegramId, bot, service } = await registered();
    await expect(service.rotateToken(tenantId, bot.id, (await newBot()).token)).rejects.toThrow(TokenOfAnotherBot);
    await on.world.revokeToken(telegramId);
    await expect(service.rotateToken(tenantId, bot.id, token)).rejects.toThrow(TokenRefused);
    expect(await service.get(tenantId, bot.id)).toEqual(bot);
  });

  it('keeps both secrets when the outcome at Telegram is unknown, and can be repeated at once', async () => {
    const { tenantId, telegramId, bot, oldSecret, service, directory } = await registered();
    const newToken = await on.world.revokeToken(telegramId);
    const rule = { at: 'call', action: 'drop_answer', name: 'setWebhook', botId: telegramId, times: 1 } as const;
    await on.world.setFaults({ rules: [rule] });
    await expect(service.rotateToken(tenantId, bot.id, newToken)).rejects.toThrow(TelegramUnavailable);
    const { secret: between } = await shownBy(telegramId);
    later(30 * 24 * 3_600_000);
    const route = await directory.byPath(await pathOf(telegramId));
    expect(route).toMatchObject({ secretHash: sha256(between), previousSecretHash: sha256(oldSecret) });
    expect(route?.previousSecretUntil?.getTime()).toBeGreaterThan(on.now.getTime());
    await expect(service.rotateToken(tenantId, bot.id, newToken)).resolves.toMatchObject({ state: 'active' });
  });

  it('changes nothing when Telegram refuses', async () => {
    const { tenantId, telegramId, token, bot, oldSecret } = await registered();
    const before = await on.owner.query('select * from bot_routes where telegram_id = $1', [telegramId]);
    const misplaced = startProcess('ftp://pay.example');
    await expect(misplaced.service.rotateToken(tenantId, bot.id, token)).rejects.toThrow(TelegramSaidNo);
    expect(await on.owner.query('select * from bot_routes where telegram_id = $1', [telegramId])).toEqual(before);
    expect(before[0].secret_hash).toEqual(sha256(oldSecret));
    expect(await misplaced.directory.open(tenantId, bot.id)).toMatchObject({ token });
  });

  it('ends with the secret that Telegram got last when requests are concurrent', async () => {
    const { tenantId, telegramId, token, bot, directory } = await registered();
    const results = await Promise.allSettled(
      [1, 2, 3].map(() => startProcess().service.rotateToken(tenantId, bot.id, token)),
    );
    expect(names(results)).toContain('ok');
    const { secret } = await shownBy(telegramId);
    expect(await directory.byPath(await pathOf(telegramId))).toMatchObject({ secretHash: sha256(secret) });
  });

  it('reactivates a bot with an invalid token, but not a paused one', async () => {
    const { tenantId, telegramId, bot, token, service } = await registered();
    await service.pause(tenantId, bot.id);
    expect(await service.rotateToken(tenantId, bot.id, token)).toMatchObject({ state: 'paused' });
    await on.db.inTenant(tenantId, (tx) => service.markTokenInvalid(tx, bot.id, token));
    const newToken = await on.world.revokeToken(telegramId);
    expect(await service.rotateToken(tenantId, bot.id, newToken)).toMatchObject({ state: 'active' });
  });

  it('makes jobs that waited for a token due, and reactivates the bot in other processes within a second', async () => {
    const { tenantId, telegramId, bot, token, service } = await registered();
    const worker = startProcess().directory;
    await on.db.inTenant(tenantId, (tx) => service.markTokenInvalid(tx, bot.id, token));
    expect(await worker.open(tenantId, bot.id)).toMatchObject({ state: 'token_invalid' });
    const lateJob = `insert into jobs (tenant_id, kind, subject, queue, waits_for, due_at) values ($1, $2, $3, 'delivery', $4, now() + '1 hour')`;
    await on.owner.query(lateJob, [tenantId, 'order.deliver', newUuid(), 'token']);
    await on.owner.query(lateJob, [tenantId, 'refund.notify', newUuid(), 'lifting']);
    await service.rotateToken(tenantId, bot.id, await on.world.revokeToken(telegramId));
    const due = `select kind from jobs where tenant_id = $1 and kind <> 'bot.menu' and due_at <= now()`;
    expect(await on.owner.query(due, [tenantId])).toEqual([{ kind: 'order.deliver' }]);
    later(1_000);
    expect(await worker.open(tenantId, bot.id)).toMatchObject({ state: 'active' });
  });
});

describe('a token that Telegram refuses', () => {
  it('is recorded once, with one event, however many processes notice it', async () => {
    const tenantId = await newTenant();
    const { token } = await newBot();
    const { id } = await register(tenantId, token);
    const { service } = startProcess();
    await Promise.all(
      [1, 2, 3, 4].map(() => on.db.inTenant(tenantId, (tx) => service.markTokenInvalid(tx, id, token))),
    );
    expect(await service.get(tenantId, id)).toMatchObject({ state: 'token_invalid' });
    const sql = `select type, data, previous from events where tenant_id = $1 and type <> 'bot.registered'`;
    expect(await on.owner.query(sql, [tenantId])).toMatchObject([
      { type: 'bot.token_invalid', data: { object: 'bot', state: 'token_invalid' }, previous: { state: 'active' } },
    ]);
    await expect(service.resume(tenantId, id)).rejects.toThrow(BotNotInState);
  });

  it('is ignored if it was replaced meanwhile', async () => {
    const tenantId = await newTenant();
    const { id: telegramId, token } = await newBot();
    const { id } = await register(tenantId, token);
    const { service } = startProcess();
    await service.rotateToken(tenantId, id, await on.world.revokeToken(telegramId));
    await on.db.inTenant(tenantId, (tx) => service.markTokenInvalid(tx, id, token));
    expect(await service.get(tenantId, id)).toMatchObject({ state: 'active' });
  });
});

describe('removing a bot', () => {
  it('deletes the token, the route and the webhook, and can be repeated', async () => {
    const tenantId = await newTenant();
    const { id: telegramId, token } = await newBot();
    const { service, directory, remove } = startProcess();
    const { id } = await service.register(tenantId, { token, environment: 'production', takeOver: false });
    const pathKey = await pathOf(telegramId);
    await directory.byPath(pathKey);
    await remove(tenantId, id);
    await remove(tenantId, id);
    expect(await traces(telegramId)).toEqual({ bots: ['removed:false'], routes: 0 });
    expect(await on.world.webhook(telegramId)).toMatchObject({ url: '' });
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
    await on.world.setFaults({ rules: [{ at: 'call', action: 'error500', name: 'deleteWebhook', botId: telegramId }] });
    await expect(startProcess().remove(tenantId, id)).rejects.toThrow(TelegramUnavailable);
    expect(await traces(telegramId)).toEqual({ bots: ['removing:true'], routes: 1 });
    await on.world.setFaults({ rules: [] });
    await startProcess().remove(tenantId, id);
    expect(await traces(telegramId)).toEqual({ bots: ['removed:false'], routes: 0 });
  });

  it('does not touch the webhook of another tool, and succeeds with a refused token', async () => {
    const [tenantId, other] = [await newTenant(), await newBot()];
    const moved = await newBot();
    const { id } = await register(tenantId, moved.token);
    await new Telegram({ telegramApiRoot: on.simulator.url }).api(moved.token).setWebhook('https://tool.example/hook');
    await startProcess().remove(tenantId, id);
    expect(await on.world.webhook(moved.id)).toMatchObject({ url: 'https://tool.example/hook' });
    const revoked = await register(tenantId, other.token);
    await on.world.revokeToken(other.id);
    await startProcess().remove(tenantId, revoked.id);
    expect(await traces(other.id)).toEqual({ bots: ['removed:false'], routes: 0 });
  });

  it('stops sales from its first step on, and accepts a new token until its last', async () => {
    const tenantId = await newTenant();
    const { id: telegramId, token } = await newBot();
    const { service, directory, remove } = startProcess();
    const { id } = await service.register(tenantId, { token, environment: 'production', takeOver: false });
    await on.owner.query(
      `update bots set state = 'removing', removing_since = now(), token_refused_at = now() where id = $1`,
      [id],
    );
    expect(await directory.open(tenantId, id)).toMatchObject({ state: 'token_invalid' });
    await expect(service.resume(tenantId, id)).rejects.toThrow(BotNotInState);
    await expect(service.register(tenantId, { token, environment: 'production', takeOver: false })).rejects.toThrow(
      BotNotInState,
    );
    expect(await service.rotateToken(tenantId, id, await on.world.revokeToken(telegramId))).toMatchObject({
      state: 'removing',
      tokenRefusedAt: null,
    });
    expect(
      await on.owner.query('select kind from jobs where subject = $1 and kind = $2', [id, 'bot.remove']),
    ).toHaveLength(1);
    await remove(tenantId, id);
  });

  it('frees the bot for another tenant, and revives it under its old id for the same one', async () => {
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
    await on.db.inTenant(other, (tx) => service.markTokenInvalid(tx, bot.id, token));
    expect(await service.list(other, 10)).toEqual([]);
    expect(await directory.open(other, bot.id)).toBeUndefined();
    expect(await service.get(holder, bot.id)).toEqual(bot);
    expect(await traces(telegramId)).toEqual({ bots: ['active:true'], routes: 1 });
  });
});

describe('the history of a bot', () => {
  it('is reported by events, each once with the previous values and without the token', async () => {
    const tenantId = await newTenant();
    const { id: telegramId, token } = await newBot();
    const { service, remove } = startProcess();
    const { id } = await register(tenantId, token);
    for (let times = 0; times < 2; times += 1) await service.pause(tenantId, id);
    await service.resume(tenantId, id);
    await service.update(tenantId, id, { termsText: 'Be kind.' });
    const newToken = await on.world.revokeToken(telegramId);
    await service.rotateToken(tenantId, id, newToken);
    for (let times = 0; times < 2; times += 1) await remove(tenantId, id);
    const told = await on.db.inTenant(tenantId, (tx) => new EventStore().list(tx, { limit: 20 }));
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

  it('is empty for a bot that could not be connected', async () => {
    const tenantId = await newTenant();
    await expect(register(tenantId, '123456789:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA')).rejects.toThrow(TokenRefused);
    expect(await on.db.inTenant(tenantId, (tx) => new EventStore().list(tx, { limit: 20 }))).toEqual([]);
  });
});
