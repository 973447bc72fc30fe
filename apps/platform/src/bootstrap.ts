import multipart from '@fastify/multipart';
import { type DynamicModule, NotFoundException, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import helmet from 'helmet';
import { Logger } from 'nestjs-pino';
import { type Clock, HOUR, newUuid, publicId } from '#libs/kernel';
import { apiSeconds } from '#libs/metrics';
import { delayRefusedBodies, forgottenProxy, serverOptions } from '#libs/process';
import { CLOCK, type Config, Seldom } from '#libs/runtime';
import { WEBHOOK_PREFIX } from '#libs/tenants';
import { AS_OF } from './http/as-of.js';
import { AudienceGuard } from './http/audience.guard.js';
import { serveDashboard } from './http/dashboard.js';
import { serveDocumentation } from './documentation/documentation.js';
import { refuseUnreadable } from './http/readable.js';
import { refuseMalformedPath } from './http/refusal.filter.js';
import { serveStatusPage } from './ops/status/status-page.js';

/** Bytes. File uploads have their own route and limit. */
const BODY_LIMIT = 100 * 1024;
const FILE_LIMIT = 50 * 1024 * 1024;

/**
 * Assembles the HTTP application around a module that imports PlatformModule and the foundation, without listening
 * yet.
 */
export async function createPlatform(
  module: Type | DynamicModule,
  { trustedProxies, corsOrigins }: Pick<Config, 'trustedProxies' | 'corsOrigins'>,
): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    ...serverOptions(trustedProxies),
    bodyLimit: BODY_LIMIT,
    genReqId: () => publicId('request', newUuid()),
    frameworkErrors: (_error: unknown, request: FastifyRequest, reply: FastifyReply) => {
      protect(request.raw, reply.raw, () => refuseMalformedPath(request, reply));
    },
    // A name like __proto__ is reported like any other error in the body, with its path (readable.ts).
    onProtoPoisoning: 'ignore',
    onConstructorPoisoning: 'ignore',
  });
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    bufferLogs: true,
    abortOnError: false,
  });
  app.useLogger(app.get(Logger));

  const fastify = adapter.getInstance();
  delayRefusedBodies(fastify);
  fastify.addHook('onRequest', (request, reply, done) => protect(request.raw, reply.raw, () => done()));
  fastify.addHook('onRequest', async (request, reply) => void reply.header('Request-Id', request.id));
  fastify.addHook('onResponse', async (_request, reply) =>
    apiSeconds.observe({ status: `${Math.floor(reply.statusCode / 100)}xx` }, reply.elapsedTime / 1_000),
  );
  const log = app.get(Logger);
  const clock = app.get<Clock>(CLOCK);
  const checkProxy = forgottenProxy(trustedProxies, clock, (line) => log.warn(line, 'Proxies'));
  fastify.addHook('onRequest', async (request) => checkProxy(request));
  const strays = new Seldom(HOUR);
  fastify.addHook('onRequest', async (request) => {
    if (request.url.startsWith(`${WEBHOOK_PREFIX}/`))
      strays.about(clock.now(), () => log.warn(STRAY_UPDATE, 'Proxies'));
  });
  const guard = app.get(AudienceGuard);
  // Runs after request logging and CORS, before the body is read.
  fastify.addHook('preParsing', async (request, reply) => {
    await guard.admit(request, reply);
    if (request.is404) throw new NotFoundException();
  });
  fastify.addHook('preValidation', async (request) => {
    if (request.url.startsWith('/v1/')) refuseUnreadable(request.body);
  });
  if (corsOrigins.length > 0) app.enableCors({ ...CORS, origin: [...corsOrigins] });
  await app.register(multipart, { limits: { files: 1, fields: 0, fileSize: FILE_LIMIT } });
  // Routes that exist before an awaited plugin get Fastify's own error handler instead of Nest's.
  await serveDashboard(app);
  serveDocumentation(app);
  serveStatusPage(app);
  return app;
}

const STRAY_UPDATE =
  `The platform received a request for ${WEBHOOK_PREFIX}/, but it does not accept Telegram's updates. ` +
  'If it came through your proxy, forward that path to the ingress (INGRESS_PORT): until then no buyer ' +
  'can pay. If a stranger sent it, you can ignore it.';

/** CORS rules for pages of the allowed origins. Cookies are excluded: only pages of this address may use them. */
const CORS = {
  methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
  allowedHeaders: ['Authorization', 'Content-Type', 'Idempotency-Key'],
  exposedHeaders: [
    'Request-Id',
    'Retry-After',
    'RateLimit-Limit',
    'RateLimit-Remaining',
    'RateLimit-Reset',
    'Idempotent-Replayed',
    AS_OF,
  ],
  maxAge: 600,
};

/**
 * Applies to responses that set no policy themselves: the documentation, whose scripts and styles are served from
 * here, and the API.
 */
const DOCS_POLICY = {
  defaultSrc: ["'self'"],
  styleSrc: ["'self'"],
  imgSrc: ["'self'", 'data:'],
  scriptSrc: ["'self'"],
  upgradeInsecureRequests: null,
};

/** Sets security headers on every response. */
const protect = helmet({ contentSecurityPolicy: { directives: DOCS_POLICY } });
