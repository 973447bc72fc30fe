import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Registry } from 'prom-client';

/** Metrics that are served together. */
export interface MetricSource {
  readonly registry: Registry;
  /** Updates values that are read rather than counted. */
  refresh(): Promise<void>;
}

/** Milliseconds. A scrape takes milliseconds, or two seconds if the database does not respond. */
const HEADERS_WITHIN = 5_000;
const MOST_CONNECTIONS = 32;

/**
 * Serves `GET /metrics` in Prometheus' text format. The server does not keep the process running.
 * @param port 0: any free port
 * @returns the address of the metrics
 * @throws Error of the socket, such as EADDRINUSE
 */
export async function serveSources(sources: readonly MetricSource[], host: string, port: number): Promise<string> {
  const server = createServer(
    { headersTimeout: HEADERS_WITHIN, requestTimeout: HEADERS_WITHIN },
    (request, response) => {
      if (request.method !== 'GET' || request.url?.split('?')[0] !== '/metrics') {
        response.writeHead(404).end();
        return;
      }
      scrape(sources).then(
        (text) => response.writeHead(200, { 'content-type': Registry.PROMETHEUS_CONTENT_TYPE }).end(text),
        () => response.writeHead(500).end(),
      );
    },
  );
  server.maxConnections = MOST_CONNECTIONS;
  await listening(server, host, port);
  server.unref();
  const { address, family, port: actual } = server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${actual}/metrics`;
}

async function scrape(sources: readonly MetricSource[]): Promise<string> {
  const texts = sources.map(async (source) => {
    await source.refresh();
    return source.registry.metrics();
  });
  return (await Promise.all(texts)).join('\n');
}

function listening(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      server.on('error', () => undefined);
      resolve();
    });
  });
}
