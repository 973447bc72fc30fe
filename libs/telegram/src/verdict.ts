import { TelegramRefused, TelegramUnreachable } from './telegram-error.js';

export type Verdict =
  /** Retry the same call, not before `afterMs`. */
  | { readonly kind: 'retry'; readonly afterMs: number }
  /** The buyer blocked the bot, never started it, or deleted their account. */
  | { readonly kind: 'unreachable' }
  /** The token was revoked or the bot deleted. */
  | { readonly kind: 'token_invalid' }
  /** Telegram will refuse it again. */
  | { readonly kind: 'refused' }
  /** The call may have taken effect: check before repeating it. */
  | { readonly kind: 'unknown' };

/** Tells the caller what to do about an error of a Bot API call. Other errors are rethrown. */
export function judge(error: unknown): Verdict {
  if (error instanceof TelegramUnreachable) return { kind: 'unknown' };
  if (!(error instanceof TelegramRefused)) throw error;
  const { code, description } = error;
  if (code === 429) return { kind: 'retry', afterMs: (error.retryAfter ?? 1) * 1_000 };
  // A 5xx may come from a proxy after the server has done the work, or from the server itself.
  if (code >= 500) return { kind: 'unknown' };
  if (code === 401 || (code === 404 && description === 'Not Found')) return { kind: 'token_invalid' };
  if (code === 403 || /chat not found|user is deactivated/i.test(description)) return { kind: 'unreachable' };
  return { kind: 'refused' };
}

/** True when Telegram refused its own file id, so that the file itself has to be sent (observed wordings). */
export const isForgottenFile = (error: unknown): boolean =>
  error instanceof TelegramRefused && /file.?(id|identifier)|file reference/i.test(error.description);
