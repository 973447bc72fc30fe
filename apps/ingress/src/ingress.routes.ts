import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Clock } from '#libs/kernel';
import { ingressSeconds } from '#libs/metrics';
import { redact } from '#libs/runtime';
import type { BotRoute } from '#libs/tenants';
import { statusOfFailure } from './ingress-status.js';
import type { Ingress } from './ingress.js';

/** Bytes. The largest update that Telegram sends (Bot API server 10.0). */
const BODY_LIMIT = 512 * 1024;

declare module 'fastify' {
  interface FastifyRequest {
    botRoute?: BotRoute;
  }
}

/**
 * `POST /<path key>` as a plain Fastify route: the secret is checked before the body is read, and the body stays
 * text. Every answer is empty, since Telegram executes method calls in the body, and a refused caller is not told
 * why.
 */
export function ingressRoutes(ingress: Ingress, clock: Clock, logError: (line: string) => void) {
  return async (fastify: FastifyInstance): Promise<void> => {
    fastify.addHook('onResponse', async (_request, reply) =>
      ingressSeconds.observe({ status: String(reply.statusCode) }, reply.elapsedTime / 1_000),
    );
    fastify.removeAllContentTypeParsers();
    fastify.addContentTypeParser('*', { parseAs: 'string', bodyLimit: BODY_LIMIT }, (_request, body, done) =>
      done(null, body),
    );
    fastify.setErrorHandler(async (error: Error, _request, reply) => {
      const status = statusOfFailure(error);
      if (status >= 500) logError(`an update could not be stored: ${redact(error.message)}`);
      return reply.code(status).send();
    });
    fastify.setNotFoundHandler(async (_request, reply) => reply.code(404).send());
    fastify.post<{ Params: { pathKey: string } }>('/:pathKey', {
      bodyLimit: BODY_LIMIT,
      onRequest: async (request, reply) => {
        const secret = request.headers['x-telegram-bot-api-secret-token'];
        const route = await ingress.admit(request.params.pathKey, secret, request.ip, clock.now());
        if (route === undefined) return refuseEntry(reply);
        request.botRoute = route;
      },
      handler: async (request, reply) => {
        if (request.botRoute === undefined) return refuseEntry(reply);
        return reply.code(await ingress.receive(request.botRoute, bodyOf(request))).send();
      },
    });
  };
}

/** The same answer for an unknown path, an unreadable path, a wrong secret and a wrong address. */
export const refuseEntry = (reply: FastifyReply) => reply.code(401).send();

// A request without a body has no parser, so its body is not a string.
const bodyOf = ({ body }: { readonly body: unknown }) => (typeof body === 'string' ? body : '');
