import { openStage, type Stage, until } from './support.js';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

const invoiceResult = (id: string, change: object = {}) => ({
  type: 'article',
  id,
  title: 'Guide',
  description: '50 Stars',
  input_message_content: {
    title: 'Guide',
    description: 'A guide to the stars',
    payload: 'product-1',
    currency: 'XTR',
    prices: [{ label: 'Guide', amount: 50 }],
  },
  ...change,
});

const pending = (kind: string) =>
  stage.simulator.world
    .bot(stage.bot.id)
    .queue.pending()
    .filter((each) => each.kind === kind)
    .map(({ update }) => update);

/** Types a query as the buyer, and answers it as the bot. */
async function ask(results: readonly object[], query = 'gui') {
  const { client, bot, buyer, call } = stage;
  await client.setUpBot(bot.id, { inline: true, inlineFeedback: true });
  const asking = client.inlineQuery({ botId: bot.id, userId: buyer.id, query });
  const update = await until(() => pending('inline_query').at(-1)?.inline_query, 'the inline query');
  const answer = await call('answerInlineQuery', { inline_query_id: update.id, results });
  return { asking, update, answer };
}

describe('an inline query', () => {
  it('is sent to the bot, whose results are shown', async () => {
    const { asking, update } = await ask([invoiceResult('1')]);
    expect(update).toEqual({
      id: expect.stringMatching(/^\d{19}$/),
      from: expect.objectContaining({ id: stage.buyer.id }),
      query: 'gui',
      offset: '',
      chat_type: 'private',
    });
    expect(await asking).toMatchObject({
      status: 'answered',
      results: [{ id: '1', title: 'Guide', content: { invoice: { total_amount: 50 } } }],
    });
  });

  it('posts the chosen invoice in a group, where anyone can pay it', async () => {
    const { client, bot, buyer, call } = stage;
    const group = await client.createSharedChat({ type: 'group', title: 'Friends', ownerId: buyer.id });
    const bob = await client.createUser({ first_name: 'Bob' });
    await client.topUp(bob.id, 50);
    const { asking } = await ask([invoiceResult('1')]);
    const { queryId } = await asking;
    await client.pick(queryId, { resultId: '1', to: { chatId: group.id } });
    expect(pending('chosen_inline_result')).toMatchObject([
      { chosen_inline_result: { result_id: '1', query: 'gui', from: { id: buyer.id } } },
    ]);
    const [message] = (await client.sharedChat(group.id)).messages;
    expect(message).toMatchObject({ from: { id: buyer.id }, via_bot: { id: bot.id }, invoice: { title: 'Guide' } });

    const payment = client.payIn(group.id, bob.id, message?.message_id ?? 0);
    const query = await until(() => pending('pre_checkout_query').at(-1)?.pre_checkout_query, 'the pre-checkout');
    expect(query).toMatchObject({ from: { id: bob.id }, invoice_payload: 'product-1', total_amount: 50 });
    await call('answerPreCheckoutQuery', { pre_checkout_query_id: query.id, ok: true });
    expect(await payment).toMatchObject({ status: 'paid' });
  });

  it('sends the chosen invoice to a friend', async () => {
    const { client } = stage;
    const bob = await client.createUser({ first_name: 'Bob' });
    const { asking } = await ask([invoiceResult('1')]);
    await client.pick((await asking).queryId, { resultId: '1', to: { userId: bob.id } });
    expect(await client.user(bob.id)).toMatchObject({
      inbox: [{ from: { first_name: 'Ada' }, invoice: { amount: 50 } }],
    });
  });

  it('is off until the owner turns it on, and waits ten seconds for an answer', async () => {
    const { client, bot, buyer, call } = stage;
    const query = { botId: bot.id, userId: buyer.id, query: '' };
    await expect(client.inlineQuery(query)).rejects.toThrow('inline mode switched off');
    await client.setUpBot(bot.id, { inline: true });
    expect((await call('getMe')).result).toMatchObject({ supports_inline_queries: true });
    const asking = client.inlineQuery(query);
    await until(() => pending('inline_query').at(-1), 'the inline query');
    await client.advance(10);
    expect(await asking).toMatchObject({ status: 'timeout' });
    const late = { inline_query_id: pending('inline_query').at(-1)?.inline_query?.id, results: [] };
    expect(await call('answerInlineQuery', late)).toMatchObject({
      description: 'Bad Request: query is too old and response timeout expired or query ID is invalid',
    });
  });

  it.each([
    ['two results with one id', [invoiceResult('1'), invoiceResult('1')], 'RESULT_ID_DUPLICATE'],
    ['an overlong id', [invoiceResult('x'.repeat(65))], 'RESULT_ID_INVALID'],
    [
      'a price of zero',
      [
        invoiceResult('1', {
          input_message_content: {
            title: 'G',
            description: 'G',
            payload: 'p',
            currency: 'XTR',
            prices: [{ label: 'G', amount: 0 }],
          },
        }),
      ],
      'CURRENCY_TOTAL_AMOUNT_INVALID',
    ],
  ])('cannot be answered with %s', async (_what, results, description) => {
    const { answer, asking } = await ask(results);
    expect(answer).toMatchObject({ error_code: 400, description: `Bad Request: ${description}` });
    await stage.client.advance(10);
    await asking;
  });
});

describe("a person's language", () => {
  it('determines which commands they see, and is reported to the bot', async () => {
    const { client, call, buyer, chat, bot } = stage;
    const commands = (description: string) => [{ command: 'shop', description }];
    await call('setMyCommands', { commands: commands('Shop') });
    await call('setMyCommands', { commands: commands('Магазин'), language_code: 'ru' });
    expect((await client.chat(chat)).bot.commands).toEqual(commands('Shop'));
    await client.setLanguage(buyer.id, 'ru');
    expect((await client.chat(chat)).bot.commands).toEqual(commands('Магазин'));
    await call('setMyCommands', { commands: commands('For Ada'), scope: { type: 'chat', chat_id: buyer.id } });
    expect((await client.chat(chat)).bot.commands).toEqual(commands('For Ada'));
    await client.sendText(chat, 'Привет');
    expect(pending('message').at(-1)?.message?.from).toMatchObject({ language_code: 'ru' });
    expect(await call('setMyCommands', { commands: [], language_code: 'russian' })).toMatchObject({ ok: false });
    await call('setChatMenuButton', { menu_button: { type: 'commands' } });
    expect(await call('getChatMenuButton', { chat_id: buyer.id })).toMatchObject({ result: { type: 'commands' } });
    expect((await client.chat({ botId: bot.id, userId: buyer.id })).bot.menuButton).toEqual({ type: 'commands' });
  });
});
