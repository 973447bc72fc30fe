import { SILENCE, type BotApi } from '../api/bot-api.js';
import { addFields, type CallInput } from '../api/input.js';
import type { Upload } from '../world/files.js';
import type { Environment } from '../world/bot.js';
import type { World } from '../world/world.js';
import type { Server } from './fastify.js';
import { readMultipart } from './multipart.js';

interface TokenParams {
  readonly token: string;
}

interface Incoming {
  readonly query: unknown;
  readonly body: unknown;
  readonly headers: { readonly 'content-type'?: string | undefined };
}

const ENVIRONMENTS: readonly (readonly [path: string, environment: Environment])[] = [
  ['', 'production'],
  ['/test', 'test'],
];

/**
 * The Bot API at the paths that libraries expect: `/bot<token>/<method>` and `/file/bot<token>/<path>`, with `/test`
 * after the token for the test environment.
 */
export function botApiRoutes(server: Server, api: BotApi, world: World): void {
  for (const [path, environment] of ENVIRONMENTS) {
    methodRoute(server, api, path, environment);
    fileRoute(server, world, path, environment);
  }
  server.setNotFoundHandler((_request, reply) =>
    reply.code(404).send({ ok: false, error_code: 404, description: 'Not Found' }),
  );
}

function methodRoute(server: Server, api: BotApi, path: string, environment: Environment): void {
  server.all<{ Params: TokenParams & { method: string } }>(`/bot:token${path}/:method`, {
    errorHandler: (error, _request, reply): void => {
      const status = 'statusCode' in error && error.statusCode !== undefined ? error.statusCode : 500;
      const text =
        status === 413
          ? 'Request Entity Too Large'
          : status < 500
            ? `Bad Request: ${error.message}`
            : 'Internal Server Error';
      reply.code(status).send({ ok: false, error_code: status, description: text });
    },
    handler: async (request, reply) => {
      const { token, method } = request.params;
      const answer = await api.call(token, environment, method, inputOf(request));
      if (answer === SILENCE) {
        reply.hijack();
        request.raw.socket.destroy();
        return reply;
      }
      const parameters = answer.body['parameters'];
      if (typeof parameters === 'object' && parameters !== null && 'retry_after' in parameters) {
        reply.header('retry-after', String(parameters.retry_after));
      }
      return reply.code(answer.status).send(answer.body);
    },
  });
}

function fileRoute(server: Server, world: World, path: string, environment: Environment): void {
  server.get<{ Params: TokenParams & { '*': string } }>(`/file/bot:token${path}/*`, (request, reply) => {
    const bot = world.botByToken(request.params.token, environment);
    if (bot === undefined) return reply.code(401).send({ ok: false, error_code: 401, description: 'Unauthorized' });
    const file = world.files.findByPath(bot.id, request.params['*']);
    if (file === undefined) return reply.code(404).send({ ok: false, error_code: 404, description: 'Not Found' });
    return reply.type('application/octet-stream').send(file.upload.bytes);
  });
}

/** Reads the query string, then the body. If both have a parameter, the body wins. */
function inputOf(request: Incoming): CallInput {
  const fields = new Map<string, string>();
  const files = new Map<string, Upload>();
  addFields(fields, request.query);
  if (!Buffer.isBuffer(request.body)) {
    addFields(fields, request.body);
    return { fields, files };
  }
  for (const { name, filename, mimeType, content } of readMultipart(
    request.body,
    request.headers['content-type'] ?? '',
  )) {
    if (filename === undefined) addFields(fields, { [name]: content.toString('utf8') });
    else files.set(name, { name: filename || name, mimeType, bytes: content });
  }
  return { fields, files };
}
