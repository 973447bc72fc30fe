import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

/**
 * Injects the key of a route with `@Idempotency({ required: true })`, which has validated it. That layer repeats
 * responses for 24 hours and per credential; the ledger keeps the same key permanently and for the whole workspace,
 * because credits are as valuable as money.
 */
export const IdempotencyKey = createParamDecorator((_: unknown, context: ExecutionContext) =>
  String(context.switchToHttp().getRequest<FastifyRequest>().headers['idempotency-key']),
);
