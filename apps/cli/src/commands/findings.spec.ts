import type { Schema } from '#libs/client';
import { findingsIn, findingsOf } from './findings.js';

const bot = { state: 'active', stopped: null } as Schema<'Bot'>;
const webhook = {
  ours: true,
  last_error: null,
  pending_updates: 0,
  missing_updates: [],
} as unknown as Schema<'BotWebhook'>;

it('a working bot has no findings', () => {
  expect(findingsOf(bot, webhook)).toEqual([]);
});

it('a bot stopped by staff is a finding, with the reason and a remedy for its creator', () => {
  const stopped = { since: '2026-06-01T12:00:00Z', reason: 'It sends spam.' };
  expect(findingsOf({ ...bot, stopped }, webhook)).toEqual([
    { problem: expect.stringContaining('It sends spam.'), remedy: expect.stringContaining('support') },
  ]);
});

it('the finding for a bot under removal points to its obligations', () => {
  expect(findingsOf({ ...bot, state: 'removing' }, webhook)).toEqual([
    { problem: expect.stringContaining('removing'), remedy: expect.stringContaining('obligations') },
  ]);
});

it('the doctor reports problems that keep people waiting, with their count, start, reason and remedy', () => {
  const problem = {
    object: 'problem',
    kind: 'goods_refused',
    subject: 'prod_1',
    count: 3,
    since: '2026-01-02T03:04:05.000Z',
    error: 'your server answered 401',
    remedy: 'Fix your server.',
  } as const;
  const unexplained = { ...problem, kind: 'jobs_parked', subject: 'bot.menu', count: 1, error: null } as const;
  expect(findingsIn({ object: 'list', data: [problem, unexplained] })).toEqual([
    {
      problem: 'goods refused: prod_1, 3 since 2026-01-02T03:04:05.000Z: your server answered 401',
      remedy: 'Fix your server.',
    },
    { problem: 'jobs parked: bot.menu, 1 since 2026-01-02T03:04:05.000Z', remedy: 'Fix your server.' },
  ]);
});
