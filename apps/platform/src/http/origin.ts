import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { AuditContext } from '#libs/journal';
import { clip } from '#libs/kernel';
import { shortened } from './address.js';

/** The origin of a request. The whole address is for counting attempts and is not stored. */
export interface Origin {
  readonly address: string;
  readonly device: AuditContext;
}

type Asked = Pick<FastifyRequest, 'id' | 'ip' | 'headers'>;

const USER_AGENT = 200;

/**
 * The part of a request's origin that sessions and the audit log store. Forwarded headers count when a trusted proxy
 * sent them.
 */
export const circumstancesOf = ({ id, ip, headers }: Asked): AuditContext => ({
  requestId: id,
  network: shortened(ip),
  // No control characters, which a terminal or a log would interpret.
  userAgent: clip(headers['user-agent']?.replaceAll(/\p{C}/gu, '') ?? '', USER_AGENT, { mark: '' }) || null,
});

/** Injects the {@link Origin} of a request. */
export const From = createParamDecorator((_: unknown, context: ExecutionContext): Origin => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  return { address: request.ip, device: circumstancesOf(request) };
});
