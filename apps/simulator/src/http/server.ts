import fastifyStatic from '@fastify/static';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { BotApi } from '../api/bot-api.js';
import type { World } from '../world/world.js';
import { botApiRoutes } from './bot-api-routes.js';
import { controlRoutes } from './control-routes.js';
import { eventRoutes } from './event-routes.js';
import type { Server } from './fastify.js';

const LARGEST_UPLOAD = 50 * 1024 * 1024;

/** The page loads nothing from elsewhere, and a bot's text can never run as a script. */
const PAGE_POLICY =
  "default-src 'self'; img-src 'self' data: blob:; style-src 'self'; base-uri 'none'; form-action 'none'";

/** Fastify without Nest: there are no modules to wire, and some sockets are closed on purpose. */
export async function createServer(world: World): Promise<Server> {
  const adapter = new FastifyAdapter({
    bodyLimit: LARGEST_UPLOAD + 1024 * 1024,
    forceCloseConnections: true,
  });
  const server: Server = adapter.getInstance();
  server.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => {
    done(null, Object.fromEntries(new URLSearchParams(String(body))));
  });
  server.addContentTypeParser('multipart/form-data', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  // As on the Bot API server, a body of an unknown type means no parameters, not an error.
  server.addContentTypeParser('*', (_request, payload, done) => {
    payload.resume();
    payload.on('end', () => done(null));
  });
  botApiRoutes(server, new BotApi(world), world);
  controlRoutes(server, world);
  eventRoutes(server, world);
  await server.register(fastifyStatic, {
    root: new URL('../page/', import.meta.url),
    cacheControl: false,
    setHeaders: (reply) => {
      reply.header('content-security-policy', PAGE_POLICY);
      reply.header('cache-control', 'no-cache');
      reply.header('x-content-type-options', 'nosniff');
    },
  });
  await server.ready();
  return server;
}
