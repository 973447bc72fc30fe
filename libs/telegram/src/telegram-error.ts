/** Thrown when Telegram has refused a call. Contains no payload and no URL, so it may be logged and stored. */
export class TelegramRefused extends Error {
  override readonly name = 'TelegramRefused';

  constructor(
    readonly method: string,
    readonly code: number,
    readonly description: string,
    /** Seconds, only with code 429. */
    readonly retryAfter: number | undefined,
    /** The supergroup's id, when a group was called by its former id. */
    readonly migrateTo?: number | undefined,
  ) {
    super(`${method}: ${code} ${description}`);
  }
}

/** Thrown when there was no response: the call may or may not have taken effect. */
export class TelegramUnreachable extends Error {
  override readonly name = 'TelegramUnreachable';

  constructor(
    readonly method: string,
    readonly reason: 'timeout' | 'network',
  ) {
    super(`${method}: no response from Telegram (${reason})`);
  }
}
