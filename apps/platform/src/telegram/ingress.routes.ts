import type { FastifyError, FastifyInstance } from 'fastify';
import type { Clock } from '#libs/kernel';
import { redact } from '#libs/runtime';
import type { BotRoute } from '#libs/tenants';
import type { Ingress } from './ingress.js';

/** Bytes. Telegram sends at most this much in one update (Bot API server 10.0). */
const BODY_LIMIT = 512 * 1024;

declare module 'fastify' {
  interface FastifyRequest {
    botRoute?: BotRoute;
  }
}

/**
 * `POST /telegram/<path key>`, as a plain Fastify route: the secret is checked before the body is read, and the body stays text.
 * Every answer is empty, since Telegram executes what a body asks for.
 */
export function ingressRoutes(ingress: Ingress, clock: Clock, logError: (line: string) => void) {
  return async (fastify: FastifyInstance): Promise<void> => {
    fastify.removeAllContentTypeParsers();
    fastify.addContentTypeParser('*', { parseAs: 'string', bodyLimit: BODY_LIMIT }, (_request, body, done) =>
      done(null, body),
    );
    fastify.setErrorHandler(async (error: FastifyError, _request, reply) => {
      const status = error.statusCode ?? 503;
      if (status >= 500) logError(`an update could not be stored: ${redact(error.message)}`);
      return reply.code(status).send();
    });
    fastify.post<{ Params: { pathKey: string } }>('/telegram/:pathKey', {
      bodyLimit: BODY_LIMIT,
      onRequest: async (request, reply) => {
        const secret = request.headers['x-telegram-bot-api-secret-token'];
        const entry = await ingress.admit(request.params.pathKey, secret, clock.now());
        if (entry.kind !== 'open') return reply.code(entry.kind === 'unknown_path' ? 404 : 401).send();
        request.botRoute = entry.route;
      },
      handler: async (request, reply) => {
        const status = request.botRoute && (await ingress.receive(request.botRoute, bodyOf(request)));
        return reply.code(status ?? 401).send();
      },
    });
  };
}

// A request without a body has no parser that would make it a text.
const bodyOf = ({ body }: { readonly body: unknown }) => (typeof body === 'string' ? body : '');
