import { type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  ApiKeyDirectory,
  CONFIGURES,
  IMPERSONATION_SCOPES,
  looksLikeApiKey,
  PlanDirectory,
  type Scope,
  TenantDirectory,
} from '#libs/tenants';
import { StaffAuthenticator } from '../staff/auth/staff-authenticator.service.js';
import { AUDIENCE, type Audience, type CreatorSession, type StaffSession } from './audience.js';
import { RateLimited, RateLimits } from './rate-limits.js';
import { ImpersonationReadOnly, MissingPermission, MissingScope, Unauthenticated } from './refusals.js';
import { SigningKeysAway } from './signed-tokens.js';

type CreatorRequest = FastifyRequest & { user?: CreatorSession };
type StaffRequest = FastifyRequest & { staff?: StaffSession };

/** The one global guard. It denies; a route's audience opens. */
@Injectable()
export class AudienceGuard extends AuthGuard('jwt') {
  constructor(
    private readonly reflector: Reflector,
    private readonly keys: ApiKeyDirectory,
    private readonly limits: RateLimits,
    private readonly plans: PlanDirectory,
    private readonly staff: StaffAuthenticator,
    private readonly tenants: TenantDirectory,
  ) {
    super();
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const audience = this.reflector.getAllAndOverride<Audience | undefined>(AUDIENCE, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (audience === undefined) return false;
    if (audience.kind === 'public') return true;
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    if (audience.kind === 'staff') {
      const staff = await this.identifyStaff(context);
      await this.count(staff.sessionId, reply);
      if (!staff.permissions.includes(audience.permission)) throw new MissingPermission(audience.permission);
      return true;
    }
    const who = await this.identify(context);
    await this.count(who.credentialId, reply, await this.plans.requestsPerMinute(who.tenantId));
    if (who.via === 'impersonation' && !isLook(audience.scope, context)) throw new ImpersonationReadOnly();
    if (!who.scopes.includes(audience.scope)) throw new MissingScope(audience.scope, who.via);
    if (CONFIGURES.includes(audience.scope) && audience.whenLocked !== 'open') {
      await this.tenants.require(who.tenantId, 'configure');
    }
    return true;
  }

  override handleRequest<User>(error: unknown, user: User | false | null | undefined, info: unknown): User {
    // Not the credential's fault: the database, for example, did not say whether the session still stands.
    if (error !== null && error !== undefined) throw error;
    if (info instanceof SigningKeysAway) throw info;
    if (user === false || user === null || user === undefined) throw new Unauthenticated();
    return user;
  }

  private async identify(context: ExecutionContext): Promise<CreatorSession> {
    const request = context.switchToHttp().getRequest<CreatorRequest>();
    const key = apiKeyOf(request);
    if (key !== undefined) request.user = await this.holderOf(key);
    else {
      const impersonation = await this.staff.impersonation(bearerOf(request) ?? '');
      if (impersonation === undefined) await super.canActivate(context);
      else request.user = impersonation;
    }
    if (request.user === undefined) throw new Unauthenticated();
    return request.user;
  }

  private async identifyStaff(context: ExecutionContext): Promise<StaffSession> {
    const request = context.switchToHttp().getRequest<StaffRequest>();
    const who = await this.staff.session(bearerOf(request) ?? '');
    if (who === undefined) throw new Unauthenticated();
    request.staff = who;
    return who;
  }

  private async holderOf(key: string): Promise<CreatorSession> {
    const bearer = await this.keys.bearer(key);
    if (bearer === undefined) throw new Unauthenticated();
    const { keyId, ...rest } = bearer;
    return { via: 'api_key', credentialId: keyId, ...rest };
  }

  // The names of draft 6 of the IETF's RateLimit headers: those that clients know. The later drafts' one-line form is read by few.
  private async count(credentialId: string, reply: FastifyReply, planned?: number): Promise<void> {
    const { limit, remaining, resetSeconds, exceeded } = await this.limits.take(credentialId, planned);
    void reply.headers({
      'RateLimit-Limit': String(limit),
      'RateLimit-Remaining': String(remaining),
      'RateLimit-Reset': String(resetSeconds),
    });
    if (exceeded) throw new RateLimited(resetSeconds);
  }
}

const isLook = (scope: Scope, context: ExecutionContext) =>
  IMPERSONATION_SCOPES.includes(scope) && context.switchToHttp().getRequest<FastifyRequest>().method === 'GET';

const bearerOf = (request: FastifyRequest) => /^bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];

function apiKeyOf(request: FastifyRequest): string | undefined {
  const token = bearerOf(request);
  return token !== undefined && looksLikeApiKey(token) ? token : undefined;
}
