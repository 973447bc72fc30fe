import multipart from '@fastify/multipart';
import type { DynamicModule, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import helmet from 'helmet';
import { Logger } from 'nestjs-pino';
import { type Clock, MINUTE, newUuid, publicId, SECOND } from '#libs/kernel';
import { CLOCK, type Config } from '#libs/runtime';
import { serveDocumentation } from './http/documentation.js';
import { forgottenProxy } from './http/proxies.js';
import { refuseUnreadable } from './http/readable.js';
import { refuseMalformedPath } from './http/refusal.filter.js';
import { Ingress } from './telegram/ingress.js';
import { INGRESS_PREFIX, ingressRoutes } from './telegram/ingress.routes.js';

/** Bytes. Files have a route and a limit of their own. */
const BODY_LIMIT = 100 * 1024;
const FILE_LIMIT = 50 * 1024 * 1024;

/**
 * Milliseconds. How long a client may take to send its headers, and its whole request: bodies are read before anybody is asked who they
 * are. 50 MB in five minutes are 1.4 Mbit/s.
 */
const HEADERS_WITHIN = 30 * SECOND;
const REQUEST_WITHIN = 5 * MINUTE;
/** Milliseconds in which nothing moves on a connection before it is cut off. Longer than any answer takes to be made. */
const SILENT_AT_MOST = 6 * MINUTE;

/** Puts the HTTP application together around a module that imports PlatformModule and the foundation. It does not listen yet. */
export async function createPlatform(
  module: Type | DynamicModule,
  { trustedProxies, corsOrigins }: Pick<Config, 'trustedProxies' | 'corsOrigins'>,
): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_LIMIT,
    // Without any, forwarded headers are not looked at.
    trustProxy: trustedProxies.length > 0 && [...trustedProxies],
    genReqId: () => publicId('request', newUuid()),
    // Longer than any URL may be (Node.js, --max-http-header-size): it is for the routes to say what is wrong with a parameter.
    routerOptions: { maxParamLength: 16 * 1024 },
    frameworkErrors: (_error: unknown, request: FastifyRequest, reply: FastifyReply) => {
      protect(request.raw, reply.raw, () => refuseMalformedPath(request, reply));
    },
    forceCloseConnections: 'idle',
    http: { headersTimeout: HEADERS_WITHIN },
    requestTimeout: REQUEST_WITHIN,
    connectionTimeout: SILENT_AT_MOST,
  });
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    bufferLogs: true,
    abortOnError: false,
  });
  app.useLogger(app.get(Logger));

  const fastify = adapter.getInstance();
  fastify.addHook('onRequest', (request, reply, done) => protect(request.raw, reply.raw, () => done()));
  fastify.addHook('onRequest', async (request, reply) => void reply.header('Request-Id', request.id));
  const log = app.get(Logger);
  const clock = app.get<Clock>(CLOCK);
  const checkProxy = forgottenProxy(trustedProxies, clock, (line) => log.warn(line, 'Proxies'));
  fastify.addHook('onRequest', async (request) => checkProxy(request));
  // What Telegram sends is stored as it came.
  fastify.addHook('preValidation', async (request) => {
    if (request.url.startsWith('/v1/')) refuseUnreadable(request.body);
  });
  if (corsOrigins.length > 0) app.enableCors({ ...CORS, origin: [...corsOrigins] });
  await app.register(multipart, { limits: { files: 1, fields: 0, fileSize: FILE_LIMIT } });
  const ingress = ingressRoutes(app.get(Ingress), clock, (line) => log.error(line, 'Ingress'));
  await app.register(ingress, { prefix: INGRESS_PREFIX });
  serveDocumentation(app);
  return app;
}

/** What pages of the allowed origins may do. No cookies: the API knows none. */
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
  ],
  maxAge: 600,
};

/** The API has no pages but its documentation, whose scripts and styles come from here. */
const DOCS_POLICY = {
  defaultSrc: ["'self'"],
  styleSrc: ["'self'", "'unsafe-inline'"],
  imgSrc: ["'self'", 'data:'],
  scriptSrc: ["'self'"],
  upgradeInsecureRequests: null,
};

/** Sets the headers that keep browsers from doing harm with an answer, whatever the answer is. */
const protect = helmet({ contentSecurityPolicy: { directives: DOCS_POLICY } });
