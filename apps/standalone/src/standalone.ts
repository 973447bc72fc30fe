import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ensureLogin, migrate } from '#libs/database';
import { foundation } from '#libs/process';
import { readConfig } from '#libs/runtime';
import { createPlatform, PlatformModule } from '../../platform/src/index.js';
import { type Simulator, startSimulator } from '../../simulator/src/index.js';
import { WorkerModule } from '../../worker/src/index.js';
import { startPostgres } from './postgres.js';
import { freePort } from './postgres-server.js';
import { keptMasterKey, type Settings } from './settings.js';

export interface Standalone {
  readonly apiUrl: string;
  readonly simulator: Simulator;
  stop(): Promise<void>;
}

class StandaloneProcess {}

/** Everything in one process: PostgreSQL, migrations, platform, worker and the Telegram simulator. */
export async function startStandalone(settings: Settings, say: (sentence: string) => void): Promise<Standalone> {
  const stops: Array<() => Promise<void>> = [];
  const stop = async () => {
    for (const each of stops.splice(0).reverse()) await each();
  };
  try {
    const postgres = await startPostgres({ dataDir: settings.dataDir, onProgress: say });
    stops.push(() => postgres.stop());
    const simulator = await startSimulator({
      host: settings.host,
      port: settings.simulatorPort,
      stateFile: join(settings.dataDir, 'simulator.json'),
    }).catch(portTaken);
    stops.push(() => simulator.close());
    const ran = await migrate(postgres.ownerUrl);
    if (ran.length > 0) say(`The database schema is up to date (${ran.length} migrations ran).`);
    await ensureLogin(postgres.ownerUrl, postgres.applicationUrl);

    const app = await startPlatform(settings, postgres.applicationUrl, simulator.url);
    stops.push(() => app.close());
    return { apiUrl: localUrl(app), simulator, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startPlatform(
  settings: Settings,
  databaseUrl: string,
  telegramUrl: string,
): Promise<NestFastifyApplication> {
  // Telegram is told the address before the server listens on it.
  const port = settings.port === 0 ? await freePort() : settings.port;
  const config = readConfig({
    LOG_LEVEL: 'warn',
    ...withoutKeys(settings.env),
    HOST: settings.host,
    PORT: String(port),
    DATABASE_URL: databaseUrl,
    TELEGRAM_API_ROOT: telegramUrl,
    STARWALL_MASTER_KEY: keptMasterKey(settings.dataDir),
    STARWALL_DATA_DIR: settings.dataDir,
    // The only Telegram here is the simulator, and the creator's server is on this machine too.
    DANGEROUS_LOOPBACK_WEBHOOKS: 'true',
  });
  const imports = [...foundation(config, 'standalone'), PlatformModule, WorkerModule];
  const app = await createPlatform({ module: StandaloneProcess, imports }, config);
  await app.listen(config.port, config.host).catch(portTaken);
  return app;
}

/** It keeps its own key beside its own database, whatever is set for another one. */
const withoutKeys = (env: Settings['env']) =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !/^(STARWALL_MASTER_KEY|KMS_)/.test(name)));

const localUrl = (app: NestFastifyApplication) => {
  const address = app.getHttpServer().address();
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : ''}`;
};

function portTaken(error: NodeJS.ErrnoException & { readonly port?: number }): never {
  if (error.code !== 'EADDRINUSE') throw error;
  throw new Error(
    `Port ${error.port} is taken by another program. Stop it, or choose other ports: PORT=3100 SIMULATOR_PORT=8100 npm start`,
  );
}
