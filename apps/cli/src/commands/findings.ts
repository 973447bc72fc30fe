import type { Schema } from '#libs/client';

/** A problem of a bot, with its remedy. */
export interface Finding {
  readonly problem: string;
  readonly remedy: string;
}

const MANY_PENDING = 100;

/** Returns the problems of a bot, according to our records and Telegram's. Empty if there are none. */
export function findingsOf(bot: Schema<'Bot'>, webhook: Schema<'BotWebhook'>): Finding[] {
  const found: Finding[] = [];
  if (bot.state !== 'active')
    found.push({
      problem: `The bot is ${bot.state}, so it sells nothing.`,
      remedy: REMEDIES[bot.state] ?? 'Check it with GET /v1/bots.',
    });
  if (bot.stopped !== null)
    found.push({
      problem: `Staff of the platform have stopped the bot since ${bot.stopped.since}: ${bot.stopped.reason ?? 'no reason given'}`,
      remedy: 'Ask support to release it. Refunds and replies to buyers stay possible meanwhile.',
    });
  if (!webhook.ours)
    found.push({
      problem: `Telegram sends its updates to ${webhook.host ?? 'no one'}, not here.`,
      remedy: 'Stop the other tool, then register the bot again with `take_over: true`.',
    });
  if (webhook.last_error !== null)
    found.push({
      problem: `Telegram could not deliver at ${webhook.last_error_at ?? 'some time'}: ${webhook.last_error}`,
      remedy: 'Check that PUBLIC_URL is reachable from outside, over HTTPS. An old error disappears after a while.',
    });
  if (webhook.pending_updates > MANY_PENDING)
    found.push({
      problem: `${webhook.pending_updates} updates are waiting at Telegram.`,
      remedy: 'Wait a minute and check again. If the number does not go down, check the log of the platform.',
    });
  if (webhook.missing_updates.length > 0)
    found.push({
      problem: `Telegram does not send ${webhook.missing_updates.join(', ')}: the bot was registered by an earlier version.`,
      remedy: 'POST /v1/bots/{id}/rotate-token with its current token.',
    });
  return found;
}

/** Returns stuck work that keeps people waiting, with its remedies. */
export const findingsIn = ({ data }: Schema<'BotProblemList'>): Finding[] =>
  data.map(({ kind, subject, count, since, error, remedy }) => ({
    problem: `${kind.replaceAll('_', ' ')}: ${subject}, ${count} since ${since}${error === null ? '' : `: ${error}`}`,
    remedy,
  }));

/** Returns hints about optional features of the bot that are off. They are not problems. */
export function hintsOf(webhook: Schema<'BotWebhook'>): Finding[] {
  if (webhook.inline_mode) return [];
  return [
    {
      problem:
        'Inline mode is off, so people cannot share products in other chats by typing @ and the name of the bot.',
      remedy:
        'To switch it on, send /setinline to BotFather, choose the bot, and send a placeholder such as "Search products".',
    },
  ];
}

const REMEDIES: Readonly<Record<string, string>> = {
  registering: 'Wait until it is registered.',
  paused: 'POST /v1/bots/{id}/resume',
  token_invalid: 'POST /v1/bots/{id}/rotate-token with the current token from BotFather.',
  removing: 'GET /v1/bots/{id}/obligations lists what has to end before it is removed.',
  removed: 'POST /v1/bots with its token; it comes back with the same id.',
};
