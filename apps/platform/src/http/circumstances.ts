import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { AuditContext } from '#libs/journal';
import { shortened } from './address.js';

const MOST_AGENT = 200;

/** From where a request came, as the audit log keeps it. */
export const circumstancesOf = ({ id, ip, headers }: Pick<FastifyRequest, 'id' | 'ip' | 'headers'>): AuditContext => ({
  requestId: id,
  network: shortened(ip),
  // Nothing that a terminal would obey.
  userAgent: headers['user-agent']?.replaceAll(/\p{C}/gu, '').slice(0, MOST_AGENT) ?? null,
});

/** Injects {@link circumstancesOf} the request. */
export const Circumstances = createParamDecorator((_: unknown, context: ExecutionContext) =>
  circumstancesOf(context.switchToHttp().getRequest<FastifyRequest>()),
);
