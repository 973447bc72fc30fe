import { DomainError, type FieldError } from '#libs/kernel';
import type { Scope } from '#libs/tenants';

/** The request does not fit the route's schema. */
export class InvalidRequest extends DomainError {
  readonly code = 'invalid_request';
  readonly refusal = 'invalid';
  readonly remedy = 'Correct the fields named in `errors`. The API documentation shows what the route takes.';

  constructor(override readonly errors: readonly FieldError[]) {
    super('The request is not valid.');
  }
}

export class MalformedPath extends DomainError {
  readonly code = 'malformed_path';
  readonly refusal = 'invalid';
  readonly remedy = 'Percent-encode what is not a letter, a digit or one of -._~ in the path.';

  constructor() {
    super('The path cannot be decoded.');
  }
}

export class Unauthenticated extends DomainError {
  readonly code = 'unauthenticated';
  readonly refusal = 'unauthenticated';
  readonly remedy =
    'Send `Authorization: Bearer <access token>`. Log in or refresh to get a new one: it lives for 15 minutes.';

  constructor() {
    super('The request carries no valid credential.');
  }
}

export class MissingScope extends DomainError {
  readonly code = 'missing_scope';
  readonly refusal = 'forbidden';
  readonly remedy = 'Ask an owner of the workspace for a role that may do this.';

  constructor(scope: Scope) {
    super(`This credential may not do that: it lacks the scope ${scope}.`);
  }
}
