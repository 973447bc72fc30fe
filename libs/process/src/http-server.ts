import type { FastifyHttpOptions, FastifyInstance } from 'fastify';
import type { IncomingMessage, Server } from 'node:http';
import { MINUTE, SECOND } from '#libs/kernel';

/**
 * Milliseconds. Limits for a client to send its headers, and its whole request: bodies are read before
 * authentication. 50 MB in five minutes are 1.4 Mbit/s.
 */
const HEADERS_WITHIN = 30 * SECOND;
const REQUEST_WITHIN = 5 * MINUTE;
/** Milliseconds without traffic after which a connection is closed. Longer than any response can take. */
const SILENT_AT_MOST = 6 * MINUTE;

/**
 * Milliseconds for which a connection is not read after a response that was sent before the request's body had arrived.
 */
const UNREAD_FOR = SECOND;

/** Connection settings of all our HTTP servers. @param trustedProxies if empty, forwarded headers are ignored */
export const serverOptions = (trustedProxies: readonly string[]) =>
  ({
    trustProxy: trustedProxies.length > 0 && [...trustedProxies],
    // Longer than any URL may be (Node.js, --max-http-header-size), so that routes can report what is wrong with a
    // parameter.
    routerOptions: { maxParamLength: 16 * 1024 },
    forceCloseConnections: 'idle',
    http: { headersTimeout: HEADERS_WITHIN },
    requestTimeout: REQUEST_WITHIN,
    connectionTimeout: SILENT_AT_MOST,
  }) as const satisfies FastifyHttpOptions<Server>;

/**
 * Slows down clients whose requests are refused before their bodies have arrived. Node.js reads and discards the rest
 * of such a body as fast as it arrives, so refused uploads over a few connections would saturate a core. The response
 * is sent at once and the connection stays open; the rest is read a second later.
 */
export function delayRefusedBodies(fastify: FastifyInstance): void {
  fastify.addHook('onResponse', async ({ raw }) => {
    // `complete` is undefined for an injected request, which has no connection. Node.js starts discarding the body
    // after this hook.
    if (raw.complete === false) setImmediate(leaveUnread, raw, fastify.server);
  });
}

function leaveUnread(request: IncomingMessage, server: Server): void {
  const { complete, socket } = request;
  if (complete || socket.destroyed) return;
  socket.pause();
  const goOn = () => {
    if (!server.listening) return void socket.destroy();
    // Node.js does not discard a body that was partly read, and the connection would hang.
    request.unpipe().resume();
    socket.resume();
  };
  setTimeout(goOn, UNREAD_FOR).unref();
}

/** Handles the failure of a server that cannot listen. @param setting the name of the port's setting */
export function portTaken(setting: string) {
  return (error: NodeJS.ErrnoException & { readonly port?: number }): never => {
    if (error.code !== 'EADDRINUSE') throw error;
    throw new Error(`Port ${error.port} is taken by another program. Stop it, or choose another port with ${setting}.`);
  };
}
