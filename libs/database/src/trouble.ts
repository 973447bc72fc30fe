import { QueryFailedError, QueryRunnerAlreadyReleasedError, QueryRunnerProviderAlreadyReleasedError } from 'typeorm';
import { DomainError } from '#libs/kernel';
import { databaseErrors } from '#libs/metrics';

/** `busy`: the server has no capacity now. `away`: it cannot be reached now. `full`: its disk is full. */
export type Trouble = 'busy' | 'away' | 'full';

/**
 * SQLSTATE codes and classes (PostgreSQL, "Error Codes") that are about the server and not about the statement; the
 * longest match counts. A statement timeout (57014) is not among them: it may be a bad statement, which must not be
 * repeated forever. Waiting for a lock hits `lock_timeout` (55P03) first, see {@link dataSourceOptions}.
 */
const SQLSTATES: Readonly<Record<string, Trouble>> = {
  '08': 'away', // connection exception
  '25006': 'away', // read-only transaction: a standby that is not promoted yet
  '25P03': 'away', // the server ended a transaction that stood still, such as one of a machine that was suspended
  '25P04': 'away', // the server ended a transaction that was too long, or one during which its clock jumped
  '40001': 'busy', // serialization failure, repeatedly
  '40P01': 'busy', // deadlock, repeatedly
  '53': 'busy', // too many connections, out of memory
  '53100': 'full', // disk full
  '55P03': 'busy', // lock not available in time
  '57P01': 'away', // admin shutdown
  '57P02': 'away', // crash shutdown
  '57P03': 'away', // the server is starting or stopping
  '58': 'away', // system error, such as I/O
};

/** Node's error codes when the server cannot be reached. */
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

/** Messages of pg and its pool that have no code (pg 8.23, pg-pool 3.14). */
const POOL_IS_FULL = /^timeout exceeded when trying to connect$/i;
const CONNECTION_BROKE = /connection terminated|timeout expired|client has encountered a connection error/i;

/** By name, because an error that Node itself throws is not an instance of every context's classes. */
const MISTAKES: ReadonlySet<unknown> = new Set(['TypeError', 'RangeError', 'ReferenceError', 'SyntaxError']);
/** SQLSTATE codes of statements that took too long or were cancelled. */
const TOO_SLOW: ReadonlySet<string> = new Set(['57014']);

const codeOf = (error: unknown) => String((error as { readonly code?: unknown } | undefined)?.code);

/** A connection that breaks releases its query runner before the waiting statement fails. */
const RELEASED = [QueryRunnerAlreadyReleasedError, QueryRunnerProviderAlreadyReleasedError];

/**
 * Classifies an error by what it says about the server; undefined if it is about the statement, or not a database
 * error.
 */
export function troubleOf(error: unknown): Trouble | undefined {
  if (RELEASED.some((type) => error instanceof type)) return 'away';
  const [code, message] = [codeOf(error), String((error as { readonly message?: unknown } | undefined)?.message)];
  if (NETWORK.includes(code) || CONNECTION_BROKE.test(message)) return 'away';
  if (POOL_IS_FULL.test(message)) return 'busy';
  return code.length === 5 ? (SQLSTATES[code] ?? SQLSTATES[code.slice(0, 2)]) : undefined;
}

/**
 * Thrown when the database temporarily cannot do something, through no fault of the request. Work that fails with it
 * goes back to its queue, and the attempt does not count. It was rolled back, except that a commit whose confirmation
 * was lost may have succeeded.
 */
export abstract class DatabaseTrouble extends DomainError {
  static readonly refusal: 'unavailable' | 'no_room' = 'unavailable';

  constructor(message: string, cause?: unknown) {
    super(message);
    this.cause = cause;
  }
}

/**
 * Milliseconds before the same work is retried after a database failure, from two to four seconds, so that work that
 * failed together is not retried together.
 * @param random from 0 up to 1
 */
export const troubleDelay = (random: number): number => Math.round(2_000 * (1 + random));

const REPEAT_SAFELY = 'A write is safe to repeat with the same Idempotency-Key.';

/** The database is overloaded: no connection or no lock was free in time. */
export class DatabaseBusy extends DatabaseTrouble {
  static readonly code = 'database_busy';
  readonly remedy = `Try again in a few seconds, with fewer requests at once. ${REPEAT_SAFELY}`;
  override readonly retryAfterSeconds = 2;

  constructor(cause?: unknown) {
    super('The database is overloaded.', cause);
  }
}

/** The server's disk is full: it answers but cannot write. */
export class DatabaseFull extends DatabaseTrouble {
  static readonly code = 'database_full';
  static override readonly refusal = 'no_room';
  readonly remedy = `Only the operator can help, by freeing space on the database's disk. ${REPEAT_SAFELY}`;
  override readonly retryAfterSeconds = 60;

  constructor(cause?: unknown) {
    super('The disk of the database is full. Nothing was saved.', cause);
  }
}

/** The database cannot be reached, is being restarted, or is a standby. */
export class DatabaseAway extends DatabaseTrouble {
  static readonly code = 'database_unavailable';
  readonly remedy = `Try again in a few seconds. ${REPEAT_SAFELY}`;
  override readonly retryAfterSeconds = 3;

  constructor(cause?: unknown) {
    super('The database is temporarily unavailable.', cause);
  }
}

/**
 * True for an error that waiting does not fix: our own code is wrong, or PostgreSQL refused the statement itself (a
 * violated constraint, a value that cannot be cast). It may still be the result of a race, so one more attempt is
 * justified.
 */
export function isMistake(error: unknown): boolean {
  const { name, cause } = (error ?? {}) as { readonly name?: unknown; readonly cause?: unknown };
  // `fetch` reports a missing response as a TypeError with a cause.
  if (MISTAKES.has(name)) return cause === undefined;
  return error instanceof QueryFailedError && troubleOf(error) === undefined && !TOO_SLOW.has(codeOf(error));
}

const TROUBLES = { busy: DatabaseBusy, away: DatabaseAway, full: DatabaseFull } as const satisfies Record<
  Trouble,
  unknown
>;

/** @returns the error to rethrow: server trouble under its name, any other error unchanged */
export function named(error: unknown): unknown {
  const trouble = troubleOf(error);
  if (trouble === undefined) return error;
  databaseErrors.inc({ trouble });
  return new TROUBLES[trouble](error);
}
