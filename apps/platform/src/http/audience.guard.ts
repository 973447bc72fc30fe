import { type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiKeyDirectory, looksLikeApiKey, PlanDirectory } from '#libs/tenants';
import { AUDIENCE, type Audience, type CreatorSession } from './audience.js';
import { RateLimited, RateLimits } from './rate-limits.js';
import { MissingScope, Unauthenticated } from './refusals.js';
import { SigningKeysAway } from './signed-tokens.js';

type CreatorRequest = FastifyRequest & { user?: CreatorSession };

/** The one global guard. It denies; a route's audience opens. */
@Injectable()
export class AudienceGuard extends AuthGuard('jwt') {
  constructor(
    private readonly reflector: Reflector,
    private readonly keys: ApiKeyDirectory,
    private readonly limits: RateLimits,
    private readonly plans: PlanDirectory,
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
    const who = await this.identify(context);
    await this.count(who, context.switchToHttp().getResponse<FastifyReply>());
    if (!who.scopes.includes(audience.scope)) throw new MissingScope(audience.scope, who.via);
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
    if (key === undefined) await super.canActivate(context);
    else request.user = await this.bearerOf(key);
    if (request.user === undefined) throw new Unauthenticated();
    return request.user;
  }

  private async bearerOf(key: string): Promise<CreatorSession> {
    const bearer = await this.keys.bearer(key);
    if (bearer === undefined) throw new Unauthenticated();
    const { keyId, ...rest } = bearer;
    return { via: 'api_key', credentialId: keyId, ...rest };
  }

  // The names of draft 6 of the IETF's RateLimit headers: those that clients know. The later drafts' one-line form is read by few.
  private async count({ credentialId, tenantId }: CreatorSession, reply: FastifyReply): Promise<void> {
    const planned = await this.plans.requestsPerMinute(tenantId);
    const { limit, remaining, resetSeconds, exceeded } = await this.limits.take(credentialId, planned);
    void reply.headers({
      'RateLimit-Limit': String(limit),
      'RateLimit-Remaining': String(remaining),
      'RateLimit-Reset': String(resetSeconds),
    });
    if (exceeded) throw new RateLimited(resetSeconds);
  }
}

function apiKeyOf(request: FastifyRequest): string | undefined {
  const token = /^bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  return token !== undefined && looksLikeApiKey(token) ? token : undefined;
}
