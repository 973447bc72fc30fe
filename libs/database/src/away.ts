import { QueryRunnerAlreadyReleasedError, QueryRunnerProviderAlreadyReleasedError } from 'typeorm';
import { DomainError } from '#libs/kernel';

/** No connection, a server that starts or stops, and too many connections (PostgreSQL, "Error Codes", classes 08, 53 and 57P). */
const CODES = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', '08006', '53300', '57P01', '57P02', '57P03'];
/** What pg and its pool say without a code. */
const WORDS =
  /connection terminated|timeout exceeded when trying to connect|client has encountered a connection error/i;

/** A connection that breaks releases its query runner before the statement that waits for it hears of it. */
const RELEASED = [QueryRunnerAlreadyReleasedError, QueryRunnerProviderAlreadyReleasedError];

/** Whether an error says that the server is not there, or is just being restarted, and nothing about the statement. */
export function isAway(error: unknown): boolean {
  if (RELEASED.some((type) => error instanceof type)) return true;
  const { code, message } = (error ?? {}) as { readonly code?: unknown; readonly message?: unknown };
  return CODES.includes(String(code)) || WORDS.test(String(message));
}

/** The database cannot be asked now. What was under way was taken back, except that a commit whose answer was lost may stand. */
export class DatabaseAway extends DomainError {
  readonly code = 'database_unavailable';
  readonly refusal = 'unavailable';
  readonly remedy = 'Try again in a few seconds. A write is safe to repeat with the same Idempotency-Key.';
  override readonly retryAfterSeconds = 3;

  constructor(cause?: unknown) {
    super('The database does not answer at this moment.');
    this.cause = cause;
  }
}
