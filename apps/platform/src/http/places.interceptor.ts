import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { DomainError, Turns } from '#libs/kernel';

/** Requests of one workspace in work at once in one process: a third of its connections to the database. */
const AT_ONCE = 4;
/** Beyond this the last in line would wait longer than a client does. */
const LINE = 100;

export class TooManyAtOnce extends DomainError {
  readonly code = 'too_many_at_once';
  readonly refusal = 'too_many';
  readonly remedy = 'Send fewer requests at the same time; wait for answers before you send more.';
  override readonly retryAfterSeconds = 1;

  constructor() {
    super('This workspace has too many requests under way.');
  }
}

/**
 * Gives every workspace a few places in a process, however many credentials it has: its slow questions wait for one another and not
 * for a neighbour, and no neighbour waits for them.
 */
@Injectable()
export class PlacesInterceptor implements NestInterceptor {
  private readonly places = new Map<string, Turns>();

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const { user } = context.switchToHttp().getRequest<FastifyRequest & { user?: { readonly tenantId?: string } }>();
    if (user?.tenantId === undefined) return next.handle();
    return from(this.inTurn(user.tenantId, () => lastValueFrom(next.handle(), { defaultValue: undefined })));
  }

  private async inTurn(tenantId: string, work: () => Promise<unknown>): Promise<unknown> {
    const turns = this.places.get(tenantId) ?? new Turns(AT_ONCE, LINE);
    this.places.set(tenantId, turns);
    try {
      return await turns.take(work, () => new TooManyAtOnce());
    } finally {
      if (turns.idle) this.places.delete(tenantId);
    }
  }
}
