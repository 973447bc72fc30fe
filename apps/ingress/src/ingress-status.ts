/** Failures that are the sender's. Everything else is ours. */
const SENDERS: ReadonlySet<unknown> = new Set([400, 413]);

/**
 * The status with which a failure on the way in is answered. Telegram sends again what was not answered with 2xx, and takes the
 * webhook away from a bot whose server answers 410 for 23 hours (Bot API server): no error may choose its own status.
 */
export function statusOfFailure(error: unknown): 400 | 413 | 503 {
  const status = (error as { statusCode?: unknown } | undefined)?.statusCode;
  return SENDERS.has(status) ? (status as 400 | 413) : 503;
}
