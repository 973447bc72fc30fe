import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { ROUTE_ARGS_METADATA, RouteParamtypes } from '@nestjs/common/internal';
import type { FastifyRequest } from 'fastify';
import { InvalidRequest } from './refusals.js';

/**
 * Refuses query parameters on routes that take none, for all methods. Routes with parameters have a strict schema for
 * them.
 */
@Injectable()
export class QueryGuard implements CanActivate {
  /** @throws InvalidRequest that names them */
  canActivate(context: ExecutionContext): boolean {
    const { query } = context.switchToHttp().getRequest<FastifyRequest>();
    const names = Object.keys(query ?? {});
    if (names.length > 0 && !takesQuery(context))
      throw new InvalidRequest(
        names.slice(0, 50).map((path) => ({ path, message: 'is not a parameter of this route' })),
      );
    return true;
  }
}

function takesQuery(context: ExecutionContext): boolean {
  const parameters: object =
    Reflect.getMetadata(ROUTE_ARGS_METADATA, context.getClass(), context.getHandler().name) ?? {};
  return Object.keys(parameters).some((key) => key.startsWith(`${RouteParamtypes.QUERY}:`));
}
