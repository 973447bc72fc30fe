import { applyDecorators, type CanActivate, type ExecutionContext, Injectable, UseGuards } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { DomainError } from '#libs/kernel';

/** No page of another origin can send it without being asked for permission first (CORS), which it does not get. */
const BROWSER_HEADER = 'starwall-browser';

/** A request that lives on a cookie did not come from one of our own pages. */
export class ForeignPage extends DomainError {
  static readonly code = 'foreign_page';
  static readonly refusal = 'forbidden';
  readonly remedy =
    'Send `Starwall-Browser: 1` from a page of this very address. Programs log in with POST /v1/auth/login, which needs no cookie.';

  constructor() {
    super('This request did not come from a page of this address.');
  }
}

interface Asked {
  readonly host: string;
  readonly headers: FastifyRequest['headers'];
}

/**
 * Says whether one of our own pages sent a request: browsers name the origin of every POST, and no page can lie about it.
 * @param asked `host` is the address that the browser asked, as a trusted proxy passes it on
 */
export function isFromOwnPage({ host, headers }: Asked): boolean {
  const { origin } = headers;
  if (headers[BROWSER_HEADER] !== '1' || origin === undefined || !URL.canParse(origin)) return false;
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') return false;
  return new URL(origin).host === host;
}

@Injectable()
class OwnPages implements CanActivate {
  /** @throws ForeignPage */
  canActivate(context: ExecutionContext): boolean {
    if (!isFromOwnPage(context.switchToHttp().getRequest<FastifyRequest>())) throw new ForeignPage();
    return true;
  }
}

/** For a controller whose routes believe in a cookie: only pages of this address get through. */
export const FromOwnPages = () =>
  applyDecorators(
    UseGuards(OwnPages),
    ApiHeader({
      name: 'Starwall-Browser',
      required: true,
      description: 'Always `1`. With the `Origin` that browsers send, it shows that a page of this address asks.',
      schema: { type: 'string', enum: ['1'] },
    }),
  );
