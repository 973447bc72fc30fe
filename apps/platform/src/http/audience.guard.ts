import { type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import { ROLE_SCOPES } from '#libs/tenants';
import { AUDIENCE, type Audience, type CreatorSession } from './audience.js';
import { MissingScope, Unauthenticated } from './refusals.js';

/** The one global guard. It denies; a route's audience opens. */
@Injectable()
export class AudienceGuard extends AuthGuard('jwt') {
  constructor(private readonly reflector: Reflector) {
    super();
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const audience = this.reflector.getAllAndOverride<Audience | undefined>(AUDIENCE, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (audience === undefined) return false;
    if (audience.kind === 'public') return true;
    await super.canActivate(context);
    const { user } = context.switchToHttp().getRequest<{ user: CreatorSession }>();
    if (!ROLE_SCOPES[user.role].includes(audience.scope)) throw new MissingScope(audience.scope);
    return true;
  }

  override handleRequest<User>(_error: unknown, user: User | false | null | undefined): User {
    if (user === false || user === null || user === undefined) throw new Unauthenticated();
    return user;
  }
}
