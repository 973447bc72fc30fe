import { QueryFailedError, QueryRunnerAlreadyReleasedError, QueryRunnerProviderAlreadyReleasedError } from 'typeorm';
import { DomainError } from '#libs/kernel';

/** `busy`: the server works, and has no room for this at the moment. `away`: it cannot be asked, or cannot write, at the moment. */
export type Trouble = 'busy' | 'away';

/**
 * SQLSTATE codes and classes (PostgreSQL, "Error Codes") that say something about the server and nothing about the statement, the longest
 * match first. A statement that runs into its time limit (57014) is not among them: it may be a bad statement, which must not be repeated
 * for ever. Whoever waits for a lock runs into `lock_timeout` (55P03) before, see {@link dataSourceOptions}.
 */
const SQLSTATES: Readonly<Record<string, Trouble>> = {
  '08': 'away', // connection exception
  '25006': 'away', // read-only transaction: a standby that is not promoted yet
  '40001': 'busy', // serialization failure, again and again
  '40P01': 'busy', // deadlock, again and again
  '53': 'busy', // too many connections, out of memory
  '53100': 'away', // disk full
  '55P03': 'busy', // lock not available in time
  '57P01': 'away', // admin shutdown
  '57P02': 'away', // crash shutdown
  '57P03': 'away', // the server starts or stops
  '58': 'away', // system error, such as I/O
};

/** What Node says when there is no way to the server. */
const NETWORK = [
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
];

/** What pg and its pool say without a code (pg 8.23, pg-pool 3.14). */
const POOL_IS_FULL = /^timeout exceeded when trying to connect$/i;
const CONNECTION_BROKE = /connection terminated|timeout expired|client has encountered a connection error/i;

/** By name, because an error that Node itself throws is no instance of the classes of every context. */
const MISTAKES: ReadonlySet<unknown> = new Set(['TypeError', 'RangeError', 'ReferenceError', 'SyntaxError']);
/** A statement that took too long, and one that somebody cancelled. */
const TOO_SLOW: ReadonlySet<string> = new Set(['57014']);

const codeOf = (error: unknown) => String((error as { readonly code?: unknown } | undefined)?.code);

/** A connection that breaks releases its query runner before the statement that waits for it hears of it. */
const RELEASED = [QueryRunnerAlreadyReleasedError, QueryRunnerProviderAlreadyReleasedError];

/** What an error says about the server; undefined when it is about the statement, or none of the database's. */
export function troubleOf(error: unknown): Trouble | undefined {
  if (RELEASED.some((type) => error instanceof type)) return 'away';
  const [code, message] = [codeOf(error), String((error as { readonly message?: unknown } | undefined)?.message)];
  if (NETWORK.includes(code) || CONNECTION_BROKE.test(message)) return 'away';
  if (POOL_IS_FULL.test(message)) return 'busy';
  return code.length === 5 ? (SQLSTATES[code] ?? SQLSTATES[code.slice(0, 2)]) : undefined;
}

/**
 * The database could not do it at this moment, and that says nothing about what it was asked to do. Work that fails with it is put back
 * and counts as no try. What was under way was taken back, except that a commit whose answer was lost may stand.
 */
export abstract class DatabaseTrouble extends DomainError {
  static readonly refusal = 'unavailable';

  constructor(message: string, cause?: unknown) {
    super(message);
    this.cause = cause;
  }
}

/**
 * Milliseconds to leave a troubled database alone before the same work comes up again, from two to four seconds so that what failed
 * together does not come back together. @param random from 0 up to 1
 */
export const troubleDelay = (random: number): number => Math.round(2_000 * (1 + random));

const REPEAT_SAFELY = 'A write is safe to repeat with the same Idempotency-Key.';

/** It is there, and has too much to do: no connection or no lock was free in time. */
export class DatabaseBusy extends DatabaseTrouble {
  static readonly code = 'database_busy';
  readonly remedy = `Try again in a few seconds, with fewer requests at once. ${REPEAT_SAFELY}`;
  override readonly retryAfterSeconds = 2;

  constructor(cause?: unknown) {
    super('The database has too much to do at this moment.', cause);
  }
}

/** It cannot be reached, is being restarted, or cannot write. */
export class DatabaseAway extends DatabaseTrouble {
  static readonly code = 'database_unavailable';
  readonly remedy = `Try again in a few seconds. ${REPEAT_SAFELY}`;
  override readonly retryAfterSeconds = 3;

  constructor(cause?: unknown) {
    super('The database does not answer at this moment.', cause);
  }
}

/**
 * Whether an error will come again however long one waits: our own code is wrong, or PostgreSQL refused the statement itself (a violated
 * constraint, a value that cannot be cast). It may still be the result of a race, so one more try is fair.
 */
export function isMistake(error: unknown): boolean {
  const { name, cause } = (error ?? {}) as { readonly name?: unknown; readonly cause?: unknown };
  // `fetch` says with a TypeError that there was no answer, and names the cause.
  if (MISTAKES.has(name)) return cause === undefined;
  return error instanceof QueryFailedError && troubleOf(error) === undefined && !TOO_SLOW.has(codeOf(error));
}

/** @returns the error to throw on: trouble of the server under its name, anything else unchanged */
export function named(error: unknown): unknown {
  const trouble = troubleOf(error);
  if (trouble === undefined) return error;
  return trouble === 'busy' ? new DatabaseBusy(error) : new DatabaseAway(error);
}
