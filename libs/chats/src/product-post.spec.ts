import { newUuid } from '#libs/kernel';
import { chatProblem, requestOf } from './product-post.js';

describe("Telegram's answer about a chat", () => {
  it.each([
    [400, 'Bad Request: chat not found', 'bot_not_in_chat'],
    [403, 'Forbidden: bot is not a member of the channel chat', 'bot_not_in_chat'],
    [403, 'Forbidden: bot was kicked from the supergroup chat', 'bot_not_in_chat'],
    [403, 'Forbidden: the group chat was deleted', 'bot_not_in_chat'],
    [400, 'Bad Request: not enough rights to send text messages to the chat', 'bot_may_not_post'],
    [400, 'Bad Request: need administrator rights in the channel chat', 'bot_may_not_post'],
    [400, 'Bad Request: CHAT_WRITE_FORBIDDEN', 'bot_may_not_post'],
    [400, 'Bad Request: STARS_INVOICE_INVALID', undefined],
    [429, 'Too Many Requests: retry after 3', undefined],
  ])('%i %s means %s', (code, description, problem) => {
    expect(chatProblem(code, description)?.code).toBe(problem);
  });
});

it('requests to post differ when any of their fields differs', () => {
  const post = {
    productId: newUuid(),
    chat: '@news',
    way: 'button',
    source: undefined,
    language: 'en',
    key: 'k',
  } as const;
  const others = [
    { ...post, key: 'l' },
    { ...post, chat: '@other' },
    { ...post, source: 'blog' },
    { ...post, language: 'ru' as const },
    { ...post, caption: 'New' },
    { ...post, productId: newUuid() },
  ];
  expect(
    new Set([post, ...others, { ...post, way: 'invoice' as const }].map((one) => requestOf(one).toString('hex'))).size,
  ).toBe(8);
  expect(requestOf({ ...post })).toEqual(requestOf(post));
});
