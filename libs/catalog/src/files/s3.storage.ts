import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { Logger } from '@nestjs/common';
import { AwsClient } from 'aws4fetch';
import { SECOND } from '#libs/kernel';
import type { SpooledFile } from './file.spool.js';
import { checkedKey, FileMissing, FileStorage, StorageUnavailable } from './file.storage.js';

export interface S3Settings {
  /** Without a trailing slash. */
  readonly endpoint: string;
  readonly bucket: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

const TRIES = 3;
/** Milliseconds until the response headers arrive; for an upload this includes sending up to 50 MB. */
const TIMEOUT = { GET: 15 * SECOND, DELETE: 15 * SECOND, PUT: 120 * SECOND } as const;

/**
 * Stores files in a bucket of any S3-compatible service, with path-style addresses. The service checks each upload's
 * SHA-256.
 */
export class S3Storage extends FileStorage {
  private readonly log = new Logger('S3');
  private readonly client: AwsClient;

  constructor(private readonly settings: S3Settings) {
    super();
    const { accessKeyId, secretAccessKey, region } = settings;
    // The client cannot retry: a stream can be sent only once.
    this.client = new AwsClient({ accessKeyId, secretAccessKey, region, service: 's3', retries: 0 });
  }

  async put(key: string, file: SpooledFile): Promise<void> {
    const response = await this.call('PUT', key, () => ({
      headers: { 'Content-Length': String(file.bytes), 'X-Amz-Content-Sha256': file.sha256.toString('hex') },
      body: Readable.toWeb(createReadStream(file.path)) as NonNullable<RequestInit['body']>,
      duplex: 'half',
    }));
    await response.body?.cancel();
  }

  async get(key: string): Promise<Readable> {
    const { body } = await this.call('GET', key);
    if (body === null) throw new FileMissing(`nothing is stored under ${key}`);
    return Readable.fromWeb(body as ReadableStream);
  }

  async remove(key: string): Promise<void> {
    const response = await this.call('DELETE', key);
    await response.body?.cancel();
  }

  private async call(
    method: keyof typeof TIMEOUT,
    key: string,
    init: () => RequestInit = () => ({}),
  ): Promise<Response> {
    const url = `${this.settings.endpoint}/${encodeURIComponent(this.settings.bucket)}/${checkedKey(key)}`;
    for (let attempt = 1; ; attempt += 1) {
      const answer = await this.once(url, method, init());
      if (answer instanceof Response && answer.ok) return answer;
      if (answer instanceof Response) await answer.body?.cancel();
      const status = answer instanceof Response ? answer.status : undefined;
      if (status === 404 && method === 'GET') throw new FileMissing(`nothing is stored under ${key}`);
      const mayPass = status === undefined || status === 429 || status >= 500;
      if (!mayPass || attempt === TRIES) {
        this.log.error(
          `${method} failed after ${attempt} attempts: ${answer instanceof Error ? answer.message : status}`,
        );
        throw new StorageUnavailable();
      }
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 200 * 2 ** attempt));
    }
  }

  /** Returns the response, or the error. */
  private async once(url: string, method: keyof typeof TIMEOUT, init: RequestInit): Promise<Response | Error> {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), TIMEOUT[method]);
    try {
      return await this.client.fetch(url, { ...init, method, signal: abort.signal });
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    } finally {
      clearTimeout(timer);
    }
  }
}
