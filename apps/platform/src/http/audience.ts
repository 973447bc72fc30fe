import { applyDecorators, createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiBearerAuth, ApiExtension } from '@nestjs/swagger';
import type { Permission, StaffRole } from '#libs/staff';
import { KEY_SCOPES, type Role, type Scope } from '#libs/tenants';
import { type CreatorVia, MissingScope } from './refusals.js';

/** Who a route is for. A route that does not say so does not open, and the process does not start (audience.check.ts). */
export type Audience =
  | { readonly kind: 'public'; readonly why: string; readonly limited: boolean }
  | { readonly kind: 'creator'; readonly scope: Scope; readonly whenLocked?: 'open' }
  | { readonly kind: 'staff'; readonly permission: Permission; readonly personal: boolean };

export const AUDIENCE = 'starwall:audience';
/** Marks an operation of the document with its audience. */
export const SHOWN_AUDIENCE = 'x-audience';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Of a route of ours; undefined for all others. */
    audience?: Audience;
  }
}

/** For Nest, for Fastify, which has not found the handler yet when it asks who is there, and for the document. */
const isFor = (audience: Audience) =>
  applyDecorators(SetMetadata(AUDIENCE, audience), RouteConfig({ audience }), ApiExtension(SHOWN_AUDIENCE, audience));

/**
 * Open to anybody, as often as a network may ask without a credential.
 * @param why the reason, to be read by reviewers
 * @param unlimited for what machines ask all the time
 */
export const Public = (why: string, unlimited?: 'unlimited') =>
  isFor({ kind: 'public', why, limited: unlimited === undefined });

/**
 * For a creator's credential that has this scope: a session, or, where the scope is one that keys may have, an API key.
 * @param whenLocked `open` for what buyers' refunds depend on: a workspace that may change nothing else may still do it
 */
export const Creator = (scope: Scope, { whenLocked }: { readonly whenLocked?: 'open' } = {}) =>
  applyDecorators(
    isFor({ kind: 'creator', scope, ...(whenLocked === undefined ? {} : { whenLocked }) }),
    ApiBearerAuth('access_token'),
    ...(KEY_SCOPES.includes(scope) ? [ApiBearerAuth('api_key')] : []),
  );

/**
 * For the platform's staff who may do this. Every write is recorded before it is done; so is a read that shows people.
 * @param shows `people` when the answer holds personal data of somebody
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

/** The creator behind a request. The tenant comes from the credential and from nowhere else. */
export interface CreatorSession {
  readonly via: CreatorVia;
  /** The session, the API key or the impersonation. Requests are counted and idempotency keys are kept per credential. */
  readonly credentialId: string;
  readonly tenantId: string;
  /** Who logged in, or who made the key, or the member of staff who looks; and their role in the workspace now. */
  readonly accountId: string;
  readonly role: Role;
  readonly scopes: readonly Scope[];
}

/** Injects the {@link CreatorSession} of a `@Creator` route. */
export const Who = createParamDecorator(
  (_: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<{ user: CreatorSession }>().user,
);

/** For what a route shows only to credentials with one more scope. @throws MissingScope */
export function needScope(who: CreatorSession, scope: Scope): void {
  if (!who.scopes.includes(scope)) throw new MissingScope(scope, who.via);
}
