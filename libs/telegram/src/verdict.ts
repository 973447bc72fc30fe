import { TelegramRefused, TelegramUnreachable } from './telegram-error.js';

export type Verdict =
  /** Try the same call again, not before `afterMs`. */
  | { readonly kind: 'retry'; readonly afterMs: number }
  /** The buyer blocked the bot, never started it, or is gone. */
  | { readonly kind: 'unreachable' }
  /** The token was revoked or the bot deleted. */
  | { readonly kind: 'token_invalid' }
  /** Telegram will say the same again. */
  | { readonly kind: 'refused' }
  /** The call may have had its effect: look before it is made again. */
  | { readonly kind: 'unknown' };

/** What an error of a Bot API call means for the one who called. Anything that is not from Telegram is thrown on. */
export function judge(error: unknown): Verdict {
  if (error instanceof TelegramUnreachable) return { kind: 'unknown' };
  if (!(error instanceof TelegramRefused)) throw error;
  const { code, description } = error;
  if (code === 429) return { kind: 'retry', afterMs: (error.retryAfter ?? 1) * 1_000 };
  // A 5xx may come from in front of the server that did the work or from behind it.
  if (code >= 500) return { kind: 'unknown' };
  if (code === 401 || (code === 404 && description === 'Not Found')) return { kind: 'token_invalid' };
  if (code === 403 || /chat not found|user is deactivated/i.test(description)) return { kind: 'unreachable' };
  return { kind: 'refused' };
}

/** Whether Telegram refused the name that it gave a file, so that the file itself has to be sent (observed wordings). */
export const isForgottenFile = (error: unknown): boolean =>
  error instanceof TelegramRefused && /file.?(id|identifier)|file reference/i.test(error.description);
