import 'reflect-metadata';
import { constants, setPriority } from 'node:os';
import { Logger } from 'nestjs-pino';
import { foundation, portTaken, runProcess, serveMetrics } from '#libs/process';
import { readConfig } from '#libs/runtime';
import { createPlatform } from './bootstrap.js';
import { DESCRIPTION_PATH } from './documentation/documentation.js';
import { FleetMetrics } from './ops/fleet.metrics.js';
import { PlatformModule } from './platform.module.js';

class PlatformProcess {}

await runProcess(async () => {
  // On a shared machine the ingress and the database get priority, because paying buyers wait for them.
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  const config = readConfig(process.env);
  const imports = [...foundation(config, 'platform', { reports: true }), PlatformModule];
  const app = await createPlatform({ module: PlatformProcess, imports }, config);
  app.enableShutdownHooks();
  // Generates the API description at startup, so that the first request for it does not delay all others.
  await app.init();
  await app.inject(DESCRIPTION_PATH);
  await app.listen(config.port, config.host).catch(portTaken('PORT'));
  await serveMetrics(app, 'platform', [app.get(FleetMetrics)]);
  app.get(Logger).log(`The platform listens on ${await app.getUrl()}.`, 'Starwall');
});
