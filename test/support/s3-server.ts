import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isSigned, sha256 } from './aws-signature.js';

export interface S3Server {
  readonly endpoint: string;
  readonly bucket: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** By path: `/bucket/key`. */
  readonly objects: Map<string, Buffer>;
  /** All requests so far, as `PUT 200`. */
  readonly answers: string[];
  /** Failures for the next requests. `cut`: half of the object, then a closed connection. */
  readonly faults: Array<number | 'cut'>;
  close(): Promise<void>;
}

const BUCKET = 'starwall-test';
const REGION = 'eu-test-1';
const ACCESS_KEY_ID = 'test-access-key';
const SECRET_ACCESS_KEY = 'test-secret-key';

/** An S3 bucket over HTTP that verifies everything: it computes the signature and body hash of each request. */
export async function startS3Server(): Promise<S3Server> {
  const objects = new Map<string, Buffer>();
  const answers: string[] = [];
  const faults: Array<number | 'cut'> = [];
  const server = createServer((request, response) => {
    void bodyOf(request)
      .then((body) => {
        const fault = faults.shift();
        const status = typeof fault === 'number' ? fault : (refusal(request, body) ?? act(request, body));
        answers.push(`${request.method} ${status}`);
        send(response, status, request.method === 'GET' ? objects.get(request.url ?? '') : undefined, fault === 'cut');
      })
      .catch(() => response.destroy());
  });
  function act(request: IncomingMessage, body: Buffer): number {
    const path = request.url ?? '';
    if (request.method === 'PUT') objects.set(path, body);
    if (request.method === 'DELETE') objects.delete(path);
    if (request.method === 'DELETE') return 204;
    return objects.has(path) ? 200 : 404;
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bucket: BUCKET,
    region: REGION,
    accessKeyId: ACCESS_KEY_ID,
    secretAccessKey: SECRET_ACCESS_KEY,
    objects,
    answers,
    faults,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function send(response: ServerResponse, status: number, object: Buffer | undefined, cut: boolean): void {
  if (status !== 200 || object === undefined) return void response.writeHead(status).end();
  response.writeHead(200, { 'content-length': object.length });
  if (!cut) return void response.end(object);
  response.write(object.subarray(0, object.length / 2), () => response.destroy());
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Returns the status with which S3 refuses the request; undefined if it is signed correctly. */
function refusal(request: IncomingMessage, body: Buffer): number | undefined {
  const header = (name: string) => String(request.headers[name] ?? '');
  const hash = header('x-amz-content-sha256');
  const login = { region: REGION, service: 's3', accessKeyId: ACCESS_KEY_ID, secretAccessKey: SECRET_ACCESS_KEY };
  if (!isSigned(request, hash, login, ['x-amz-content-sha256'])) return 403;
  if (!(request.url ?? '').startsWith(`/${BUCKET}/`)) return 404;
  if (request.method !== 'PUT') return undefined;
  if (header('content-length') !== String(body.length)) return 411;
  return hash === sha256(body) ? undefined : 400;
}
