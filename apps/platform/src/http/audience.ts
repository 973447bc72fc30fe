import { applyDecorators, createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiBearerAuth, ApiExtension } from '@nestjs/swagger';
import type { Permission, StaffRole } from '#libs/staff';
import { KEY_SCOPES, type Role, type Scope } from '#libs/tenants';
import { type CreatorVia, MissingScope } from './refusals.js';

/** The audience of a route. A route without one is not open, and the process does not start (audience.check.ts). */
export type Audience =
  | { readonly kind: 'public'; readonly why: string; readonly limited: boolean }
  | { readonly kind: 'creator'; readonly scope: Scope; readonly whenLocked?: 'open' }
  | { readonly kind: 'staff'; readonly permission: Permission; readonly personal: boolean };

export const AUDIENCE = 'starwall:audience';
/** Marks an operation of the document with its audience. */
export const SHOWN_AUDIENCE = 'x-audience';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Set for our own routes; undefined for all others. */
    audience?: Audience;
  }
}

/** Marks a route for Nest, for the document, and for Fastify, which authenticates before it knows the handler. */
const isFor = (audience: Audience) =>
  applyDecorators(SetMetadata(AUDIENCE, audience), RouteConfig({ audience }), ApiExtension(SHOWN_AUDIENCE, audience));

/**
 * Open to everyone, within the rate limit of a network without a credential.
 * @param why the reason, for reviewers
 * @param unlimited for routes that machines poll
 */
export const Public = (why: string, unlimited?: 'unlimited') =>
  isFor({ kind: 'public', why, limited: unlimited === undefined });

/**
 * For a creator's credential with this scope: a session, or, where keys can have the scope, an API key.
 * @param whenLocked `open` for routes that buyers' refunds depend on: a workspace that may change nothing else may
 * still use them
 */
export const Creator = (scope: Scope, { whenLocked }: { readonly whenLocked?: 'open' } = {}) =>
  applyDecorators(
    isFor({ kind: 'creator', scope, ...(whenLocked === undefined ? {} : { whenLocked }) }),
    ApiBearerAuth('access_token'),
    ...(KEY_SCOPES.includes(scope) ? [ApiBearerAuth('api_key')] : []),
  );

/**
 * For the platform's staff with this permission. Every write is logged before it is done, and so is every read of
 * personal data.
 * @param shows `people` when the response contains personal data
 */
export const Staff = (permission: Permission, shows: 'people' | 'things' = 'things') =>
  applyDecorators(isFor({ kind: 'staff', permission, personal: shows === 'people' }), ApiBearerAuth('staff_token'));

/** The member of staff behind a request. */
export interface StaffSession {
  readonly staffId: string;
  readonly sessionId: string;
  readonly role: StaffRole;
  readonly permissions: readonly Permission[];
}

/** Injects the {@link StaffSession} of a `@Staff` route. */
export const StaffWho = createParamDecorator(
  (_: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<{ staff: StaffSession }>().staff,
);

/** The creator behind a request. The tenant is always taken from the credential. */
export interface CreatorSession {
  readonly via: CreatorVia;
  /** The session, API key or impersonation. Requests are counted and idempotency keys are stored per credential. */
  readonly credentialId: string;
  readonly tenantId: string;
  /** The person who logged in, created the key, or impersonates; and their current role in the workspace. */
  readonly accountId: string;
  readonly role: Role;
  readonly scopes: readonly Scope[];
}

/** Injects the {@link CreatorSession} of a `@Creator` route. */
export const Who = createParamDecorator(
  (_: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<{ user: CreatorSession }>().user,
);

/** Checks a credential again, for long-running responses. Throws if it is no longer valid here. */
export type CheckAgain = () => Promise<void>;

/** Injects the {@link CheckAgain} of a `@Creator` route. */
export const Admission = createParamDecorator(
  (_: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<{ checkAgain: CheckAgain }>().checkAgain,
);

/** Checks for an additional scope, for data that a route does not show to everyone. @throws MissingScope */
export function needScope(who: CreatorSession, scope: Scope): void {
  if (!who.scopes.includes(scope)) throw new MissingScope(scope, who.via);
}
