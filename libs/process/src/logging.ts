import type { IncomingMessage } from 'node:http';
import type { DynamicModule } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import { type Config, redact } from '#libs/runtime';

/** Contexts of Nest's own start-up lines, one per module and route. */
const ABOUT_ITSELF: ReadonlySet<unknown> = new Set(['InstanceLoader', 'RoutesResolver', 'RouterExplorer']);
const INFO = 30;
/** The key in a webhook's path is one of the two secrets that protect it. */
const WEBHOOK_KEY = /^(\/telegram\/).+/;

/** In mounted middleware, `url` is only the rest of the path. */
const wholeUrl = (request: IncomingMessage) =>
  'originalUrl' in request ? String(request.originalUrl) : (request.url ?? '');

/**
 * Structured logs on standard output, one JSON object per line, with secrets removed. Bodies and headers are not
 * logged.
 * @param requests false: requests are not logged, which saves their cost
 */
export function logging(config: Config, name: string, requests = true): DynamicModule {
  const destination = { write: (line: string) => void process.stdout.write(redact(line)) };
  return LoggerModule.forRoot({
    ...(requests ? {} : { forRoutes: [] }),
    pinoHttp: [
      {
        name,
        level: config.logLevel,
        quietReqLogger: true,
        hooks: {
          logMethod(args, method, level) {
            const { context } = (args[0] ?? {}) as { readonly context?: unknown };
            if (level > INFO || !ABOUT_ITSELF.has(context)) method.apply(this, args);
          },
        },
        customLogLevel: (_request, response) => (response.statusCode >= 500 ? 'error' : 'info'),
        autoLogging: { ignore: (request) => /^\/(telegram|health|docs)/.test(wholeUrl(request)) },
        serializers: {
          req: (request: { method: string; url: string }) => ({
            method: request.method,
            path: request.url.split('?')[0]?.replace(WEBHOOK_KEY, '$1[path key]'),
          }),
          res: (response: { statusCode: number }) => ({ status: response.statusCode }),
        },
      },
      destination,
    ],
  });
}
