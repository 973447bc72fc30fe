import 'reflect-metadata';
import { Logger } from 'nestjs-pino';
import { foundation, runProcess } from '#libs/process';
import { readConfig } from '#libs/runtime';
import { createPlatform } from './bootstrap.js';
import { PlatformModule } from './platform.module.js';

class PlatformProcess {}

await runProcess(async () => {
  const config = readConfig(process.env);
  const app = await createPlatform({
    module: PlatformProcess,
    imports: [...foundation(config, 'platform'), PlatformModule],
  });
  app.enableShutdownHooks();
  await app.listen(config.port, config.host);
  app.get(Logger).log(`The platform listens on ${await app.getUrl()}.`, 'Starwall');
});
