import { createServer } from 'node:net';

// Linux and macOS give connections ports from 32768: one of those may be taken between choosing and listening.
const [FIRST, COUNT] = [10_000, 20_000];
/** Processes that start together choose ports that are far apart. */
const STRIDE = 997;

let next = (process.pid * STRIDE) % COUNT;

const isFree = (port) =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });

/**
 * A port on 127.0.0.1 for a program that is about to listen. A process gets none twice, before it has had all. The port
 * after it is left alone: it is the default of the ingress.
 */
export async function freePort() {
  for (;;) {
    const port = FIRST + next;
    next = (next + 2) % COUNT;
    if (await isFree(port)) return port;
  }
}
