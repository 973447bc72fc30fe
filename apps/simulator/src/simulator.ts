import { createServer } from './http/server.js';
import { StateFile } from './state-file.js';
import { World, type WorldOptions } from './world/world.js';

export interface SimulatorOptions extends WorldOptions {
  /** 127.0.0.1 if omitted. */
  readonly host?: string;
  /** 0 or omitted: any free port. */
  readonly port?: number;
  /**
   * Keeps the world between starts: read at the start if it exists, written within a second of every change and at
   * `close`. Contains the tokens of the world's bots and is readable by its owner only. If omitted, the world is kept
   * in memory only.
   *
   * The log, faults and the updates that they hold back are not kept. Payments that wait for their bot are abandoned.
   * `seed` applies to a new world only, since ids must not repeat.
   */
  readonly stateFile?: string | undefined;
}

export interface Simulator {
  /** Bot API root, control API root and chat page, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  readonly world: World;
  close(): Promise<void>;
}

/**
 * Starts a simulator in this process, with an empty world unless `stateFile` contains one.
 * @throws Error when the port is taken or the state file cannot be used; the message says what to do
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { host = '127.0.0.1', port = 0, stateFile, ...worldOptions } = options;
  const world = new World(worldOptions);
  const state = stateFile === undefined ? undefined : await StateFile.open(stateFile, world);
  const server = await createServer(world);
  const close = async () => {
    world.close();
    await server.close();
  };
  try {
    await server.listen({ host, port });
    await state?.begin();
  } catch (error) {
    await close();
    throw error;
  }
  const address = server.server.address();
  const actualPort = typeof address === 'object' && address !== null ? address.port : port;
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  return {
    url: `http://${reachable}:${actualPort}`,
    port: actualPort,
    world,
    async close() {
      await close();
      await state?.end();
    },
  };
}
