import { createHash } from 'node:crypto';
import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiExtension, ApiHeader } from '@nestjs/swagger';
import { DomainError, HOUR, MINUTE } from '#libs/kernel';

/** Milliseconds for which a first response is stored and repeated. */
export const KEPT_FOR_MS = 24 * HOUR;

/** Milliseconds after which a request with external calls counts as dead: more than all its timeouts together. */
export const RUNS_AT_MOST_MS = 5 * MINUTE;

export interface IdempotencyRule {
  /** Routes that move money require a key. */
  readonly required: boolean;
  /**
   * The handler calls the network or receives a file before it changes anything, and returns a {@link Commit}: its
   * changes, the response and the audit entry are one transaction.
   */
  readonly prepares: boolean;
  /**
   * The handler calls Telegram or changes data of the platform, so it cannot share a transaction with its response.
   * Repeated after a crash, it continues where it stopped.
   */
  readonly callsOut: boolean;
  /** The body contains a password, and storing a fingerprint would store a fast hash of it: so the key is ignored. */
  readonly ignored: boolean;
}

export const IDEMPOTENCY = 'starwall:idempotency';
export const IDEMPOTENCY_KEY = 'Idempotency-Key';
/** Marks an operation of the document whose key is ignored. */
export const KEY_IGNORED = 'x-idempotency-key-ignored';

export const PLAIN: IdempotencyRule = { required: false, prepares: false, callsOut: false, ignored: false };

/** Declares a route's exceptions from the rule that every write accepts an `Idempotency-Key`. */
export const Idempotency = (rule: Partial<IdempotencyRule>) =>
  applyDecorators(
    SetMetadata(IDEMPOTENCY, { ...PLAIN, ...rule } satisfies IdempotencyRule),
    rule.ignored === true ? ApiExtension(KEY_IGNORED, true) : keyHeader(rule.required ?? false),
  );

const keyHeader = (required: boolean) =>
  ApiHeader({
    name: IDEMPOTENCY_KEY,
    required,
    description:
      '1 to 255 visible ASCII characters of your choice. Repeating the request within 24 hours returns the first response.',
  });

/** Hashes everything that makes two requests the same: method, path with query, and body. */
export function fingerprint(method: string, url: string, body: unknown): Buffer {
  return createHash('sha256')
    .update(JSON.stringify([method, url, sorted(body)]))
    .digest();
}

/** Completes the fingerprint of a request with its file. */
export const completedBy = (content: Buffer | undefined, request: Buffer) =>
  content === undefined ? request : createHash('sha256').update(request).update(content).digest();

/** Sorts members by name, because their order has no meaning in JSON. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => [key, sorted(member)]);
}

export class IdempotencyKeyInvalid extends DomainError {
  static readonly code = 'idempotency_key_invalid';
  static readonly refusal = 'invalid';
  readonly remedy = 'Send one Idempotency-Key of 1 to 255 visible ASCII characters, for example a UUID.';

  constructor() {
    super('The Idempotency-Key is not valid.');
  }
}

export class IdempotencyKeyRequired extends DomainError {
  static readonly code = 'idempotency_key_required';
  static readonly refusal = 'invalid';
  readonly remedy =
    'Send the header Idempotency-Key with a value of your choice, and the same value when you repeat the request.';

  constructor() {
    super('This request moves money, so it needs an Idempotency-Key.');
  }
}

export class IdempotencyMismatch extends DomainError {
  static readonly code = 'idempotency_mismatch';
  static readonly refusal = 'unprocessable';
  readonly remedy =
    'Use a new Idempotency-Key for a new request. A repetition must have the same method, path and body.';

  constructor() {
    super('This Idempotency-Key was used for a different request.');
  }
}

export class RequestInProgress extends DomainError {
  static readonly code = 'request_in_progress';
  static readonly refusal = 'conflict';
  readonly remedy =
    'Wait a moment and send the request again with the same Idempotency-Key: you will get its response.';

  constructor() {
    super('A request with this Idempotency-Key is in progress.');
  }
}
