import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DomainError, type FieldError, type Refusal } from '#libs/kernel';
import { redact } from '#libs/runtime';
import { MalformedPath } from './refusals.js';

export const STATUS: Readonly<Record<Refusal, number>> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  unprocessable: 422,
  too_large: 413,
  too_many: 429,
  unavailable: 503,
  no_room: 507,
};

/** A problem document (RFC 9457), with the members that all our errors have. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly remedy: string;
  readonly request_id: string;
  readonly errors?: readonly FieldError[];
}

type Refused = Omit<Problem, 'request_id' | 'type' | 'title'>;

/** Refusals by Fastify and Nest themselves, before our routes are reached. */
export const BY_STATUS: Readonly<Record<number, readonly [code: string, detail: string, remedy: string]>> = {
  400: ['malformed_body', 'The body cannot be read.', 'Send well-formed JSON with `Content-Type: application/json`.'],
  403: ['forbidden', 'This route is not available.', 'Check the path against the API documentation.'],
  404: [
    'no_such_route',
    'There is nothing at this address.',
    'Check method and path against the API documentation at /docs.',
  ],
  413: ['body_too_large', 'The body is too large.', 'Send at most 100 KiB; files go to /v1/files and can have 50 MB.'],
  415: [
    'unsupported_media_type',
    "This route does not accept the body's type.",
    'Send `Content-Type: application/json`.',
  ],
};

/** The only place that turns errors into problem documents. */
@Catch()
export class RefusalFilter implements ExceptionFilter {
  private readonly log = new Logger('Api');

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const [request, reply] = [http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>()];
    const refused = refusalOf(error);
    if (refused.status >= 500) this.log.error(redact(explained(error)));
    if (reply.sent) return;
    const retryAfter = retryAfterOf(error, refused.status);
    if (retryAfter !== undefined) void reply.header('Retry-After', String(retryAfter));
    answer(reply, refused, request.id);
  }
}

/** Sends the problem document for a malformed URL, which Fastify refuses before any hook, guard or filter runs. */
export function refuseMalformedPath(request: FastifyRequest, reply: FastifyReply): void {
  answer(reply.header('Request-Id', request.id), refusalOf(new MalformedPath()), request.id);
}

function answer(reply: FastifyReply, refused: Refused, requestId: string): void {
  const problem: Problem = {
    type: `urn:starwall:problem:${refused.code}`,
    title: refused.code.replaceAll('_', ' '),
    ...refused,
    request_id: requestId,
  };
  void reply.status(refused.status).type('application/problem+json').send(problem);
}

/** Formats an error for the log: the stack with its causes. */
function explained(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const here = error.stack ?? error.message;
  return error.cause === undefined ? here : `${here}\ncaused by ${explained(error.cause)}`;
}

/** Returns the seconds for `Retry-After`. Every 429 has one: by default a minute, the longest of our windows. */
function retryAfterOf(error: unknown, status: number): number | undefined {
  const known = error instanceof DomainError ? error.retryAfterSeconds : undefined;
  return known ?? (status === 429 ? 60 : undefined);
}

function refusalOf(error: unknown): Refused {
  if (error instanceof DomainError) {
    const { code, message, remedy, refusal, errors } = error;
    return { status: STATUS[refusal], code, detail: message, remedy, ...(errors === undefined ? {} : { errors }) };
  }
  const status = statusOf(error);
  const known = BY_STATUS[status];
  if (known !== undefined) return { status, code: known[0], detail: known[1], remedy: known[2] };
  return {
    status: 500,
    code: 'internal_error',
    detail: 'Something went wrong on our side. Nothing was left half-done: unfinished work was rolled back.',
    remedy: 'Try again. If it happens again, send us the request_id.',
  };
}

function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  const status = (error as { statusCode?: unknown } | undefined)?.statusCode;
  return typeof status === 'number' ? status : 500;
}
