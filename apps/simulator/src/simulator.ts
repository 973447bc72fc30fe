import { createServer } from './http/server.js';
import { World, type WorldOptions } from './world/world.js';

export interface SimulatorOptions extends WorldOptions {
  /** 127.0.0.1 when left out. */
  readonly host?: string;
  /** 0, or left out: any free port. */
  readonly port?: number;
}

export interface Simulator {
  /** Bot API root, control API root and chat page, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  readonly world: World;
  close(): Promise<void>;
}

/** Starts a simulator in this process. Its world is empty and lives in memory. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { host = '127.0.0.1', port = 0, ...worldOptions } = options;
  const world = new World(worldOptions);
  const server = await createServer(world);
  await server.listen({ host, port });
  const address = server.server.address();
  const actualPort = typeof address === 'object' && address !== null ? address.port : port;
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  return {
    url: `http://${reachable}:${actualPort}`,
    port: actualPort,
    world,
    async close() {
      world.close();
      await server.close();
    },
  };
}
