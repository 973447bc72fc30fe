import { eventually, invoice, openStage, type Stage, until, WebhookReceiver } from './support.js';

let stage: Stage;
let receiver: WebhookReceiver;
let url: string;

beforeEach(async () => {
  stage = await openStage();
  receiver = new WebhookReceiver();
  url = await receiver.listen();
  await stage.call('setWebhook', { url, drop_pending_updates: true, secret_token: 'hush' });
});
afterEach(async () => {
  await stage.close();
  await receiver.close();
});

const texts = () => receiver.received.map(({ update }) => (update['message'] as { text?: string } | undefined)?.text);

describe('webhook delivery', () => {
  it('includes the secret, and ids that increase by one', async () => {
    await stage.client.sendText(stage.chat, 'one');
    await stage.client.sendText(stage.chat, 'two');
    await until(() => receiver.received.length === 2, 'both updates');
    expect(receiver.received[0]?.headers).toMatchObject({
      'x-telegram-bot-api-secret-token': 'hush',
      'content-type': 'application/json',
    });
    const [first, second] = receiver.received;
    expect((second?.update.update_id ?? 0) - (first?.update.update_id ?? 0)).toBe(1);
  });

  it("has one update in flight per chat, while other chats and the same chat's checkout continue", async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    receiver.respond = async (update) => {
      if ((update['message'] as { text?: string } | undefined)?.text === 'slow') await held;
      return { status: 200 };
    };
    const { client, chat, call, bot } = stage;
    const bob = await client.createUser({ first_name: 'Bob' });
    await client.topUp(chat.userId, 50);
    const sent = await call('sendInvoice', invoice(chat.userId));
    await client.sendText(chat, 'slow');
    await client.sendText(chat, 'after slow');
    await client.sendText({ botId: bot.id, userId: bob.id }, 'from bob');
    const payment = client.payMessage(chat, (sent.result as { message_id: number }).message_id);
    const query = await until(() => receiver.received.find(({ update }) => update['pre_checkout_query']), 'the query');
    await until(() => texts().includes('from bob'), 'the other chat');
    expect(texts()).not.toContain('after slow');
    await call('answerPreCheckoutQuery', {
      pre_checkout_query_id: (query.update['pre_checkout_query'] as { id: string }).id,
      ok: true,
    });
    expect(await payment).toMatchObject({ status: 'paid' });
    release();
    await until(() => texts().includes('after slow'), 'the rest of the chat');
  });

  it('is repeated in order until it is answered with 2xx, and failures are shown in getWebhookInfo', async () => {
    let failures = 3;
    receiver.respond = () => Promise.resolve(failures-- > 0 ? { status: 500 } : { status: 204 });
    await stage.client.sendText(stage.chat, 'one');
    await stage.client.sendText(stage.chat, 'two');
    await until(() => receiver.received.length === 2, 'two attempts');
    expect(await stage.call('getWebhookInfo')).toMatchObject({
      result: {
        url,
        pending_update_count: 2,
        last_error_message: 'Wrong response from the webhook: 500 Internal Server Error',
        max_connections: 40,
      },
    });
    await until(() => receiver.received.length === 5, 'all attempts');
    expect(texts()).toEqual(['one', 'one', 'one', 'one', 'two']);
    await eventually(
      () => stage.client.webhook(stage.bot.id),
      ({ pendingUpdates }) => pendingUpdates === 0,
    );
    expect((await stage.client.deliveries(stage.bot.id)).map(({ attempt, status }) => [attempt, status])).toEqual([
      [1, 500],
      [2, 500],
      [3, 500],
      [4, 204],
      [1, 204],
    ]);
  });

  it('does not follow redirects', async () => {
    receiver.respond = () => Promise.resolve({ status: 302, headers: { location: url } });
    await stage.client.sendText(stage.chat, 'one');
    const info = await eventually(
      () => stage.call('getWebhookInfo'),
      ({ result }) => (result as { last_error_message?: string }).last_error_message !== undefined,
    );
    expect(info).toMatchObject({
      result: { last_error_message: 'Wrong response from the webhook: 302 Found', pending_update_count: 1 },
    });
  });

  it('executes a method in the response, except setWebhook', async () => {
    const replies = [
      { method: 'setWebhook', url: '' },
      { method: 'sendMessage', chat_id: stage.buyer.id, text: 'by reply' },
    ];
    receiver.respond = () => Promise.resolve({ status: 200, body: JSON.stringify(replies.shift()) });
    await stage.client.sendText(stage.chat, 'one');
    await stage.client.sendText(stage.chat, 'two');
    await eventually(
      () => stage.client.chat(stage.chat),
      ({ messages }) => messages.at(-1)?.text === 'by reply',
    );
    expect((await stage.client.webhook(stage.bot.id)).url).toBe(url);
  });

  it('accepts the answer to a pre-checkout query in the response', async () => {
    receiver.respond = (update) => {
      const query = update['pre_checkout_query'] as { id: string } | undefined;
      const reply = { method: 'answerPreCheckoutQuery', pre_checkout_query_id: query?.id, ok: true };
      return Promise.resolve({ status: 200, body: query === undefined ? '' : JSON.stringify(reply) });
    };
    const { result } = await stage.call('createInvoiceLink', invoice(0));
    await stage.client.topUp(stage.buyer.id, 50);
    expect(result).toMatch(/^https:\/\/t\.me\/\$[\w-]+$/);
    expect(await stage.client.invoice(String(result))).toMatchObject({ title: 'Guide', amount: 50 });
    expect(await stage.client.payLink(stage.buyer.id, String(result))).toMatchObject({ status: 'paid' });
    expect(await stage.call('getMyStarBalance')).toEqual({ ok: true, result: { amount: 50 } });
  });

  it('can lose an answer, so that the bot receives an update twice', async () => {
    await stage.client.setFaults({ rules: [{ at: 'delivery', action: 'drop_answer', name: 'message', times: 1 }] });
    await stage.client.sendText(stage.chat, 'one');
    await until(() => receiver.received.length === 2, 'the repetition');
    expect(receiver.received[0]?.update).toEqual(receiver.received[1]?.update);
  });
});

describe('allowed_updates', () => {
  it('is kept when omitted, ignores unknown names, and is reset to the default when empty', async () => {
    const list = async (parameters: object) => {
      await stage.call('setWebhook', { url, ...parameters });
      return ((await stage.call('getWebhookInfo')).result as { allowed_updates?: string[] }).allowed_updates;
    };
    expect(await list({ allowed_updates: ['message', 'nonsense', 'chat_member'] })).toEqual(['message', 'chat_member']);
    expect(await list({})).toEqual(['message', 'chat_member']);
    expect(await list({ allowed_updates: ['nonsense'] })).toBeUndefined();
    expect(await list({ allowed_updates: [] })).toBeUndefined();
  });
});

describe('getUpdates', () => {
  it('is refused while a webhook is set', async () => {
    expect(await stage.call('getUpdates')).toEqual({
      ok: false,
      error_code: 409,
      description:
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
    });
  });

  it('waits for updates, confirms them by offset, and ends an older call', async () => {
    const { call, client, chat } = stage;
    await call('deleteWebhook');
    const older = call('getUpdates', { timeout: 30 });
    await eventually(
      () => client.now(),
      () => true,
    );
    const newer = call('getUpdates', { timeout: 30 });
    expect(await older).toMatchObject({
      error_code: 409,
      description: expect.stringContaining('terminated by other getUpdates'),
    });
    await client.sendText(chat, 'hello');
    const { result } = await newer;
    const [update] = result as { update_id: number; message: { text: string } }[];
    expect(update?.message.text).toBe('hello');
    expect(await call('getUpdates')).toMatchObject({ result: [{ update_id: update?.update_id }] });
    expect(await call('getUpdates', { offset: (update?.update_id ?? 0) + 1 })).toEqual({ ok: true, result: [] });
  });

  it('ends at its timeout', async () => {
    const { call, client } = stage;
    await call('deleteWebhook');
    const waiting = call('getUpdates', { timeout: 30 });
    await new Promise((resolve) => setTimeout(resolve, 50));
    await client.advance(30);
    expect(await waiting).toEqual({ ok: true, result: [] });
  });
});

describe('a buyer', () => {
  it('gives up after ten seconds when the bot does not answer', async () => {
    const { client, chat, call } = stage;
    await client.topUp(chat.userId, 50);
    const { result } = await call('sendInvoice', invoice(chat.userId));
    const payment = client.payMessage(chat, (result as { message_id: number }).message_id);
    const query = await until(() => receiver.received.find(({ update }) => update['pre_checkout_query']), 'the query');
    await client.advance(10);
    expect(await payment).toMatchObject({ status: 'timeout' });
    const { id } = query.update['pre_checkout_query'] as { id: string };
    expect(await call('answerPreCheckoutQuery', { pre_checkout_query_id: id, ok: true })).toMatchObject({
      error_code: 400,
    });
    expect(await client.user(chat.userId)).toMatchObject({ balance: 50 });
  });

  it('can pay a forwarded invoice only if it has no start_parameter', async () => {
    const { client, chat, call } = stage;
    const bob = await client.createUser({ first_name: 'Bob' });
    await client.topUp(bob.id, 50);
    const send = async (start_parameter: string) => {
      const { result } = await call('sendInvoice', invoice(chat.userId, { start_parameter }));
      return client.forward(chat, (result as { message_id: number }).message_id, bob.id);
    };
    const linked = await send('guide');
    expect(linked.url).toBe('https://t.me/star_shop_bot?start=guide');
    await expect(client.payForward(bob.id, linked.id)).rejects.toMatchObject({ code: 'not_payable' });

    const payable = await send('');
    expect(payable).not.toHaveProperty('url');
    const payment = client.payForward(bob.id, payable.id);
    const query = await until(() => receiver.received.find(({ update }) => update['pre_checkout_query']), 'the query');
    const { id, from } = query.update['pre_checkout_query'] as { id: string; from: { id: number } };
    expect(from.id).toBe(bob.id);
    await call('answerPreCheckoutQuery', { pre_checkout_query_id: id, ok: true });
    expect(await payment).toMatchObject({ status: 'paid' });
  });
});

describe('an injected fault', () => {
  it('refuses a call with 429 or 500, or executes it and closes the socket', async () => {
    const { client, call, chat } = stage;
    const say = (text: string) => call('sendMessage', { chat_id: chat.userId, text });
    const rule = (action: 'error429' | 'error500' | 'drop_answer', seconds?: number) =>
      client.setFaults({
        rules: [{ at: 'call', name: 'sendMessage', action, ...(seconds === undefined ? {} : { seconds }) }],
      });
    await rule('error429', 7);
    expect(await say('no')).toEqual({
      ok: false,
      error_code: 429,
      description: 'Too Many Requests: retry after 7',
      parameters: { retry_after: 7 },
    });
    await rule('error500');
    expect(await say('no')).toMatchObject({ error_code: 500 });
    await rule('drop_answer');
    await expect(say('said')).rejects.toThrow('fetch failed');
    const { messages } = await client.chat(chat);
    expect(messages.map(({ text }) => text)).toEqual(['/start', 'said']);
  });
});
