import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Message } from '../../apps/simulator/src/world/telegram-types.js';
import { openScenery, type Scenery } from './examples.js';
import { invoice, openStage, type Stage } from './support.js';

let stage: Stage;
let scenery: Scenery;
beforeEach(async () => {
  stage = await openStage();
  scenery = await openScenery(stage);
});
afterEach(() => stage.close());

async function accepted<Result = Message>(method: string, parameters: object): Promise<Result> {
  const answer = await stage.call(method, parameters);
  if (!answer.ok) throw new Error(`${method}: ${answer.description}`);
  return answer.result as Result;
}

const say = (more: object = {}): Promise<Message> =>
  accepted('sendMessage', { chat_id: scenery.chat_id, text: 'hi', ...more });

describe('a message', () => {
  it('includes its protection, effect and preview options', async () => {
    const more = {
      protect_content: true,
      message_effect_id: '5104841245755180586',
      link_preview_options: { is_disabled: true },
    };
    expect(await say(more)).toMatchObject({
      has_protected_content: true,
      effect_id: '5104841245755180586',
      link_preview_options: { is_disabled: true },
    });
    const plain = await say();
    expect(plain).not.toHaveProperty('has_protected_content');
    expect(plain).not.toHaveProperty('effect_id');
  });

  it('has effects in private chats only', async () => {
    expect(
      await stage.call('sendMessage', { chat_id: scenery.group, text: 'hi', message_effect_id: '1' }),
    ).toMatchObject({
      description: "Bad Request: can't use message effects in the chat",
    });
  });

  it('can be written in both kinds of Markdown', async () => {
    const bold = { entities: [{ type: 'bold', offset: 0, length: 2 }] };
    expect(await say({ text: '*hi*', parse_mode: 'Markdown' })).toMatchObject({ text: 'hi', ...bold });
    expect(await say({ text: '*hi*\\.', parse_mode: 'MarkdownV2' })).toMatchObject({ text: 'hi.', ...bold });
  });

  it('cannot be sent on behalf of an account, because accounts have no chats here', async () => {
    expect(
      await stage.call('sendMessage', { chat_id: 1, text: 'hi', business_connection_id: scenery.connection }),
    ).toMatchObject({
      description: 'Bad Request: BUSINESS_PEER_INVALID',
    });
  });
});

describe('a file', () => {
  it('of any kind is returned as it was sent', async () => {
    const { chat_id, files } = scenery;
    const animation = await accepted('sendAnimation', {
      chat_id,
      animation: files.animation,
      has_spoiler: true,
      width: 3,
    });
    expect(animation).toMatchObject({
      animation: { file_id: files.animation, width: 3 },
      document: { file_id: files.animation },
      has_media_spoiler: true,
    });
    const tune = { performer: 'Ada', title: 'Stars', duration: 7 };
    expect(await accepted('sendAudio', { chat_id, audio: files.audio, ...tune })).toMatchObject({ audio: tune });
    expect(await accepted('sendVoice', { chat_id, voice: files.voice, duration: 4 })).toMatchObject({
      voice: { duration: 4 },
    });
    expect(await stage.call('sendVoice', { chat_id, voice: files.photo })).toMatchObject({
      description: "Bad Request: can't use file of type Photo as VoiceNote",
    });
  });

  it('can have its caption edited, then the file itself', async () => {
    const { chat_id, files } = scenery;
    const { message_id } = await accepted('sendPhoto', { chat_id, photo: files.photo, caption: 'old' });
    const edit = { chat_id, message_id };
    expect(await accepted('editMessageCaption', { ...edit, caption: '*new*', parse_mode: 'Markdown' })).toMatchObject({
      caption: 'new',
      caption_entities: [{ type: 'bold' }],
      photo: [{ file_id: files.photo }],
    });
    const edited = await accepted('editMessageMedia', { ...edit, media: { type: 'document', media: files.document } });
    expect(edited).toMatchObject({ document: { file_id: files.document } });
    expect(edited).not.toHaveProperty('photo');
    expect(edited).not.toHaveProperty('caption');
    const { message_id: words } = await say();
    expect(await stage.call('editMessageCaption', { chat_id, message_id: words, caption: 'x' })).toMatchObject({
      description: 'Bad Request: there is no caption in the message to edit',
    });
  });
});

describe('a file on the web', () => {
  const PNG = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  );
  let server: Server;
  let root: string;
  beforeEach(async () => {
    server = createServer((request, response) => {
      const type = request.url?.endsWith('.png') === true ? 'image/png' : 'text/html';
      response.writeHead(200, { 'content-type': type }).end(PNG);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    root = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  it('is fetched, and belongs to the bot from then on', async () => {
    const { chat_id } = scenery;
    const { photo } = await accepted('sendPhoto', { chat_id, photo: `${root}/star.png` });
    const file_id = photo?.[0]?.file_id;
    expect(photo).toMatchObject([{ width: 1, height: 1, file_size: PNG.length }]);
    expect(await accepted('sendPhoto', { chat_id, photo: file_id })).toMatchObject({ photo: [{ file_id }] });
  });

  it('is refused when it has another type', async () => {
    expect(await stage.call('sendPhoto', { chat_id: scenery.chat_id, photo: `${root}/page.html` })).toMatchObject({
      description: 'Bad Request: wrong type of the web page content',
    });
  });

  it('in an inline result is fetched when the result is chosen', async () => {
    const { client, bot, buyer } = stage;
    const result = (id: string, path: string) => ({
      type: 'photo',
      id,
      photo_url: root + path,
      thumbnail_url: root,
      caption: 'a star',
    });
    const prepared = await accepted<{ id: string }>('savePreparedInlineMessage', {
      user_id: buyer.id,
      result: result('1', '/star.png'),
    });
    await client.pick(prepared.id, { resultId: '1', to: { botId: bot.id } });
    expect((await client.chat(stage.chat)).messages.at(-1)).toMatchObject({
      photo: [{ width: 1 }],
      caption: 'a star',
      via_bot: { id: bot.id },
    });
    const broken = await accepted<{ id: string }>('savePreparedInlineMessage', {
      user_id: buyer.id,
      result: result('1', '/x'),
    });
    await expect(client.pick(broken.id, { resultId: '1', to: { botId: bot.id } })).rejects.toThrow(
      'wrong type of the web page content',
    );
  });
});

describe('a copy of a message', () => {
  it('keeps the content without the author', async () => {
    const { chat_id, group } = scenery;
    const { message_id } = await accepted('sendPhoto', { chat_id, photo: scenery.files.photo, caption: 'old' });
    const from = { chat_id: group, from_chat_id: chat_id, message_id };
    await accepted('copyMessage', { ...from, protect_content: true });
    await accepted('copyMessage', { ...from, caption: 'new' });
    const { messages } = await stage.client.sharedChat(group);
    expect(messages.slice(-2)).toMatchObject([
      { photo: [{}], caption: 'old', has_protected_content: true },
      { photo: [{}], caption: 'new' },
    ]);
    expect(messages.at(-1)).not.toHaveProperty('forward_origin');
  });

  it('cannot be made of invoices or protected messages', async () => {
    const { chat_id } = scenery;
    const sold = await accepted('sendInvoice', invoice(chat_id));
    const secret = await say({ protect_content: true });
    const copy = (message_id: number) => stage.call('copyMessage', { chat_id, from_chat_id: chat_id, message_id });
    expect(await copy(sold.message_id)).toMatchObject({ description: "Bad Request: the message can't be copied" });
    expect(await copy(secret.message_id)).toMatchObject({
      description: "Bad Request: message has protected content and can't be forwarded",
    });
  });

  it('can be made of many messages, except those that have been deleted', async () => {
    const { chat_id, group } = scenery;
    const [one, two] = [await say(), await say({ text: 'two' })];
    const message_ids = [one.message_id, two.message_id, 999];
    expect(await accepted('copyMessages', { chat_id: group, from_chat_id: chat_id, message_ids })).toHaveLength(2);
    expect(await accepted('deleteMessages', { chat_id, message_ids })).toBe(true);
    expect(await stage.call('copyMessages', { chat_id: group, from_chat_id: chat_id, message_ids })).toMatchObject({
      description: 'Bad Request: there are no messages to forward',
    });
  });
});

describe('a forwarded message', () => {
  it('names its author', async () => {
    const { chat_id, group } = scenery;
    const { message_id } = await stage.client.sendText(stage.chat, 'from Ada');
    expect(await accepted('forwardMessage', { chat_id: group, from_chat_id: chat_id, message_id })).toMatchObject({
      text: 'from Ada',
      forward_origin: { type: 'user', sender_user: { id: chat_id } },
    });
  });

  it('can be paid if it is an invoice without a start parameter', async () => {
    const { chat_id, group } = scenery;
    const forward = async (change: object) => {
      const { message_id } = await accepted('sendInvoice', invoice(chat_id, change));
      return accepted('forwardMessage', { chat_id: group, from_chat_id: chat_id, message_id });
    };
    const open = await forward({});
    expect(open).toMatchObject({ reply_markup: { inline_keyboard: [[{ pay: true }]] } });
    void stage.client.payIn(group, chat_id, open.message_id);
    expect(await forward({ start_parameter: 'guide' })).toMatchObject({
      reply_markup: { inline_keyboard: [[{ url: 'https://t.me/star_shop_bot?start=guide' }]] },
    });
  });
});

describe('a message sent via the bot', () => {
  it('can come from a Mini App once, and is edited by its inline id', async () => {
    const { client, chat } = stage;
    const web_app_query_id = await client.openWebApp(chat);
    const result = { type: 'article', id: '1', title: 'x', input_message_content: { message_text: 'score: 7' } };
    const answer = await accepted<{ inline_message_id: string }>('answerWebAppQuery', { web_app_query_id, result });
    expect(await accepted('editMessageText', { ...answer, text: 'score: 8' })).toBe(true);
    expect((await client.chat(chat)).messages.at(-1)).toMatchObject({ text: 'score: 8', from: { id: chat.userId } });
    expect(await stage.call('answerWebAppQuery', { web_app_query_id, result })).toMatchObject({
      description: 'Bad Request: query is too old and response timeout expired or query ID is invalid',
    });
  });

  it.each([
    ['location', { title: 'Here', latitude: 1, longitude: 2 }, { location: { latitude: 1, longitude: 2 } }],
    [
      'venue',
      { title: 'Shop', address: 'Main St', latitude: 1, longitude: 2 },
      { venue: { title: 'Shop', address: 'Main St' } },
    ],
    ['contact', { phone_number: '123', first_name: 'Ada' }, { contact: { phone_number: '123', first_name: 'Ada' } }],
  ])('can be a %s', async (type, fields, content) => {
    const web_app_query_id = await stage.client.openWebApp(stage.chat);
    await accepted('answerWebAppQuery', { web_app_query_id, result: { type, id: '1', ...fields } });
    expect((await stage.client.chat(stage.chat)).messages.at(-1)).toMatchObject(content);
  });

  it('is refused when its type is unknown', async () => {
    const result = { type: 'smell', id: '1' };
    expect(await stage.call('savePreparedInlineMessage', { user_id: scenery.chat_id, result })).toMatchObject({
      description:
        'Bad Request: can\'t parse inline query result: type "smell" is unsupported for the inline query result',
    });
  });
});

it('a bot has a separate name in each language for which one is set', async () => {
  await accepted('setMyName', { name: 'Звёздная лавка', language_code: 'ru' });
  expect(await accepted('getMyName', { language_code: 'ru' })).toEqual({ name: 'Звёздная лавка' });
  expect(await accepted('getMyName', {})).toEqual({ name: 'Star Shop' });
});

it("a user's gifts are listed by price and kind", async () => {
  const { client, buyer } = stage;
  const giver = await client.createUser({ first_name: 'Gia' });
  await client.topUp(giver.id, 10_000);
  const known = await client.gifts();
  for (const { id } of known) await client.giveGift({ fromUserId: giver.id, toUserId: buyer.id, giftId: id });
  const ask = (more: object) =>
    accepted<{ total_count: number; gifts: { gift: { star_count: number } }[] }>('getUserGifts', {
      user_id: buyer.id,
      ...more,
    });
  const { gifts, total_count } = await ask({ sort_by_price: true });
  const prices = gifts.map(({ gift }) => gift.star_count);
  expect(total_count).toBe(known.length);
  expect(prices).toEqual(prices.toSorted((a, b) => b - a));
  const limited = known.filter((each) => each.total_count !== undefined);
  expect(await ask({ exclude_unlimited: true })).toMatchObject({ total_count: limited.length });
});

describe('the test environment', () => {
  const ask = async (path: string) => (await fetch(stage.simulator.url + path)).json() as Promise<unknown>;

  it('has separate bots, at separate paths, with short subscriptions', async () => {
    const { client } = stage;
    const bot = await client.createBot({ username: 'rehearsal_bot', name: 'Rehearsal', environment: 'test' });
    expect(bot).toMatchObject({ environment: 'test' });
    expect(await ask(`/bot${bot.token}/test/getMe`)).toMatchObject({ ok: true, result: { id: bot.id } });
    expect(await ask(`/bot${bot.token}/getMe`)).toMatchObject({ error_code: 401 });
    expect(await ask(`/bot${stage.bot.token}/test/getMe`)).toMatchObject({ error_code: 401 });
    const link = (period: number) => {
      const terms = { ...invoice(0), prices: '[{"label":"x","amount":1}]', subscription_period: String(period) };
      return ask(`/bot${bot.token}/test/createInvoiceLink?${new URLSearchParams(Object.entries(terms)).toString()}`);
    };
    expect(await link(60)).toMatchObject({ ok: true });
    expect(await link(2_592_000)).toMatchObject({ description: 'Bad Request: SUBSCRIPTION_PERIOD_INVALID' });
  });

  it('separates files as well', async () => {
    const bot = await stage.client.createBot({ username: 'rehearsal_bot', name: 'Rehearsal', environment: 'test' });
    const upload = { name: 'a.txt', mimeType: 'text/plain', bytes: Buffer.from('hello') };
    const { path } = stage.simulator.world.files.store('document', bot.id, upload);
    const found = await fetch(`${stage.simulator.url}/file/bot${bot.token}/test/${path}`);
    expect(await found.text()).toBe('hello');
    expect((await fetch(`${stage.simulator.url}/file/bot${bot.token}/${path}`)).status).toBe(401);
  });
});
