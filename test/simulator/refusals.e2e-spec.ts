import { invoice, openStage, type Stage } from './support.js';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

/** Parameters can depend on the buyer's id, which is known only once the stage is open. */
type Make = (chatId: number) => object;

const keyboard = (...buttons: object[]): object => ({ inline_keyboard: [buttons] });
const price = (amount: unknown, label = 'Guide'): object => ({ prices: [{ label, amount }] });
const message =
  (change: object): Make =>
  (chat_id) => ({ chat_id, text: 'hi', ...change });
const sale =
  (change: object): Make =>
  (chatId) =>
    invoice(chatId, change);

const REFUSED: readonly (readonly [method: string, what: string, make: Make, code: number, description: string])[] = [
  [
    'noSuchMethod',
    'any call',
    () => ({}),
    404,
    'Not Found: method not found; the simulator does not have "noSuchMethod"',
  ],
  ['sendMessage', 'missing chat', () => ({ text: 'hi' }), 400, 'Bad Request: chat_id is empty'],
  ['sendMessage', 'unknown chat', () => ({ chat_id: 12, text: 'hi' }), 400, 'Bad Request: chat not found'],
  ['sendMessage', 'missing text', message({ text: '' }), 400, 'Bad Request: message text is empty'],
  ['sendMessage', 'blank text', message({ text: '  ' }), 400, 'Bad Request: text must be non-empty'],
  ['sendMessage', 'overlong text', message({ text: 'x'.repeat(4_097) }), 400, 'Bad Request: message is too long'],
  ['sendMessage', 'unknown parse mode', message({ parse_mode: 'RTF' }), 400, 'Bad Request: unsupported parse_mode'],
  [
    'sendMessage',
    'broken HTML',
    message({ text: '<b>x', parse_mode: 'HTML' }),
    400,
    `Bad Request: can't parse entities: Can't find end tag corresponding to start tag "b"`,
  ],
  [
    'sendMessage',
    'overlong callback data',
    message({ reply_markup: keyboard({ text: 'x', callback_data: 'ж'.repeat(33) }) }),
    400,
    'Bad Request: BUTTON_DATA_INVALID',
  ],
  [
    'sendMessage',
    'broken Markdown',
    message({ text: 'a *b', parse_mode: 'MarkdownV2' }),
    400,
    "Bad Request: can't parse entities: Can't find end of Bold entity at byte offset 2",
  ],
  [
    'sendMessage',
    'button with an invalid host',
    message({ reply_markup: keyboard({ text: 'x', url: 'http://localhost:3000/x' }) }),
    400,
    "Bad Request: inline keyboard button URL 'http://localhost:3000/x' is invalid: Wrong HTTP URL",
  ],
  [
    'sendMessage',
    'button with an unsupported protocol',
    message({ reply_markup: keyboard({ text: 'x', url: 'ftp://example.com' }) }),
    400,
    "Bad Request: inline keyboard button URL 'ftp://example.com' is invalid: Unsupported URL protocol",
  ],
  [
    'sendMessage',
    'Mini App with an invalid URL',
    message({ reply_markup: keyboard({ text: 'x', web_app: { url: 'tg://resolve?domain=x' } }) }),
    400,
    "Bad Request: inline keyboard button Web App URL 'tg://resolve?domain=x' is invalid: Only HTTP links are allowed",
  ],
  [
    'sendMessage',
    '101 buttons',
    message({ reply_markup: keyboard(...Array.from({ length: 101 }, () => ({ text: 'x', callback_data: 'x' }))) }),
    400,
    'Bad Request: reply markup is too long',
  ],
  [
    'sendMessage',
    'unconnected account',
    message({ business_connection_id: 'x' }),
    400,
    'Bad Request: business connection not found',
  ],
  ['sendMessage', 'unknown topic', message({ message_thread_id: 7 }), 400, 'Bad Request: message thread not found'],
  [
    'sendPhoto',
    'unreachable file',
    (chat_id) => ({ chat_id, photo: 'http://127.0.0.1:9/x.png' }),
    400,
    'Bad Request: failed to get HTTP URL content',
  ],
  [
    'sendMediaGroup',
    'kinds that cannot be mixed',
    (chat_id) => ({
      chat_id,
      media: [
        { type: 'photo', media: 'x' },
        { type: 'audio', media: 'x' },
      ],
    }),
    400,
    "Bad Request: can't use the media of the specified type in the album",
  ],
  [
    'copyMessage',
    'unknown message',
    (chat_id) => ({ chat_id, from_chat_id: chat_id, message_id: 999 }),
    400,
    'Bad Request: message to copy not found',
  ],
  [
    'forwardMessages',
    'unsorted ids',
    (chat_id) => ({ chat_id, from_chat_id: chat_id, message_ids: [2, 1] }),
    400,
    'Bad Request: message identifiers must be in a strictly increasing order',
  ],
  ['setMyName', 'blank name', () => ({ name: ' ' }), 400, 'Bad Request: BOT_TITLE_INVALID'],
  [
    'sendMessage',
    'button without a type',
    message({ reply_markup: keyboard({ text: 'x' }) }),
    400,
    "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
  ],
  [
    'sendMessage',
    'Pay button',
    message({ reply_markup: keyboard({ text: 'x', pay: true }) }),
    400,
    'Bad Request: BUTTON_TYPE_INVALID',
  ],
  [
    'sendMessage',
    'broken keyboard',
    message({ reply_markup: '{' }),
    400,
    "Bad Request: can't parse reply keyboard markup JSON object",
  ],
  ['sendInvoice', 'missing title', sale({ title: '' }), 400, 'Bad Request: parameter "title" is required'],
  [
    'sendInvoice',
    'overlong title',
    sale({ title: 'x'.repeat(33) }),
    400,
    'Bad Request: parameter "title" is too long, 32 characters are allowed',
  ],
  [
    'sendInvoice',
    'overlong description',
    sale({ description: 'x'.repeat(256) }),
    400,
    'Bad Request: parameter "description" is too long, 255 characters are allowed',
  ],
  [
    'sendInvoice',
    'payload of 129 bytes',
    sale({ payload: `${'ж'.repeat(64)}x` }),
    400,
    'Bad Request: INVOICE_PAYLOAD_INVALID',
  ],
  [
    'sendInvoice',
    'photo with an invalid URL',
    sale({ photo_url: 'a picture' }),
    400,
    'Bad Request: WEBDOCUMENT_URL_INVALID',
  ],
  ['sendInvoice', 'invalid start parameter', sale({ start_parameter: 'a b' }), 400, 'Bad Request: START_PARAM_INVALID'],
  ['sendInvoice', 'other currency', sale({ currency: 'USD' }), 400, 'Bad Request: PAYMENT_PROVIDER_INVALID'],
  ['sendInvoice', 'provider token', sale({ provider_token: 'XTR' }), 400, 'Bad Request: STARS_INVOICE_INVALID'],
  ['sendInvoice', 'missing price', sale({ prices: [] }), 400, 'Bad Request: there must be at least one price'],
  [
    'sendInvoice',
    'two prices',
    sale({
      prices: [
        { label: 'a', amount: 1 },
        { label: 'b', amount: 1 },
      ],
    }),
    400,
    'Bad Request: STARS_INVOICE_INVALID',
  ],
  ['sendInvoice', 'malformed prices', sale({ prices: '[' }), 400, "Bad Request: can't parse prices JSON object"],
  ['sendInvoice', 'zero Stars', sale(price(0)), 400, 'Bad Request: CURRENCY_TOTAL_AMOUNT_INVALID'],
  [
    'sendInvoice',
    'fractional Stars',
    sale(price(0.5)),
    400,
    `Bad Request: can't parse labeled price: Field "amount" must be a valid Number`,
  ],
  [
    'sendInvoice',
    'missing label',
    sale(price(1, '')),
    400,
    "Bad Request: can't parse labeled price: LabeledPrice label must be non-empty",
  ],
  ['sendInvoice', 'tips', sale({ max_tip_amount: 5 }), 400, 'Bad Request: STARS_INVOICE_INVALID'],
  [
    'sendInvoice',
    'first button that is not Pay',
    sale({ reply_markup: keyboard({ text: 'x', callback_data: 'x' }) }),
    400,
    'Bad Request: REPLY_MARKUP_BUY_EMPTY',
  ],
  [
    'sendInvoice',
    'Pay button in second place',
    sale({ reply_markup: keyboard({ text: 'a', pay: true }, { text: 'b', pay: true }) }),
    400,
    'Bad Request: BUTTON_POS_INVALID',
  ],
  [
    'createInvoiceLink',
    'unsupported period',
    sale({ subscription_period: 61 }),
    400,
    'Bad Request: SUBSCRIPTION_PERIOD_INVALID',
  ],
  [
    'createInvoiceLink',
    'period of the test environment',
    sale({ subscription_period: 60 }),
    400,
    'Bad Request: SUBSCRIPTION_PERIOD_INVALID',
  ],
  [
    'createInvoiceLink',
    'overpriced subscription',
    sale({ subscription_period: 2_592_000, ...price(10_001) }),
    400,
    'Bad Request: CURRENCY_TOTAL_AMOUNT_INVALID',
  ],
  [
    'createInvoiceLink',
    'business account',
    sale({ business_connection_id: 'x' }),
    400,
    'Bad Request: the simulator makes no invoices for business accounts',
  ],
  [
    'editUserStarSubscription',
    'unknown charge',
    (user_id) => ({ user_id, telegram_payment_charge_id: 'x', is_canceled: true }),
    400,
    'Bad Request: CHARGE_ID_INVALID',
  ],
  [
    'answerPreCheckoutQuery',
    'unknown query',
    () => ({ pre_checkout_query_id: '1', ok: true }),
    400,
    'Bad Request: query is too old and response timeout expired or query ID is invalid',
  ],
  [
    'answerPreCheckoutQuery',
    'missing reason',
    () => ({ pre_checkout_query_id: '1', ok: false }),
    400,
    'Bad Request: parameter "error_message" is required',
  ],
  [
    'answerCallbackQuery',
    'unknown query',
    () => ({ callback_query_id: '1' }),
    400,
    'Bad Request: query is too old and response timeout expired or query ID is invalid',
  ],
  [
    'refundStarPayment',
    'missing user',
    () => ({ telegram_payment_charge_id: 'x' }),
    400,
    'Bad Request: invalid user_id specified',
  ],
  [
    'refundStarPayment',
    'missing charge',
    (user_id) => ({ user_id }),
    400,
    'Bad Request: parameter "telegram_payment_charge_id" is required',
  ],
  ['getStarTransactions', 'negative offset', () => ({ offset: -1 }), 400, 'Bad Request: invalid offset specified'],
  [
    'setWebhook',
    'invalid secret',
    () => ({ url: 'https://a.example', secret_token: 'no spaces' }),
    400,
    'Bad Request: secret token contains unallowed characters',
  ],
  ['setWebhook', 'invalid URL', () => ({ url: 'ftp://a.example' }), 400, 'Bad Request: invalid webhook URL specified'],
  ['editMessageText', 'unknown message', message({ message_id: 999 }), 400, 'Bad Request: message to edit not found'],
  ['deleteMessage', 'unknown message', message({ message_id: 999 }), 400, 'Bad Request: message to delete not found'],
  [
    'getFile',
    'unknown file',
    () => ({ file_id: 'x' }),
    400,
    'Bad Request: wrong file_id or the file is temporarily unavailable',
  ],
];

it.each(REFUSED)('%s is refused: %s', async (method, _what, make, error_code, description) => {
  expect(await stage.call(method, make(stage.buyer.id))).toEqual({ ok: false, error_code, description });
});

it('an unknown or revoked token is not authorized, and no token is logged', async () => {
  const { client, simulator } = stage;
  const bot = await client.createBot({ username: 'leaky_bot', name: 'Leaky' });
  const getMe = async (token: string) => (await fetch(`${simulator.url}/bot${token}/getMe`)).json() as Promise<unknown>;
  expect(await getMe(bot.token)).toMatchObject({
    ok: true,
    result: { id: bot.id, is_bot: true, username: 'leaky_bot' },
  });
  const token = await client.revokeToken(bot.id);
  expect(await getMe(bot.token)).toEqual({ ok: false, error_code: 401, description: 'Unauthorized' });
  expect(await getMe(token)).toMatchObject({ ok: true });
  await fetch(`${simulator.url}/bot${token}/sendMessage?chat_id=1&text=${token}`);
  expect(JSON.stringify(await client.log())).not.toContain(token.slice(-35));
});

it('a bot cannot write first, nor to a person who has blocked it', async () => {
  const { client, call, chat } = stage;
  const stranger = await client.createUser({ first_name: 'Bob' });
  expect(await call('sendMessage', { chat_id: stranger.id, text: 'hi' })).toMatchObject({
    error_code: 403,
    description: "Forbidden: bot can't initiate conversation with a user",
  });
  await client.block(chat);
  expect(await call('sendMessage', { chat_id: chat.userId, text: 'hi' })).toMatchObject({
    error_code: 403,
    description: 'Forbidden: bot was blocked by the user',
  });
  await client.unblock(chat);
  expect(await call('sendMessage', { chat_id: chat.userId, text: 'hi' })).toMatchObject({ ok: true });
});

it('a bot cannot write to a deactivated account', async () => {
  const { client, call, bot } = stage;
  const gone = await client.createUser({ first_name: 'Gus' });
  await client.start({ botId: bot.id, userId: gone.id });
  await client.deactivate(gone.id);
  expect(await call('sendMessage', { chat_id: gone.id, text: 'hi' })).toEqual({
    ok: false,
    error_code: 403,
    description: 'Forbidden: user is deactivated',
  });
});

it("parameters are accepted in a query, form, JSON or multipart, with any capitalisation of the method's name", async () => {
  const root = `${stage.simulator.url}/bot${stage.bot.token}`;
  const chat_id = String(stage.buyer.id);
  const form = new FormData();
  form.set('chat_id', chat_id);
  form.set('document', new Blob(['hello']), 'hello.txt');
  const answers = await Promise.all([
    fetch(`${root}/SENDMESSAGE?chat_id=${chat_id}&text=hi`),
    fetch(`${root}/sendmessage`, { method: 'POST', body: new URLSearchParams({ chat_id, text: 'hi' }) }),
    fetch(`${root}/sendDocument`, { method: 'POST', body: form }),
  ]);
  const bodies = (await Promise.all(answers.map((answer) => answer.json()))) as {
    ok: boolean;
    result: { document?: { file_id: string } };
  }[];
  expect(bodies.map(({ ok }) => ok)).toEqual([true, true, true]);

  const file_id = bodies[2]?.result.document?.file_id ?? '';
  expect(await stage.call('sendDocument', { chat_id, document: file_id })).toMatchObject({
    result: { document: { file_id, file_name: 'hello.txt' } },
  });
  const { result } = await stage.call('getFile', { file_id });
  const { file_path } = result as { file_path: string };
  const download = await fetch(`${stage.simulator.url}/file/bot${stage.bot.token}/${file_path}`);
  expect(await download.text()).toBe('hello');
});

it('an edit without a change is refused', async () => {
  const { call, buyer } = stage;
  const { result } = await call('sendMessage', { chat_id: buyer.id, text: '<b>hi</b>', parse_mode: 'HTML' });
  const target = { chat_id: buyer.id, message_id: (result as { message_id: number }).message_id };
  expect(await call('editMessageText', { ...target, text: '<b>hi</b>', parse_mode: 'HTML' })).toMatchObject({
    description: expect.stringMatching(/^Bad Request: message is not modified: /),
  });
  const edited = await call('editMessageText', { ...target, text: 'hi' });
  expect(edited).toMatchObject({ ok: true, result: { text: 'hi' } });
  expect(edited.result).not.toHaveProperty('entities');
});

it('the control API explains its refusals, and refuses other web pages', async () => {
  const post = (headers: Record<string, string>) =>
    fetch(`${stage.simulator.url}/control/bots`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ username: 'x', name: 'X' }),
    });
  expect(await (await post({})).json()).toMatchObject({ error: { code: 'invalid', errors: [{ path: 'username' }] } });
  expect((await post({ origin: 'https://evil.example' })).status).toBe(403);
});
