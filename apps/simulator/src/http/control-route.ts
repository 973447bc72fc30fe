import { z } from 'zod';
import { ApiError, WorldError } from '../world/errors.js';
import type { Server } from './fastify.js';

/** The body of every refusal of the control API. */
export interface ControlRefusal {
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly errors?: readonly { readonly path: string; readonly message: string }[];
  };
}

const nothing = z.object({});

interface Shape<Params, Query, Body> {
  readonly params?: z.ZodType<Params>;
  readonly query?: z.ZodType<Query>;
  readonly body?: z.ZodType<Body>;
}

/** A control route: its input, checked by zod, and its action. `undefined` is answered with 204. */
export function control<Params = object, Query = object, Body = object>(
  server: Server,
  method: 'GET' | 'POST' | 'PUT' | 'PATCH',
  url: string,
  shape: Shape<Params, Query, Body>,
  handle: (input: { readonly params: Params; readonly query: Query; readonly body: Body }) => unknown,
): void {
  server.route({
    method,
    url: `/control${url}`,
    errorHandler: (error, _request, reply): void => {
      const { status, body } = refusalOf(error);
      reply.code(status).send(body);
    },
    handler: async (request, reply) => {
      refuseForeignPages(request.headers.origin, request.headers.host);
      const input = {
        params: (shape.params ?? nothing).parse(request.params) as Params,
        query: (shape.query ?? nothing).parse(request.query) as Query,
        body: (shape.body ?? nothing).parse(request.body ?? {}) as Body,
      };
      const result = await handle(input);
      return result === undefined ? reply.code(204).send() : reply.send(result);
    },
  });
}

/** There is no login here, so at least other web pages in the same browser are refused. */
function refuseForeignPages(origin: string | undefined, host: string | undefined): void {
  if (origin === undefined) return;
  if (URL.canParse(origin) && new URL(origin).host === host) return;
  throw new WorldError('foreign_origin', 'The control API answers only its own page and programs.', 403);
}

function refusalOf(error: unknown): { status: number; body: ControlRefusal } {
  if (error instanceof WorldError) {
    return { status: error.status, body: { error: { code: error.code, message: error.message } } };
  }
  // The Bot API refused the action: for example, because the file of a picked result no longer exists.
  if (error instanceof ApiError)
    return { status: 409, body: { error: { code: 'refused', message: error.description } } };
  if (error instanceof z.ZodError) {
    const errors = error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }));
    const message = errors.map(({ path, message: text }) => (path === '' ? text : `${path}: ${text}`)).join('; ');
    return { status: 400, body: { error: { code: 'invalid', message, errors } } };
  }
  const status = error instanceof Error && 'statusCode' in error && Number(error.statusCode) < 500 ? 400 : 500;
  const message = error instanceof Error ? error.message : String(error);
  return { status, body: { error: { code: status === 400 ? 'invalid' : 'internal', message } } };
}
