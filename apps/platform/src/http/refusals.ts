import { DomainError, type FieldError } from '#libs/kernel';
import type { Permission } from '#libs/staff';
import { KEY_SCOPES, type Scope } from '#libs/tenants';

const ASK_FOR_ROLE = 'Ask an owner of the workspace for a role that may do this.';
const ASK_FOR_KEY = 'Create an API key with this scope. A key can have no more scopes than the role of its creator.';
const LOG_IN = 'Log in: API keys may not do this.';

export type CreatorVia = 'session' | 'api_key' | 'impersonation';

/** The request does not fit the route's schema. */
export class InvalidRequest extends DomainError {
  static readonly code = 'invalid_request';
  static readonly refusal = 'invalid';
  readonly remedy = 'Correct the fields named in `errors`. The API documentation shows what the route takes.';

  constructor(override readonly errors: readonly FieldError[]) {
    super('The request is not valid.');
  }
}

export class MalformedPath extends DomainError {
  static readonly code = 'malformed_path';
  static readonly refusal = 'invalid';
  readonly remedy = 'Percent-encode every character in the path that is not a letter, a digit or one of -._~.';

  constructor() {
    super('The path cannot be decoded.');
  }
}

export class Unauthenticated extends DomainError {
  static readonly code = 'unauthenticated';
  static readonly refusal = 'unauthenticated';
  readonly remedy =
    'Send `Authorization: Bearer` with an access token or an API key. Log in or refresh to get a new ' +
    'access token: it is valid for 15 minutes and ends with its session. A key may be revoked, expired, ' +
    'or of the other mode.';

  constructor() {
    super('The request has no valid credential.');
  }
}

export class MissingScope extends DomainError {
  static readonly code = 'missing_scope';
  static readonly refusal = 'forbidden';
  readonly remedy: string;

  constructor(scope: Scope, via: CreatorVia) {
    super(`This credential may not do that: it lacks the scope ${scope}.`);
    this.remedy = via !== 'api_key' ? ASK_FOR_ROLE : KEY_SCOPES.includes(scope) ? ASK_FOR_KEY : LOG_IN;
  }
}

export class MissingPermission extends DomainError {
  static readonly code = 'missing_permission';
  static readonly refusal = 'forbidden';
  readonly remedy = 'Ask an admin of the platform for a role that may do this.';

  constructor(permission: Permission) {
    super(`Your role may not do that: it lacks the permission ${permission}.`);
  }
}

export class ImpersonationReadOnly extends DomainError {
  static readonly code = 'impersonation_read_only';
  static readonly refusal = 'forbidden';
  readonly remedy = 'Read only. Changes and exports are made by the workspace, or by staff under their own name.';

  constructor() {
    super('Staff who impersonate a workspace cannot change or export anything in it.');
  }
}
