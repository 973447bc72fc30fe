import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { AuditContext } from '#libs/journal';
import type { Device } from '#libs/tenants';
import { shortened } from './address.js';

/** From where a request comes. The whole address is for counting attempts and is not kept. */
export interface Origin {
  readonly address: string;
  readonly device: Device;
}

type Asked = Pick<FastifyRequest, 'id' | 'ip' | 'headers'>;

const USER_AGENT = 200;

/** As much of where a request comes from as is kept of it. Forwarded headers count when a trusted proxy sent them. */
const deviceOf = ({ ip, headers }: Asked): Device => ({
  network: shortened(ip),
  // Nothing that a terminal or a log would obey.
  userAgent: headers['user-agent']?.replaceAll(/\p{C}/gu, '').slice(0, USER_AGENT) || null,
});

/** From where a request came, as the audit log keeps it. */
export const circumstancesOf = (request: Asked): AuditContext => ({ requestId: request.id, ...deviceOf(request) });

const injected = <T>(read: (request: FastifyRequest) => T) =>
  createParamDecorator((_: unknown, context: ExecutionContext) =>
    read(context.switchToHttp().getRequest<FastifyRequest>()),
  );

/** Injects the {@link Origin} of a request. */
export const From = injected((request): Origin => ({ address: request.ip, device: deviceOf(request) }));

/** Injects {@link circumstancesOf} the request. */
export const Circumstances = injected(circumstancesOf);
