import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { KmsConfig } from '#libs/runtime';
import { isSigned, sha256 } from './aws-signature.js';

export interface TestKms {
  /** The settings of its clients. */
  readonly settings: KmsConfig;
  /** Makes the next requests fail. */
  fail(next: ReadonlyArray<number | 'hang up'>): void;
  /** Returns the number of requests so far. */
  calls(): number;
  close(): Promise<void>;
}

type Answer = readonly [status: number, body: object];

const refused = (status: number, type: string): Answer => [
  status,
  { __type: `com.amazonaws.kms#${type}`, message: 'no' },
];
const FAULTS: Readonly<Record<number, string>> = { 403: 'AccessDeniedException', 429: 'ThrottlingException' };

/**
 * Starts a KMS over HTTP with one key, as described by https://docs.aws.amazon.com/kms/latest/APIReference/API_Encrypt.html. It verifies
 * signatures, and binds the encryption context into ciphertexts.
 */
export async function startKms(): Promise<TestKms> {
  const key = randomBytes(32);
  const login = { region: 'eu-test-1', accessKeyId: 'test-access-key', secretAccessKey: 'test-secret-key' };
  let faults: Array<number | 'hang up'> = [];
  let calls = 0;

  const contextOf = (asked: Asked) => Buffer.from(JSON.stringify(asked.EncryptionContext ?? {}));
  function encrypt(asked: Asked): Answer {
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: 16 }).setAAD(contextOf(asked));
    const body = Buffer.concat([cipher.update(asked.Plaintext ?? '', 'base64'), cipher.final()]);
    const blob = Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64');
    return [200, { CiphertextBlob: blob, KeyId: asked.KeyId, EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' }];
  }
  function decrypt(asked: Asked): Answer {
    const blob = Buffer.from(asked.CiphertextBlob ?? '', 'base64');
    try {
      const decipher = createDecipheriv('aes-256-gcm', key, blob.subarray(0, 12), { authTagLength: 16 });
      decipher.setAAD(contextOf(asked)).setAuthTag(blob.subarray(12, 28));
      const plaintext = Buffer.concat([decipher.update(blob.subarray(28)), decipher.final()]);
      return [200, { Plaintext: plaintext.toString('base64'), KeyId: asked.KeyId }];
    } catch {
      return refused(400, 'InvalidCiphertextException');
    }
  }
  function answerTo(request: IncomingMessage, body: Buffer): Answer {
    if (!isSigned(request, sha256(body), { ...login, service: 'kms' }, ['x-amz-target'])) {
      return refused(400, 'InvalidSignatureException');
    }
    const asked = JSON.parse(body.toString('utf8')) as Asked;
    if (asked.KeyId !== 'alias/starwall') return refused(400, 'NotFoundException');
    const action = request.headers['x-amz-target'];
    if (action === 'TrentService.Encrypt') return encrypt(asked);
    return action === 'TrentService.Decrypt' ? decrypt(asked) : refused(400, 'UnknownOperationException');
  }

  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      calls += 1;
      const fault = faults.shift();
      if (fault === 'hang up') return request.socket.destroy();
      const [status, said] =
        fault === undefined ? answerTo(request, body) : refused(fault, FAULTS[fault] ?? 'KMSInternalException');
      return response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(said));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return {
    settings: { ...login, endpoint, keyId: 'alias/starwall', sessionToken: undefined },
    fail: (next) => {
      faults = [...next];
    },
    calls: () => calls,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Asked {
  readonly KeyId?: string;
  readonly Plaintext?: string;
  readonly CiphertextBlob?: string;
  readonly EncryptionContext?: object;
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
