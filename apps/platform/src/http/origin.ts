import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Device } from '#libs/tenants';
import { shortened } from './address.js';

/** From where a request comes. The whole address is for counting attempts and is not kept. */
export interface Origin {
  readonly address: string;
  readonly device: Device;
}

const USER_AGENT = 200;

/** Injects the {@link Origin} of a request. Forwarded headers count when a trusted proxy sent them. */
export const From = createParamDecorator((_: unknown, context: ExecutionContext): Origin => {
  const { ip, headers } = context.switchToHttp().getRequest<FastifyRequest>();
  return { address: ip, device: { network: shortened(ip), userAgent: cut(headers['user-agent']) } };
});

/** @returns at most 200 characters, without those that a terminal or a log would obey */
export function cut(userAgent: string | undefined): string | null {
  const text = userAgent?.replaceAll(/\p{Cc}/gu, '').slice(0, USER_AGENT);
  return text === undefined || text === '' ? null : text;
}
