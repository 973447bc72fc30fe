import { createHash } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { apiDocument } from './api-document.js';

/** The address of the API's description. */
export const DESCRIPTION_PATH = '/docs/openapi.json';

interface Description {
  readonly document: OpenAPIObject;
  readonly text: Buffer;
  readonly etag: string;
}

/**
 * Serves the description of the API and its pages publicly. The description is generated on the first request and
 * cached: generating it blocks the process for about a second.
 */
export function serveDocumentation(app: NestFastifyApplication): void {
  let made: Description | undefined;
  const description = () => (made ??= describe(app));
  SwaggerModule.setup('docs', app, () => description().document, { raw: false });
  app
    .getHttpAdapter()
    .getInstance()
    .get(DESCRIPTION_PATH, (request, reply) => {
      const { text, etag } = description();
      void reply.headers({ etag, 'cache-control': 'no-cache' });
      if (names(request.headers['if-none-match'], etag)) return reply.status(304).send();
      return reply.type('application/json').send(text);
    });
}

function describe(app: NestFastifyApplication): Description {
  const document = apiDocument(app);
  const text = Buffer.from(JSON.stringify(document));
  return { document, text, etag: `"${createHash('sha256').update(text).digest('base64url')}"` };
}

/** True when an `If-None-Match` contains this version. Compressing proxies turn it into a weak one. */
const names = (header: string | undefined, etag: string) =>
  (header ?? '').split(',').some((one) => one.trim().replace(/^W\//, '') === etag);
