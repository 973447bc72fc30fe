import { type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiKeyDirectory, CONFIGURES, looksLikeApiKey, PlanDirectory, TenantDirectory } from '#libs/tenants';
import { StaffAuthenticator } from '../staff/auth/staff-authenticator.service.js';
import { judgeCreator, judgeStaff } from './access.js';
import { AUDIENCE, type Audience, type CreatorSession, type StaffSession } from './audience.js';
import { RateLimited, RateLimits } from './rate-limits.js';
import { Unauthenticated } from './refusals.js';
import { SigningKeysAway } from './signed-tokens.js';

type ForCreators = Extract<Audience, { readonly kind: 'creator' }>;
type GuardedRequest = FastifyRequest & { user?: CreatorSession | undefined; staff?: StaffSession | undefined };

/** The one global guard. It denies; a route's audience opens: who it is, whether they may ask now, whether they may do this. */
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
    const http = context.switchToHttp();
    const request = http.getRequest<GuardedRequest>();
    const reply = http.getResponse<FastifyReply>();
    if (audience.kind === 'staff') {
      const staff = await this.identifyStaff(request);
      await this.count(staff.sessionId, reply);
      judgeStaff(staff, audience.permission);
      return true;
    }
    const creator = await this.identifyCreator(request, context);
    await this.count(creator.credentialId, reply, await this.plans.requestsPerMinute(creator.tenantId));
    judgeCreator(creator, audience.scope, request.method);
    await this.requireOpenWorkspace(creator, audience);
    return true;
  }

  override handleRequest<User>(error: unknown, user: User | false | null | undefined, info: unknown): User {
    // Not the credential's fault: the database, for example, did not say whether the session still stands.
    if (error !== null && error !== undefined) throw error;
    if (info instanceof SigningKeysAway) throw info;
    if (user === false || user === null || user === undefined) throw new Unauthenticated();
    return user;
  }

  private async identifyCreator(request: GuardedRequest, context: ExecutionContext): Promise<CreatorSession> {
    const token = bearerOf(request) ?? '';
    if (looksLikeApiKey(token)) request.user = await this.holderOf(token);
    else request.user = await this.staff.impersonation(token);
    // Reads an access token and sets the user of the request.
    if (request.user === undefined) await super.canActivate(context);
    if (request.user === undefined) throw new Unauthenticated();
    return request.user;
  }

  private async identifyStaff(request: GuardedRequest): Promise<StaffSession> {
    request.staff = await this.staff.session(bearerOf(request) ?? '');
    if (request.staff === undefined) throw new Unauthenticated();
    return request.staff;
  }

  private async holderOf(key: string): Promise<CreatorSession> {
    const bearer = await this.keys.bearer(key);
    if (bearer === undefined) throw new Unauthenticated();
    const { keyId, ...rest } = bearer;
    return { via: 'api_key', credentialId: keyId, ...rest };
  }

  private async requireOpenWorkspace({ tenantId }: CreatorSession, { scope, whenLocked }: ForCreators): Promise<void> {
    if (CONFIGURES.includes(scope) && whenLocked !== 'open') await this.tenants.require(tenantId, 'configure');
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

const bearerOf = (request: FastifyRequest) => /^bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
