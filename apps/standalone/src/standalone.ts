import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Database, ensureLogin, migrate } from '#libs/database';
import { type Doorbell, LocalDoorbell } from '#libs/journal';
import { publicId } from '#libs/kernel';
import { foundation, serveMetrics } from '#libs/process';
import { readConfig } from '#libs/runtime';
import { BotService } from '#libs/tenants';
import {
  createPlatform,
  FleetMetrics,
  PlatformModule,
  SignInLinks,
  SignInLinksModule,
} from '../../platform/src/index.js';
import { type Simulator, startSimulator } from '../../simulator/src/index.js';
import { WorkerModule } from '../../worker/src/index.js';
import { IngressProcess } from './ingress-process.js';
import { startPostgres } from './postgres.js';
import { freePort } from './postgres-server.js';
import { keptMasterKey, type Settings, showDatabaseUrl } from './settings.js';

export interface Standalone {
  readonly apiUrl: string;
  readonly simulator: Simulator;
  /** An address that signs an account in once, as long as this process runs. */
  signInLink(account: { readonly email: string; readonly password: string }): string;
  stop(): Promise<void>;
}

class StandaloneProcess {}

/**
 * Starts everything: PostgreSQL, migrations, the Telegram simulator, platform and worker in this process, and the
 * ingress in a separate one.
 */
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
    const { ran } = await migrate(postgres.ownerUrl);
    if (ran.length > 0) say(`The database schema is up to date (${ran.length} migrations ran).`);
    await ensureLogin(postgres.ownerUrl, postgres.applicationUrl);
    const hideDatabaseUrl = showDatabaseUrl(settings.dataDir, postgres.applicationUrl);
    stops.push(async () => hideDatabaseUrl());

    const env = await environment(settings, postgres.applicationUrl, simulator.url);
    const doorbell = new LocalDoorbell();
    const [platform, ingress] = await Promise.allSettled([
      startPlatform(env, doorbell),
      IngressProcess.start({ env, doorbell, say }),
    ]);
    if (platform.status === 'fulfilled') stops.push(() => platform.value.close());
    if (ingress.status === 'fulfilled') stops.push(() => ingress.value.stop());
    if (platform.status === 'rejected') throw platform.reason;
    if (ingress.status === 'rejected') throw ingress.reason;
    await redirectBots(platform.value, say);
    const apiUrl = localUrl(platform.value);
    const links = platform.value.get(SignInLinks, { strict: false });
    return { apiUrl, simulator, signInLink: (account) => `${apiUrl}/sign-in#link=${links.issue(account)}`, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The environment for the platform, the worker and the ingress. */
async function environment(settings: Settings, databaseUrl: string, telegramUrl: string): Promise<Settings['env']> {
  // Telegram gets the address before the ingress listens on it.
  const [port, ingressPort] = await Promise.all([settings.port || freePort(), settings.ingressPort || freePort()]);
  return {
    LOG_LEVEL: 'warn',
    ...withoutOthers(settings.env),
    HOST: settings.host,
    PORT: String(port),
    INGRESS_PORT: String(ingressPort),
    DATABASE_URL: databaseUrl,
    TELEGRAM_API_ROOT: telegramUrl,
    STARWALL_MASTER_KEY: keptMasterKey(settings.dataDir),
    STARWALL_DATA_DIR: settings.dataDir,
    // The only Telegram here is the simulator, and creators' servers are also on this machine.
    DANGEROUS_LOOPBACK_WEBHOOKS: 'true',
  };
}

async function startPlatform(env: Settings['env'], doorbell: Doorbell): Promise<NestFastifyApplication> {
  const config = readConfig(env);
  const imports = [
    ...foundation(config, 'standalone', { doorbell, reports: true }),
    PlatformModule,
    SignInLinksModule,
    WorkerModule,
  ];
  const app = await createPlatform({ module: StandaloneProcess, imports }, config);
  await app.listen(config.port, config.host).catch(portTaken);
  await serveMetrics(app, 'platform', [app.get(FleetMetrics)]);
  return app;
}

/**
 * Sets the webhooks of bots again, because the ingress may have had another port. No other Starwall uses this
 * Telegram.
 */
async function redirectBots(app: NestFastifyApplication, say: (sentence: string) => void): Promise<void> {
  const service = app.get(BotService, { strict: false });
  const bots = await app
    .get(Database)
    .inPlatform('bots whose webhook may lead to a former port', (tx) =>
      tx.query<{ tenantId: string; id: string }>(
        `select tenant_id as "tenantId", id from bots where state in ('active', 'paused')`,
      ),
    );
  for (const { tenantId, id } of bots) {
    try {
      if (!(await service.webhook(tenantId, id)).ours) await service.renewWebhook(tenantId, id);
    } catch (error) {
      say(`The webhook of ${publicId('bot', id)} could not be set: ${(error as Error).message}`);
    }
  }
}

/**
 * Drops settings of other installations: this one has its own keys and its own database, and reaches Telegram without a
 * proxy.
 */
const withoutOthers = (env: Settings['env']) =>
  Object.fromEntries(
    Object.entries(env).filter(([name]) => !/^(STARWALL_MASTER_KEY|KMS_|PUBLIC_URL|INGRESS_PUBLIC_URL)/.test(name)),
  );

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
