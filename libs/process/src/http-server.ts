import type { FastifyHttpOptions } from 'fastify';
import type { Server } from 'node:http';
import { MINUTE, SECOND } from '#libs/kernel';

/**
 * Milliseconds. Limits for a client to send its headers, and its whole request: bodies are read before
 * authentication. 50 MB in five minutes are 1.4 Mbit/s.
 */
const HEADERS_WITHIN = 30 * SECOND;
const REQUEST_WITHIN = 5 * MINUTE;
/** Milliseconds without traffic after which a connection is closed. Longer than any answer takes. */
const SILENT_AT_MOST = 6 * MINUTE;

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

/** Handles the failure of a server that cannot listen. @param setting the name of the port's setting */
export function portTaken(setting: string) {
  return (error: NodeJS.ErrnoException & { readonly port?: number }): never => {
    if (error.code !== 'EADDRINUSE') throw error;
    throw new Error(`Port ${error.port} is taken by another program. Stop it, or choose another port with ${setting}.`);
  };
}
