/** The kind of a refusal. The platform's refusal filter maps each kind to one HTTP status. */
export type Refusal =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'unprocessable'
  | 'too_large'
  | 'too_many'
  | 'unavailable'
  | 'no_room';

export interface FieldError {
  readonly path: string;
  readonly message: string;
}

/** A class of refusals. Its code and kind are static, so that a route can declare it without creating one. */
export interface RefusalClass {
  readonly code: string;
  readonly refusal: Refusal;
  readonly prototype: DomainError;
}

/**
 * A refusal that callers may see. Clients switch on `code`, people read `message`, and `remedy` says what to do next;
 * none of them contains anything secret. An error that is not a DomainError is a bug and becomes a 500. Every concrete
 * class is a {@link RefusalClass}: it has a static `code` and a static `refusal`.
 */
export abstract class DomainError extends Error {
  readonly code: string;
  readonly refusal: Refusal;
  abstract readonly remedy: string;
  /** Per-field details, for refusals of input. */
  readonly errors?: readonly FieldError[];
  /** Whole seconds after which a retry makes sense; sent as `Retry-After`. */
  readonly retryAfterSeconds?: number;

  constructor(message: string) {
    super(message);
    const { code, refusal } = new.target as unknown as RefusalClass;
    this.code = code;
    this.refusal = refusal;
  }

  override get name(): string {
    return this.constructor.name;
  }
}

/**
 * Thrown both for a missing object and for an object of another tenant. @param what the kind of object in plain words,
 * for example `order`
 */
export class NotFound extends DomainError {
  static readonly code = 'not_found';
  static readonly refusal = 'not_found';
  readonly remedy = 'Check the id. An id belongs to one workspace, and only that workspace can see it.';

  constructor(what: string) {
    super(`There is no such ${what}.`);
  }
}
