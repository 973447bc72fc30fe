/** Failures caused by the sender. All others are ours. */
const SENDERS: ReadonlySet<unknown> = new Set([400, 413]);

/**
 * Returns the status for a failed update. Telegram repeats updates that were not answered with 2xx, and removes a
 * webhook that has been answering 410 for 23 hours (Bot API server), so no error may choose its own status.
 */
export function statusOfFailure(error: unknown): 400 | 413 | 503 {
  const status = (error as { statusCode?: unknown } | undefined)?.statusCode;
  return SENDERS.has(status) ? (status as 400 | 413) : 503;
}
