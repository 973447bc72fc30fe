import type { IncomingMessage } from 'node:http';
import type { DynamicModule } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import { type Config, redact } from '#libs/runtime';

/** What Nest says about itself at each start: a line for each module and each route. */
const ABOUT_ITSELF: ReadonlySet<unknown> = new Set(['InstanceLoader', 'RoutesResolver', 'RouterExplorer']);
const INFO = 30;
/** The key in a webhook's path is half of what lets updates in. */
const WEBHOOK_KEY = /^(\/telegram\/).+/;

/** Middleware that is mounted sees the rest of a path in `url` only. */
const wholeUrl = (request: IncomingMessage) =>
  'originalUrl' in request ? String(request.originalUrl) : (request.url ?? '');

/** Structured logs on standard output, one JSON object a line, each with secrets taken out. Bodies and headers are not logged. */
export function logging(config: Config, name: string): DynamicModule {
  const destination = { write: (line: string) => void process.stdout.write(redact(line)) };
  return LoggerModule.forRoot({
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
