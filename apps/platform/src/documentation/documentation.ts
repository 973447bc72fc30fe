import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { OpenAPIObject } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { CONFIG, type Config } from '#libs/runtime';
import { apiDocument } from './api-document.js';
import { ROOT } from './reference/model.js';
import { ReferencePages } from './reference/pages.js';

/** The address of the API's description. */
export const DESCRIPTION_PATH = '/docs/openapi.json';

interface Description {
  readonly pages: ReferencePages;
  readonly file: File;
}

interface File {
  readonly type: string;
  readonly text: Buffer;
  readonly etag: string;
}

const ASSETS = {
  'reference.css': 'text/css; charset=utf-8',
  'reference.js': 'text/javascript; charset=utf-8',
} as const;

/**
 * Serves the description of the API and its pages publicly. The description is generated on the first request and
 * cached: generating it blocks the process for about a second.
 */
export function serveDocumentation(app: NestFastifyApplication): void {
  let made: Description | undefined;
  const description = () => (made ??= describe(app));
  const fastify = app.getHttpAdapter().getInstance();
  fastify.get(DESCRIPTION_PATH, (request, reply) => send(request, reply, description().file));
  for (const [name, type] of Object.entries(ASSETS)) {
    const file = fileOf(type, readFileSync(new URL(`./static/${name}`, import.meta.url)));
    fastify.get(`${ROOT}/assets/${name}`, (request, reply) => send(request, reply, file));
  }
  const page = (request: FastifyRequest<{ Params: { page?: string } }>, reply: FastifyReply) => {
    const text = description().pages.page(request.params.page ?? '');
    if (text === undefined) return reply.callNotFound();
    return send(request, reply, fileOf('text/html; charset=utf-8', Buffer.from(text)));
  };
  fastify.get(ROOT, page);
  fastify.get(`${ROOT}/:page`, page);
}

function describe(app: NestFastifyApplication): Description {
  const document: OpenAPIObject = apiDocument(app);
  const file = fileOf('application/json', Buffer.from(JSON.stringify(document)));
  return { pages: new ReferencePages(document, app.get<Config>(CONFIG).publicUrl), file };
}

const fileOf = (type: string, text: Buffer): File => ({
  type,
  text,
  etag: `"${createHash('sha256').update(text).digest('base64url')}"`,
});

function send(request: FastifyRequest, reply: FastifyReply, { type, text, etag }: File) {
  void reply.headers({ etag, 'cache-control': 'no-cache' });
  if (names(request.headers['if-none-match'], etag)) return reply.status(304).send();
  return reply.type(type).send(text);
}

/** True when an `If-None-Match` contains this version. Compressing proxies turn it into a weak one. */
const names = (header: string | undefined, etag: string) =>
  (header ?? '').split(',').some((one) => one.trim().replace(/^W\//, '') === etag);
