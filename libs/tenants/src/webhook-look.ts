import { MINUTE } from '#libs/kernel';

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

/** What is wrong with a bot's webhook; undefined when nothing is. */
export function webhookProblem(said: WebhookSaid, now: Date): WebhookProblem | undefined {
  if (said.host === null) return 'missing';
  if (!said.ours) return 'elsewhere';
  if (said.missingUpdates.length > 0) return 'deaf';
  const failed = said.lastErrorAt !== null && now.getTime() - said.lastErrorAt.getTime() < RECENT_MS;
  if (failed && said.pendingUpdates > 0) return 'failing';
  return said.pendingUpdates > MANY ? 'lagging' : undefined;
}
