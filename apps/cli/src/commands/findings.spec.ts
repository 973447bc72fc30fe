import type { Schema } from '#libs/client';
import { findingsOf } from './findings.js';

const bot = { state: 'active', stopped: null } as Schema<'Bot'>;
const webhook = {
  ours: true,
  last_error: null,
  pending_updates: 0,
  missing_updates: [],
} as unknown as Schema<'BotWebhook'>;

it('a bot that works has no findings', () => {
  expect(findingsOf(bot, webhook)).toEqual([]);
});

it('a bot that staff have stopped is a finding, with the reason and what its creator can do', () => {
  const stopped = { since: '2026-06-01T12:00:00Z', reason: 'It sends spam.' };
  expect(findingsOf({ ...bot, stopped }, webhook)).toEqual([
    { problem: expect.stringContaining('It sends spam.'), remedy: expect.stringContaining('support') },
  ]);
});

it('a bot that is being removed leads to what is left to end', () => {
  expect(findingsOf({ ...bot, state: 'removing' }, webhook)).toEqual([
    { problem: expect.stringContaining('removing'), remedy: expect.stringContaining('obligations') },
  ]);
});
