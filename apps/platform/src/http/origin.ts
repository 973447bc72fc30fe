import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { AuditContext } from '#libs/journal';
import { clip } from '#libs/kernel';
import { shortened } from './address.js';

/** From where a request comes. The whole address is for counting attempts and is not kept. */
export interface Origin {
  readonly address: string;
  readonly device: AuditContext;
}

type Asked = Pick<FastifyRequest, 'id' | 'ip' | 'headers'>;

const USER_AGENT = 200;

/** As much of where a request comes from as is kept of it, by sessions and by the audit log. Forwarded headers count when a trusted proxy sent them. */
export const circumstancesOf = ({ id, ip, headers }: Asked): AuditContext => ({
  requestId: id,
  network: shortened(ip),
  // Nothing that a terminal or a log would obey.
  userAgent: clip(headers['user-agent']?.replaceAll(/\p{C}/gu, '') ?? '', USER_AGENT, { mark: '' }) || null,
});

/** Injects the {@link Origin} of a request. */
export const From = createParamDecorator((_: unknown, context: ExecutionContext): Origin => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  return { address: request.ip, device: circumstancesOf(request) };
});
