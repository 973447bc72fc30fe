import { applyDecorators, type CanActivate, type ExecutionContext, Injectable, UseGuards } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { DomainError } from '#libs/kernel';

/** Pages of other origins need permission to send it (CORS), and are not granted it. */
const BROWSER_HEADER = 'starwall-browser';

/** Thrown when a request with a cookie was not sent by one of our own pages. */
export class ForeignPage extends DomainError {
  static readonly code = 'foreign_page';
  static readonly refusal = 'forbidden';
  readonly remedy =
    'Send `Starwall-Browser: 1` from a page of this address. Programs log in with POST /v1/auth/login, which needs no cookie.';

  constructor() {
    super('This request did not come from a page of this address.');
  }
}

interface Asked {
  readonly host: string;
  readonly headers: FastifyRequest['headers'];
}

/**
 * True when one of our own pages sent the request: browsers send the origin with every POST, and pages cannot forge it.
 * @param asked `host` is the address in the browser, as a trusted proxy forwards it
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

/** Accepts only requests of pages of this address, for controllers whose routes trust a cookie. */
export const FromOwnPages = () =>
  applyDecorators(
    UseGuards(OwnPages),
    ApiHeader({
      name: 'Starwall-Browser',
      required: true,
      description:
        'Always `1`. With the `Origin` that browsers send, it proves that a page of this address sent the request.',
      schema: { type: 'string', enum: ['1'] },
    }),
  );
