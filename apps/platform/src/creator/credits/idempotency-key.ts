import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { DomainError } from '#libs/kernel';

export class IdempotencyKeyRequired extends DomainError {
  readonly code = 'idempotency_key_required';
  readonly refusal = 'invalid';
  readonly remedy =
    'Send the header Idempotency-Key with 1 to 255 visible ASCII characters, for example a UUID of your own.';

  constructor() {
    super('This request needs an Idempotency-Key, so that it can be repeated without being done twice.');
  }
}

/** Injects the `Idempotency-Key` of a request. @throws IdempotencyKeyRequired without one, or when it cannot be used */
export const IdempotencyKey = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  const key = context.switchToHttp().getRequest<FastifyRequest>().headers['idempotency-key'];
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(key)) throw new IdempotencyKeyRequired();
  return key;
});
