import 'reflect-metadata';
import { Logger } from 'nestjs-pino';
import { foundation, runProcess } from '#libs/process';
import { readConfig } from '#libs/runtime';
import { createPlatform } from './bootstrap.js';
import { PlatformModule } from './platform.module.js';

class PlatformProcess {}

await runProcess(async () => {
  const config = readConfig(process.env);
  const imports = [...foundation(config, 'platform'), PlatformModule];
  const app = await createPlatform({ module: PlatformProcess, imports }, config);
  app.enableShutdownHooks();
  await app.listen(config.port, config.host);
  app.get(Logger).log(`The platform listens on ${await app.getUrl()}.`, 'Starwall');
});
