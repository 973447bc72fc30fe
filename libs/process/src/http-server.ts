import type { FastifyHttpOptions } from 'fastify';
import type { Server } from 'node:http';
import { MINUTE, SECOND } from '#libs/kernel';

/**
 * Milliseconds. How long a client may take to send its headers, and its whole request: bodies are read before anybody is asked who they
 * are. 50 MB in five minutes are 1.4 Mbit/s.
 */
const HEADERS_WITHIN = 30 * SECOND;
const REQUEST_WITHIN = 5 * MINUTE;
/** Milliseconds in which nothing moves on a connection before it is cut off. Longer than any answer takes to be made. */
const SILENT_AT_MOST = 6 * MINUTE;

/** How every HTTP server of ours treats connections. @param trustedProxies without any, forwarded headers are not looked at */
export const serverOptions = (trustedProxies: readonly string[]) =>
  ({
    trustProxy: trustedProxies.length > 0 && [...trustedProxies],
    // Longer than any URL may be (Node.js, --max-http-header-size): it is for the routes to say what is wrong with a parameter.
    routerOptions: { maxParamLength: 16 * 1024 },
    forceCloseConnections: 'idle',
    http: { headersTimeout: HEADERS_WITHIN },
    requestTimeout: REQUEST_WITHIN,
    connectionTimeout: SILENT_AT_MOST,
  }) as const satisfies FastifyHttpOptions<Server>;

/** For the failure of a server that cannot listen. @param setting the name of the setting that holds the port */
export function portTaken(setting: string) {
  return (error: NodeJS.ErrnoException & { readonly port?: number }): never => {
    if (error.code !== 'EADDRINUSE') throw error;
    throw new Error(`Port ${error.port} is taken by another program. Stop it, or choose another port with ${setting}.`);
  };
}
