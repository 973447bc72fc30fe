import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { apiDocument } from '../../apps/platform/src/documentation/api-document.js';
import { Api, type Document } from './openapi.js';

/**
 * The refusals that operations declare, by method and path: `409 bot_state`. Computing them takes a second, so it is
 * done once.
 */
type Declared = ReadonlyMap<string, ReadonlySet<string>>;
let known: Declared | undefined;

function declaredBy(app: NestFastifyApplication): Declared {
  const { operations } = new Api(JSON.parse(JSON.stringify(apiDocument(app))) as Document);
  return new Map(
    operations.map(({ method, path, responses }) => [
      `${method} ${path}`,
      new Set(
        Object.entries(responses).flatMap(([status, { description }]) =>
          Api.codesOf(description).map((code) => `${status} ${code}`),
        ),
      ),
    ]),
  );
}

/** Server errors are declared by `default`. */
const isFailure = (status: number) => status === 500;

/**
 * Watches an application's refusals, so that every journey proves that routes declare them.
 * @returns a function that returns the undeclared refusals
 */
export function watchRefusals(app: NestFastifyApplication): () => readonly string[] {
  const undeclared = new Set<string>();
  const fastify = app.getHttpAdapter().getInstance();
  fastify.addHook('onSend', async (request, reply, payload) => {
    const type = String(reply.getHeader('content-type'));
    const { url } = request.routeOptions;
    if (!type.startsWith('application/problem+json') || url === undefined || !url.startsWith('/v1/')) return;
    const { code } = JSON.parse(String(payload)) as { readonly code: string };
    known ??= declaredBy(app);
    const operation = `${request.method.toLowerCase()} ${url.replaceAll(/:(\w+)/g, '{$1}')}`;
    const refusal = `${reply.statusCode} ${code}`;
    if (!isFailure(reply.statusCode) && known.get(operation)?.has(refusal) === false)
      undeclared.add(`${operation}: ${refusal}`);
  });
  return () => [...undeclared];
}
