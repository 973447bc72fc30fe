import { connect, createServer } from 'node:net';

const PATIENCE_MS = 2_000;

/**
 * Opens one address for several processes, some of which may be dead. A connection goes to the first process that accepts it, starting with
 * another one each time. Connections of a process that dies are cut, as in reality.
 */
export async function startBalancer(port, targets) {
  let turn = 0;
  const sockets = new Set();
  const server = createServer((client) => {
    sockets.add(client);
    client.on('close', () => sockets.delete(client));
    client.on('error', () => client.destroy());
    client.pause();
    const order = targets.map((_, i) => targets[(turn + i) % targets.length]);
    turn += 1;
    attempt(client, order);
  });
  await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  return () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
}

function attempt(client, [target, ...others]) {
  if (target === undefined || client.destroyed) return client.destroy();
  const upstream = connect({ port: target, host: '127.0.0.1', timeout: PATIENCE_MS });
  const next = () => {
    upstream.destroy();
    attempt(client, others);
  };
  upstream.once('error', next);
  upstream.once('timeout', next);
  upstream.once('connect', () => {
    upstream.off('error', next);
    upstream.off('timeout', next);
    upstream.setTimeout(0);
    upstream.on('error', () => client.destroy());
    upstream.on('close', () => client.destroy());
    client.on('close', () => upstream.destroy());
    client.pipe(upstream).pipe(client);
  });
}
