import type { DynamicModule, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Logger } from 'nestjs-pino';
import type { Doorbell } from '#libs/journal';
import type { Clock } from '#libs/kernel';
import { delayRefusedBodies, forgottenProxy, foundation, Health, serverOptions } from '#libs/process';
import { CLOCK, type Config } from '#libs/runtime';
import { WEBHOOK_PREFIX } from '#libs/tenants';
import { EmptyAnswers } from './empty-answers.filter.js';
import { Ingress } from './ingress.js';
import { IngressModule } from './ingress.module.js';
import { ingressRoutes, refuseEntry } from './ingress.routes.js';

/** Slower queries would make a buyer wait too long: Telegram allows ten seconds in all for a pre-checkout. */
const POOL = { size: 6, statementTimeoutMs: 2_000, connectionWaitMs: 3_000, looksUp: true };

class IngressProcess {}

/**
 * Assembles the ingress without listening yet. @param doorbell rung when there is work, unless Redis does that; if
 * omitted, workers poll
 */
export async function createIngress(
  config: Config,
  name: string,
  doorbell?: Doorbell,
): Promise<NestFastifyApplication> {
  const { trustedProxies } = config;
  const imports = [
    ...foundation(config, name, { doorbell, pool: POOL, requestLog: false, files: false }),
    IngressModule,
  ];
  const adapter = new FastifyAdapter({
    ...serverOptions(trustedProxies),
    frameworkErrors: (_error: unknown, _request: FastifyRequest, reply: FastifyReply) => void refuseEntry(reply),
  });
  const module: Type | DynamicModule = { module: IngressProcess, imports };
  const options = { bufferLogs: true, abortOnError: false, bodyParser: false };
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, options);
  const log = app.get(Logger);
  app.useLogger(log);
  app.useGlobalFilters(new EmptyAnswers());

  const fastify = adapter.getInstance();
  delayRefusedBodies(fastify);
  const clock = app.get<Clock>(CLOCK);
  const checkProxy = forgottenProxy(trustedProxies, clock, (line) => log.warn(line, 'Proxies'));
  fastify.addHook('onRequest', async (request) => checkProxy(request));
  const routes = ingressRoutes(app.get(Ingress), clock, (line) => log.error(line, 'Ingress'));
  await app.register(routes, { prefix: WEBHOOK_PREFIX });
  const health = app.get(Health);
  fastify.get('/health/live', () => health.answer());
  fastify.get('/health/ready', async (_request, reply) =>
    (await health.unready()) === undefined ? health.answer() : reply.code(503).send(),
  );
  return app;
}
