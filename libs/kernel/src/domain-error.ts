/** What kind of refusal it is. Each kind has one HTTP status, decided once in the platform's refusal filter. */
export type Refusal =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'unprocessable'
  | 'too_large'
  | 'too_many'
  | 'unavailable';

export interface FieldError {
  readonly path: string;
  readonly message: string;
}

/**
 * A refusal with a name. `code` is what clients switch on, `message` is a sentence for people, `remedy` says what to do next;
 * all three are safe to show to whoever asked. Anything that is not a DomainError is a bug and is answered with 500.
 */
export abstract class DomainError extends Error {
  abstract readonly code: string;
  abstract readonly refusal: Refusal;
  abstract readonly remedy: string;
  /** Per-field details, for refusals of input. */
  readonly errors?: readonly FieldError[];
  /** Whole seconds after which it is worth trying again; sent as `Retry-After`. */
  readonly retryAfterSeconds?: number;

  override get name(): string {
    return this.constructor.name;
  }
}

/**
 * Somebody else's thing and a thing that never was are the same answer.
 * @param what the kind of thing in plain words, for example `order`
 */
export class NotFound extends DomainError {
  readonly code = 'not_found';
  readonly refusal = 'not_found';
  readonly remedy = 'Check the id. An id belongs to one workspace, and only that workspace can see it.';

  constructor(what: string) {
    super(`There is no such ${what}.`);
  }
}
