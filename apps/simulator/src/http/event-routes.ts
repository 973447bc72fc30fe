import type { World } from '../world/world.js';
import type { Server } from './fastify.js';

const HEARTBEAT = 15_000;

/** `GET /control/events`: server-sent events that report changes. */
export function eventRoutes(server: Server, world: World): void {
  const open = new Set<() => void>();
  server.addHook('preClose', (done) => {
    for (const close of open) close();
    done();
  });

  server.get('/control/events', (request, reply) => {
    reply.hijack();
    const { raw } = reply;
    raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    raw.write('retry: 1000\n\n');
    const unwatch = world.changes.watch((change) => raw.write(`data: ${JSON.stringify(change)}\n\n`));
    const heartbeat = setInterval(() => raw.write(':\n\n'), HEARTBEAT);
    const close = (): void => {
      open.delete(close);
      unwatch();
      clearInterval(heartbeat);
      raw.end();
    };
    open.add(close);
    request.raw.on('close', close);
  });
}
