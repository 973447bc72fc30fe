import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { from, lastValueFrom, type Observable } from 'rxjs';
import type { CreatorSession } from './audience.js';
import { Commit } from './commit.js';
import { fingerprint, IdempotencyKeyInvalid, IdempotencyKeyRequired, type IdempotencyRule } from './idempotency.js';
import { type Answered, IdempotencyStore, type KeyedRequest } from './idempotency.store.js';
import { routeOf } from './route.js';

type CreatorRequest = FastifyRequest & { user?: CreatorSession };
type Work = () => Promise<unknown>;

/** Makes every write of a creator with an `Idempotency-Key` take effect once, and marks repeated responses. */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(
    private readonly reflector: Reflector,
    private readonly store: IdempotencyStore,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const { audience, writes, rule } = routeOf(this.reflector, context);
    const http = context.switchToHttp();
    const request = http.getRequest<CreatorRequest>();
    if (audience?.kind !== 'creator' || !writes || request.user === undefined) return next.handle();
    const work = () => lastValueFrom(next.handle(), { defaultValue: undefined });
    return from(this.answer(request, request.user, rule, http.getResponse<FastifyReply>(), work));
  }

  private async answer(
    request: FastifyRequest,
    who: CreatorSession,
    rule: IdempotencyRule,
    reply: FastifyReply,
    work: Work,
  ): Promise<unknown> {
    const key = rule.ignored ? undefined : keyOf(request, rule);
    const answered = key === undefined ? withoutKey(work) : this.once(keyedRequest(request, who, key), rule, work);
    const { body, replayed } = await answered;
    if (replayed) void reply.header('Idempotent-Replayed', 'true');
    return body;
  }

  private once(request: KeyedRequest, rule: IdempotencyRule, work: Work): Promise<Answered> {
    if (rule.callsOut) return this.store.onceAround(request, work);
    if (rule.prepares) return this.store.oncePrepared(request, work as () => Promise<Commit>);
    return this.store.once(request, work);
  }
}

async function withoutKey(work: Work): Promise<Answered> {
  const done = await work();
  const body = done instanceof Commit ? await done.run((commit) => commit()) : done;
  return { body, replayed: false };
}

const keyedRequest = (
  request: FastifyRequest,
  { tenantId, credentialId }: CreatorSession,
  key: string,
): KeyedRequest => ({
  tenantId,
  principalId: credentialId,
  key,
  fingerprint: fingerprint(request.method, request.url, request.body ?? null),
  whole: !request.isMultipart(),
});

function keyOf(request: FastifyRequest, rule: IdempotencyRule): string | undefined {
  const key = request.headers['idempotency-key'];
  if (key === undefined) {
    if (rule.required) throw new IdempotencyKeyRequired();
    return undefined;
  }
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(key)) throw new IdempotencyKeyInvalid();
  return key;
}
