import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { Logger } from 'nestjs-pino';
import { foundation, runProcess, serveMetrics } from '#libs/process';
import { readConfig } from '#libs/runtime';
import { WorkerModule } from './worker.module.js';

class WorkerProcess {}

await runProcess(async () => {
  const config = readConfig(process.env);
  const ground = foundation(config, 'worker', { pool: { looksUp: true } });
  const module = { module: WorkerProcess, imports: [...ground, WorkerModule] };
  const app = await NestFactory.createApplicationContext(module, { bufferLogs: true, abortOnError: false });
  const log = app.get(Logger);
  app.useLogger(log);
  app.enableShutdownHooks();
  await serveMetrics(app, 'worker');
  log.log('The worker is running.', 'Starwall');
});
