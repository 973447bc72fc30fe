import { z } from 'zod';
import { MINUTE, publicId, timeOrNull, type Shown, shownTime } from '#libs/kernel';

export interface WebhookSaid {
  readonly ours: boolean;
  readonly missingUpdates: readonly string[];
  readonly host: string | null;
  readonly pendingUpdates: number;
  readonly lastErrorAt: Date | null;
}

/** `deaf`: Telegram does not send it all kinds of updates that it needs. */
export type WebhookProblem = 'elsewhere' | 'missing' | 'deaf' | 'failing' | 'lagging';

/** An error of Telegram's that is older has passed. */
const RECENT_MS = 10 * MINUTE;
/** More than this many updates waiting at Telegram is a lag. */
const MANY = 100;

/** What a creator is told of: not that Telegram could not be asked, which passes and is not about the bot. */
const TOLD = new Set<string | null>(['elsewhere', 'missing', 'deaf', 'failing', 'lagging']);
/** Both mean that updates come late: which of them it is changes from look to look. */
const LATE = new Set<string | null>(['failing', 'lagging']);

/**
 * What the creator has to hear of after a look at a webhook. An outage is told once, and once more when another one takes its place.
 * @param told the problem that was told last; null when none is left
 * @param problem what the look found; null when nothing is wrong
 */
export function webhookNews(told: string | null, problem: string | null): 'failing' | 'recovered' | undefined {
  if (problem === null) return told === null ? undefined : 'recovered';
  if (!TOLD.has(problem) || told === problem) return undefined;
  return LATE.has(told) && LATE.has(problem) ? undefined : 'failing';
}

/** What is wrong with a bot's webhook; undefined when nothing is. */
export function webhookProblem(said: WebhookSaid, now: Date): WebhookProblem | undefined {
  if (said.host === null) return 'missing';
  if (!said.ours) return 'elsewhere';
  if (said.missingUpdates.length > 0) return 'deaf';
  const failed = said.lastErrorAt !== null && now.getTime() - said.lastErrorAt.getTime() < RECENT_MS;
  if (failed && said.pendingUpdates > 0) return 'failing';
  return said.pendingUpdates > MANY ? 'lagging' : undefined;
}

export interface WebhookTrouble {
  readonly botId: string;
  readonly username: string;
  /** Null when nothing is wrong any more. */
  readonly problem: string | null;
  readonly since: Date | null;
  readonly host: string | null;
  readonly pendingUpdates: number | null;
  readonly lastError: string | null;
  readonly lastErrorAt: Date | null;
}

export const webhookTroubleSchema = z
  .object({
    object: z.literal('bot_webhook_problem'),
    bot_id: z.string(),
    username: z.string(),
    problem: z.string().nullable().describe('null: nothing is wrong any more.'),
    since: shownTime.nullable(),
    host: z.string().nullable(),
    pending_updates: z.int().nullable(),
    last_error: z.string().nullable(),
    last_error_at: shownTime.nullable(),
  })
  .meta({ id: 'BotWebhookProblem' });

/** What is wrong with a bot's webhook, as events show it. */
export const webhookTroubleView = (trouble: WebhookTrouble): Shown<typeof webhookTroubleSchema> => ({
  object: 'bot_webhook_problem' as const,
  bot_id: publicId('bot', trouble.botId),
  username: trouble.username,
  problem: trouble.problem,
  since: timeOrNull(trouble.since),
  host: trouble.host,
  pending_updates: trouble.pendingUpdates,
  last_error: trouble.lastError,
  last_error_at: timeOrNull(trouble.lastErrorAt),
});
