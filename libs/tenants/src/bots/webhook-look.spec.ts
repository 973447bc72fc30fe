import { HOUR, MINUTE } from '#libs/kernel';
import { webhookNews, webhookProblem } from './webhook-look.js';

const now = new Date('2026-06-01T12:00:00Z');
const ago = (ms: number) => new Date(now.getTime() - ms);
const fine = { ours: true, missingUpdates: [], host: 'pay.example.com', pendingUpdates: 0, lastErrorAt: null };

describe('a webhook', () => {
  it.each([
    ['missing', { host: null }],
    ['elsewhere', { ours: false, host: 'other.example.com' }],
    ['deaf', { missingUpdates: ['chat_member'] }],
    ['failing', { lastErrorAt: ago(MINUTE), pendingUpdates: 1 }],
    ['failing', { lastErrorAt: ago(10 * MINUTE - 1), pendingUpdates: 1 }],
    ['lagging', { pendingUpdates: 101 }],
  ])('is %s according to Telegram', (problem, said) => {
    expect(webhookProblem({ ...fine, ...said }, now)).toBe(problem);
  });

  it.each([
    ['all is well', {}],
    ['an old error', { lastErrorAt: ago(HOUR), pendingUpdates: 3 }],
    ['an error that is ten minutes old', { lastErrorAt: ago(10 * MINUTE), pendingUpdates: 3 }],
    ['an error that was resolved', { lastErrorAt: ago(MINUTE) }],
    ['a few updates wait', { pendingUpdates: 100 }],
  ])('is fine: %s', (_what, said) => {
    expect(webhookProblem({ ...fine, ...said }, now)).toBeUndefined();
  });
});

it.each([
  [null, 'elsewhere', 'failing'],
  ['elsewhere', 'elsewhere', undefined],
  ['failing', 'elsewhere', 'failing'],
  ['failing', 'lagging', undefined],
  ['lagging', 'failing', undefined],
  ['failing', null, 'recovered'],
  [null, null, undefined],
  [null, 'unreadable', undefined],
  ['missing', 'unreadable', undefined],
])('a creator who was told of %s and has the problem %s is now told %s', (told, problem, news) => {
  expect(webhookNews(told, problem)).toBe(news);
});
