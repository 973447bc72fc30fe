import 'reflect-metadata';
import { Logger } from 'nestjs-pino';
import { portTaken, runProcess, serveMetrics } from '#libs/process';
import { readConfig } from '#libs/runtime';
import { createIngress } from './bootstrap.js';
import { Keeper } from './keeper.js';

await runProcess(async () => {
  const config = readConfig(process.env);
  const keeper = Keeper.ofThisProcess();
  const app = await createIngress(config, 'ingress', keeper);
  app.enableShutdownHooks();
  keeper?.whenGone(() => process.kill(process.pid, 'SIGTERM'));
  await app.listen(config.ingressPort, config.host).catch(portTaken('INGRESS_PORT'));
  await serveMetrics(app, 'ingress');
  app.get(Logger).log(`The ingress listens on ${await app.getUrl()}.`, 'Starwall');
  keeper?.isListening();
});
