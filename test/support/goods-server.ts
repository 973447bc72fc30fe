import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';

/** A request to the creator's server for the goods of an order. */
export interface Asked {
  readonly id: string;
  readonly type: string;
  readonly data: {
    readonly order: { readonly id: string; readonly status: string };
    readonly product: { readonly metadata: Record<string, string> };
    readonly command: { readonly name: string; readonly arguments: string | null } | null;
    readonly buyer: { readonly telegram_id: number; readonly language_code: string | null };
  };
}

export type Answer = (asked: Asked) => { readonly status: number; readonly body?: unknown };
/** The answer to GET: a file, or an error. */
export type Download = {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly content?: string | Buffer;
};

/** A creator's server as in the README: it verifies requests with the official library, and answers them. */
export class GoodsServer {
  readonly asked: Asked[] = [];
  readonly ids: string[] = [];
  secret = '';
  answer: Answer = () => ({ status: 202 });
  file: Download = { status: 404 };
  fetched = 0;
  private readonly server: Server = createServer((request, response) => {
    if (request.method === 'GET') return this.download(response);
    void this.reply(request).then(({ status, body }) => response.writeHead(status).end(body && JSON.stringify(body)));
  });

  async start(): Promise<string> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/goods`;
  }

  stop = () => this.server.close();

  private download(response: ServerResponse): void {
    this.fetched += 1;
    const { status = 200, headers, content } = this.file;
    response.writeHead(status, headers).end(content);
  }

  private async reply(request: IncomingMessage): Promise<{ status: number; body?: unknown }> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const headers = request.headers as Record<string, string>;
    const asked = new Webhook(this.secret).verify(Buffer.concat(chunks), headers) as Asked;
    this.asked.push(asked);
    this.ids.push(String(headers['webhook-id']));
    return this.answer(asked);
  }
}
