/** Telegram answered, and the answer was no. Holds no payload and no URL, so it may be logged and stored. */
export class TelegramRefused extends Error {
  override readonly name = 'TelegramRefused';

  constructor(
    readonly method: string,
    readonly code: number,
    readonly description: string,
    /** Seconds, only with code 429. */
    readonly retryAfter: number | undefined,
    /** The supergroup that a group has become, only when it was called by its former number. */
    readonly migrateTo?: number | undefined,
  ) {
    super(`${method}: ${code} ${description}`);
  }
}

/** No answer came: the call may have had its effect or not. */
export class TelegramUnreachable extends Error {
  override readonly name = 'TelegramUnreachable';

  constructor(
    readonly method: string,
    readonly reason: 'timeout' | 'network',
  ) {
    super(`${method}: no answer from Telegram (${reason})`);
  }
}
