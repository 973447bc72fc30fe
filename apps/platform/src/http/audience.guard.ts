import { type ExecutionContext, Injectable } from '@nestjs/common';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import { AuthGuard } from '@nestjs/passport';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiKeyDirectory, CONFIGURES, looksLikeApiKey, PlanDirectory, TenantDirectory } from '#libs/tenants';
import { StaffAuthenticator } from './staff-authenticator.service.js';
import { judgeCreator, judgeStaff } from './access.js';
import type { Audience, CheckAgain, CreatorSession, StaffSession } from './audience.js';
import { RateLimited, RateLimits } from './rate-limits.js';
import { Unauthenticated } from './refusals.js';
import { SigningKeysAway } from './signed-tokens.js';

type ForCreators = Extract<Audience, { readonly kind: 'creator' }>;
type ForStaff = Extract<Audience, { readonly kind: 'staff' }>;
type GuardedRequest = FastifyRequest & {
  user?: CreatorSession | undefined;
  staff?: StaffSession | undefined;
  checkAgain?: CheckAgain;
};

/**
 * The only global guard. It denies by default; a route's audience grants access after three checks: identity, rate
 * limit, permission. All run before the body of the request is read (bootstrap.ts), so bodies of strangers are never
 * processed.
 */
@Injectable()
export class AudienceGuard extends AuthGuard('jwt') {
  private readonly admitted = new WeakSet<FastifyRequest>();

  constructor(
    private readonly keys: ApiKeyDirectory,
    private readonly limits: RateLimits,
    private readonly plans: PlanDirectory,
    private readonly staff: StaffAuthenticator,
    private readonly tenants: TenantDirectory,
  ) {
    super();
  }

  /** A route is open only to requests that {@link admit} has accepted. */
  override canActivate(context: ExecutionContext): Promise<boolean> {
    return Promise.resolve(this.admitted.has(context.switchToHttp().getRequest<FastifyRequest>()));
  }

  /**
   * Accepts a request or throws. Paths that are not our routes (the pages of the documentation, an unknown address)
   * have no audience and are open to everyone, like public ones.
   * @throws Unauthenticated, RateLimited, MissingScope, MissingPermission, ImpersonationReadOnly, or the refusal of a
   * restricted workspace
   */
  async admit(request: GuardedRequest, reply: FastifyReply): Promise<void> {
    const { audience } = request.routeOptions.config;
    if (audience === undefined) return this.limits.takeStranger(request.ip);
    if (audience.kind === 'staff') await this.admitStaff(request, reply, audience);
    else if (audience.kind === 'creator') await this.admitCreator(request, reply, audience);
    else if (audience.limited) await this.limits.takeStranger(request.ip);
    this.admitted.add(request);
  }

  private async admitStaff(request: GuardedRequest, reply: FastifyReply, { permission }: ForStaff): Promise<void> {
    const staff = await this.orStranger(request, this.identifyStaff(request));
    await this.count(staff.sessionId, reply);
    judgeStaff(staff, permission);
  }

  private async admitCreator(request: GuardedRequest, reply: FastifyReply, audience: ForCreators): Promise<void> {
    const creator = await this.orStranger(request, this.identifyCreator(request, reply));
    await this.count(creator.credentialId, reply, await this.plans.requestsPerMinute(creator.tenantId));
    judgeCreator(creator, audience.scope, request.method);
    await this.requireOpenWorkspace(creator, audience);
    request.checkAgain = async () =>
      judgeCreator(await this.identifyCreator(request, reply), audience.scope, request.method);
  }

  /** Counts a request with an invalid credential as one without a credential. */
  private async orStranger<Who>({ ip }: GuardedRequest, identified: Promise<Who>): Promise<Who> {
    try {
      return await identified;
    } catch (error) {
      if (error instanceof Unauthenticated) await this.limits.takeStranger(ip);
      throw error;
    }
  }

  override handleRequest<User>(error: unknown, user: User | false | null | undefined, info: unknown): User {
    // Not the credential's fault: for example, the session could not be looked up in the database.
    if (error !== null && error !== undefined) throw error;
    if (info instanceof SigningKeysAway) throw info;
    if (user === false || user === null || user === undefined) throw new Unauthenticated();
    return user;
  }

  private async identifyCreator(request: GuardedRequest, reply: FastifyReply): Promise<CreatorSession> {
    const token = bearerOf(request) ?? '';
    if (looksLikeApiKey(token)) request.user = await this.holderOf(token);
    else request.user = await this.staff.impersonation(token);
    // Reads an access token and sets the user of the request.
    if (request.user === undefined) await super.canActivate(new ExecutionContextHost([request, reply]));
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

  // The names of draft 6 of the IETF's RateLimit headers, which clients know. Few support the one-line form of later
  // drafts.
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
