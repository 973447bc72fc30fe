import type { ExecutionContext } from '@nestjs/common';
import type { Reflector } from '@nestjs/core';
import { AUDIENCE, type Audience } from './audience.js';
import { IDEMPOTENCY, type IdempotencyRule, PLAIN } from './idempotency.js';
import { operationId } from './operation.js';

const WRITES = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

/** A route's own declarations. */
export interface Route {
  readonly operation: string;
  readonly audience: Audience | undefined;
  readonly writes: boolean;
  readonly rule: IdempotencyRule;
}

export function routeOf(reflector: Reflector, context: ExecutionContext): Route {
  const handler = context.getHandler();
  const controller = context.getClass();
  const targets = [handler, controller];
  return {
    operation: operationId(controller.name, handler.name),
    audience: reflector.getAllAndOverride<Audience | undefined>(AUDIENCE, targets),
    writes: WRITES.has(context.switchToHttp().getRequest<{ method: string }>().method),
    rule: reflector.getAllAndOverride<IdempotencyRule | undefined>(IDEMPOTENCY, targets) ?? PLAIN,
  };
}
