import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export interface ReceivedWebhook {
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** The behaviours of a creator's server. */
export const RECEIVER_MODES = {
  ok: (response) => void response.writeHead(200).end('thanks'),
  broken: (response) => void response.writeHead(500).end('out of order\u0000\u0007'),
  hang: () => undefined,
  redirect: (response, url) => void response.writeHead(302, { location: `${url}elsewhere` }).end(),
  huge: (response) => void response.writeHead(200).end('x'.repeat(5_000_000)),
  drip: (response) => {
    response.writeHead(200).write('slow');
    const timer = setInterval(() => response.write('.'), 20);
    response.once('close', () => clearInterval(timer));
  },
  talkative: (response) => void response.writeHead(200, { 'x-flood': 'x'.repeat(100_000) }).end('thanks'),
  gone: (response) => void response.writeHead(410).end('no more'),
  busy: (response) => void response.writeHead(503, { 'retry-after': '7200' }).end(),
  zipped: (response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end('not gzip at all'),
} satisfies Record<string, (response: ServerResponse, url: string) => void>;

export type ReceiverMode = keyof typeof RECEIVER_MODES;

/** A creator's server on this machine. */
export class WebhookReceiver {
  mode: ReceiverMode = 'ok';
  readonly received: ReceivedWebhook[] = [];
  /** The maximum number of concurrent requests. */
  busiest = 0;
  private open = 0;
  private readonly sockets = new Set<Socket>();
  private readonly server = createServer((request, response) => void this.answer(request, response));

  static async start(mode: ReceiverMode = 'ok'): Promise<WebhookReceiver> {
    const receiver = new WebhookReceiver();
    receiver.mode = mode;
    receiver.server.on('connection', (socket) => receiver.sockets.add(socket));
    receiver.server.listen(0, '127.0.0.1');
    await once(receiver.server, 'listening');
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`;
  }

  /** Returns the webhooks that mention this text, because other tests use the same receiver. */
  about(part: string): ReceivedWebhook[] {
    return this.received.filter((webhook) => webhook.body.includes(part));
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.open += 1;
    this.busiest = Math.max(this.busiest, this.open);
    response.once('close', () => {
      this.open -= 1;
    });
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    this.received.push({ headers: flat(request.headers), body: Buffer.concat(chunks).toString('utf8') });
    RECEIVER_MODES[this.mode](response, this.url);
  }
}

const flat = (headers: IncomingHttpHeaders) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
