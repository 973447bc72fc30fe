import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { Doorbell } from '#libs/journal';
import { AUDIENCE, type Audience, type CreatorSession } from './audience.js';
import {
  fingerprint,
  IDEMPOTENCY,
  IdempotencyKeyInvalid,
  IdempotencyKeyRequired,
  type IdempotencyRule,
  PLAIN,
} from './idempotency.js';
import { IdempotencyStore } from './idempotency.store.js';

const WRITES = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

/** Gives every write of a creator that carries an `Idempotency-Key` its effect once, and marks answers that are given again. */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(
    private readonly reflector: Reflector,
    private readonly store: IdempotencyStore,
    private readonly bell: Doorbell,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<FastifyRequest & { user?: CreatorSession }>();
    const targets = [context.getHandler(), context.getClass()];
    const audience = this.reflector.getAllAndOverride<Audience | undefined>(AUDIENCE, targets);
    if (audience?.kind !== 'creator' || !WRITES.has(request.method) || request.user === undefined) return next.handle();

    const rule = this.reflector.getAllAndOverride<IdempotencyRule | undefined>(IDEMPOTENCY, targets) ?? PLAIN;
    const key = rule.ignored ? undefined : keyOf(request, rule);
    if (key === undefined) return next.handle();
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    return from(this.answer(request, request.user, key, rule, reply, next));
  }

  private async answer(
    request: FastifyRequest,
    { tenantId, credentialId }: CreatorSession,
    key: string,
    rule: IdempotencyRule,
    reply: FastifyReply,
    next: CallHandler,
  ): Promise<unknown> {
    const keyed = {
      tenantId,
      principalId: credentialId,
      key,
      fingerprint: fingerprint(request.method, request.url, request.body ?? null),
    };
    const work = () => lastValueFrom(next.handle(), { defaultValue: undefined });
    const callsOut = typeof rule.callsOut === 'function' ? rule.callsOut(request.body) : rule.callsOut;
    const { body, replayed } = callsOut ? await this.store.onceAround(keyed, work) : await this.store.once(keyed, work);
    if (replayed) void reply.header('Idempotent-Replayed', 'true');
    // What the work rang for was not committed then.
    else for (const bell of ['relay', 'refunds', 'delivery'] as const) this.bell.ring(bell);
    return body;
  }
}

function keyOf(request: FastifyRequest, rule: IdempotencyRule): string | undefined {
  const key = request.headers['idempotency-key'];
  if (key === undefined) {
    if (rule.required) throw new IdempotencyKeyRequired();
    return undefined;
  }
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(key)) throw new IdempotencyKeyInvalid();
  return key;
}
