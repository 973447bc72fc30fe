import { applyDecorators, createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import { ApiBearerAuth } from '@nestjs/swagger';
import type { Role, Scope } from '#libs/tenants';
import { Refuses } from './problems.js';

/** Who a route is for. A route that does not say so does not open, and the process does not start (audience.check.ts). */
export type Audience =
  | { readonly kind: 'public'; readonly why: string }
  | { readonly kind: 'creator'; readonly scope: Scope };

export const AUDIENCE = 'starwall:audience';

/** Open to anybody. @param why the reason, to be read by reviewers */
export const Public = (why: string) =>
  applyDecorators(SetMetadata(AUDIENCE, { kind: 'public', why } satisfies Audience), Refuses());

/** For a creator's credential that has this scope. */
export const Creator = (scope: Scope) =>
  applyDecorators(
    SetMetadata(AUDIENCE, { kind: 'creator', scope } satisfies Audience),
    ApiBearerAuth('access_token'),
    Refuses([401, 'No valid credential.'], [403, `The credential lacks the scope \`${scope}\`.`]),
  );

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
