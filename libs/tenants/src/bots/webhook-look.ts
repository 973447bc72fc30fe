import { z } from 'zod';
import { MINUTE, publicId, timeOrNull, type Shown, shownTime } from '#libs/kernel';

export interface WebhookSaid {
  readonly ours: boolean;
  readonly missingUpdates: readonly string[];
  readonly host: string | null;
  readonly pendingUpdates: number;
  readonly lastErrorAt: Date | null;
}

/** `deaf`: Telegram does not send it all types of updates that it needs. */
export type WebhookProblem = 'elsewhere' | 'missing' | 'deaf' | 'failing' | 'lagging';

/** Milliseconds after which an error at Telegram no longer counts. */
const RECENT_MS = 10 * MINUTE;
/** More than this many updates waiting at Telegram count as a lag. */
const MANY = 100;

/** Problems that the creator is told about. Failures to ask Telegram are temporary and not about the bot. */
const TOLD = new Set<string | null>(['elsewhere', 'missing', 'deaf', 'failing', 'lagging']);
/** Both mean that updates arrive late, and they often alternate between checks. */
const LATE = new Set<string | null>(['failing', 'lagging']);

/**
 * The news for the creator after a check of a webhook. An outage is reported once, and again when another one replaces
 * it.
 * @param told the problem that was reported last; null when none is open
 * @param problem the result of the check; null when nothing is wrong
 */
export function webhookNews(told: string | null, problem: string | null): 'failing' | 'recovered' | undefined {
  if (problem === null) return told === null ? undefined : 'recovered';
  if (!TOLD.has(problem) || told === problem) return undefined;
  return LATE.has(told) && LATE.has(problem) ? undefined : 'failing';
}

/** The problem of a bot's webhook; undefined when there is none. */
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
  /** Null once the problem is over. */
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
    problem: z.string().nullable().describe('null once the problem is over.'),
    since: shownTime.nullable(),
    host: z.string().nullable(),
    pending_updates: z.int().nullable(),
    last_error: z.string().nullable(),
    last_error_at: shownTime.nullable(),
  })
  .meta({ id: 'BotWebhookProblem' });

/** The problem of a bot's webhook, as events show it. */
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
