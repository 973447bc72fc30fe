import { applyDecorators, createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import { ApiBearerAuth } from '@nestjs/swagger';
import type { Role, Scope } from '#libs/tenants';

/** Who a route is for. A route that does not say so does not open, and the process does not start. */
export type Audience =
  | { readonly kind: 'public'; readonly why: string }
  | { readonly kind: 'creator'; readonly scope: Scope };

export const AUDIENCE = 'starwall:audience';

/** Open to anybody. @param why the reason, to be read by reviewers */
export const Public = (why: string) => SetMetadata(AUDIENCE, { kind: 'public', why } satisfies Audience);

/** For a creator's credential that has this scope. */
export const Creator = (scope: Scope) =>
  applyDecorators(SetMetadata(AUDIENCE, { kind: 'creator', scope } satisfies Audience), ApiBearerAuth('access_token'));

/** The creator behind a request. The tenant comes from the credential and from nowhere else. */
export interface CreatorSession {
  readonly tenantId: string;
  readonly accountId: string;
  readonly sessionId: string;
  readonly role: Role;
}

/** Injects the {@link CreatorSession} of a `@Creator` route. */
export const Who = createParamDecorator(
  (_: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<{ user: CreatorSession }>().user,
);
