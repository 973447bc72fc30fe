import { createServer, type IncomingMessage, request as httpRequest, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { DataSource } from 'typeorm';

/** The marked secrets by name. */
export type Canaries = ReadonlyMap<string, string>;

/** The last characters of secrets are shown deliberately, so that people recognise them. */
const SHOWN = 4;

/** Returns the forms of a secret in text, JSON, a URL, hex (bytea) and base64, at any offset in a longer text. */
function formsOf(secret: string): string[] {
  const core = secret.slice(0, -SHOWN);
  const base64 = [0, 1, 2].map((shift) => Buffer.concat([Buffer.alloc(shift), Buffer.from(core)]).toString('base64'));
  return [
    core,
    encodeURIComponent(core),
    Buffer.from(core).toString('hex'),
    // The first and last base64 characters also depend on the surrounding text.
    ...base64.map((text) => text.slice(4, -4)),
    ...(core.startsWith('whsec_')
      ? [core.slice(6), Buffer.from(core.slice(6), 'base64').toString('hex').slice(0, -2)]
      : []),
  ];
}

/** @returns one sentence for each secret that `text` contains in any form */
export function leaksIn(where: string, text: string, canaries: Canaries): string[] {
  const lower = text.toLowerCase();
  return [...canaries].flatMap(([name, secret]) =>
    formsOf(secret).some((form) => lower.includes(form.toLowerCase())) ? [`${where}: ${name}`] : [],
  );
}

/** Searches all rows of all tables in the same way. @param db bypasses row-level security */
export async function leaksInDatabase(db: DataSource, canaries: Canaries): Promise<string[]> {
  const tables: Array<{ name: string }> = await db.query(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'm', 'v') order by 1`,
  );
  const found: string[] = [];
  for (const { name } of tables) {
    const rows: Array<{ row: string }> = await db.query(`select t::text as row from ${name} t`);
    found.push(...leaksIn(name, rows.map(({ row }) => row).join('\n'), canaries));
  }
  return found;
}

/** Captures all output of this process from now on. */
export function listenToLogs(): { readonly text: () => string; readonly stop: () => void } {
  const lines: string[] = [];
  const keep = (chunk: unknown) => {
    lines.push(chunk instanceof Uint8Array ? Buffer.from(chunk).toString('utf8') : String(chunk));
    return true;
  };
  const spies = [
    ...[process.stdout, process.stderr].map((stream) => vi.spyOn(stream, 'write').mockImplementation(keep)),
    ...(['log', 'info', 'warn', 'error', 'debug', 'trace'] as const).map((method) =>
      vi.spyOn(console, method).mockImplementation((...words: unknown[]) => void keep(words.map(String).join(' '))),
    ),
  ];
  return { text: () => lines.join('\n'), stop: () => spies.forEach((spy) => spy.mockRestore()) };
}

/** Failures of Telegram, each with the URL, and therefore with the token, in its message. */
export const TELEGRAM_FAILURES = {
  401: (path, response) => problem(response, 401, { description: `Unauthorized ${path}` }),
  429: (path, response) =>
    problem(response, 429, { description: `Too Many Requests ${path}`, parameters: { retry_after: 1 } }),
  500: (path, response) => void response.writeHead(500, { 'content-type': 'text/html' }).end(`<h1>${path}</h1>`),
  malformed: (path, response) =>
    void response.writeHead(200, { 'content-type': 'application/json' }).end(`{"ok":true,${path}`),
  redirect: (path, response) => void response.writeHead(302, { location: `http://127.0.0.1:1${path}` }).end(),
  'cut off': (_path, response) => void response.destroy(),
} satisfies Record<string, (path: string, response: ServerResponse) => void>;

export type TelegramFailure = keyof typeof TELEGRAM_FAILURES;

function problem(response: ServerResponse, code: number, said: object): void {
  response.writeHead(code, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ ok: false, error_code: code, ...said }));
}

/** A proxy for a Bot API server that passes everything through until it is told to fail. */
export class FailingTelegram {
  failure: TelegramFailure | undefined;
  /** The number of failed calls so far. */
  failed = 0;
  target = '';
  private readonly sockets = new Set<Socket>();
  private readonly server = createServer((request, response) => this.answer(request, response));

  async listen(): Promise<string> {
    this.server.on('connection', (socket) => this.sockets.add(socket));
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url ?? '';
    if (this.failure !== undefined) {
      request.resume();
      this.failed += 1;
      return TELEGRAM_FAILURES[this.failure](path, response);
    }
    const { method, headers } = request;
    const passed = httpRequest(new URL(path, this.target), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    passed.on('error', () => response.destroy());
    request.pipe(passed);
  }
}

/** A creator's server that fails, and answers with everything that it received and with its own secrets. */
export class TalkativeServer {
  secrets: readonly string[] = [];
  requests = 0;
  private readonly server = createServer((request, response) => {
    this.requests += 1;
    const said = `${JSON.stringify(request.headers)}\n${this.secrets.join('\n')}`;
    request.resume().once('end', () => response.writeHead(500, { 'x-debug': this.secrets.join(' ') }).end(said));
  });

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`;
  }

  close(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}
